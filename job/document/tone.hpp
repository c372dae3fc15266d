#pragma once

namespace tracking::job {

/// How a piece of text is to look. The words say everything that the tone says.
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
