#pragma once

namespace tracking::job {

/// What a piece of text is to the reader. Nothing is said by a tone alone.
enum class Tone
{
    Plain,
    Bold,
    Dim,
    Good,
    Caution,
    Bad
};

}  // namespace tracking::job
