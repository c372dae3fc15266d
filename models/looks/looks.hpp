#pragma once

#include <string>
#include <string_view>

namespace tracking::models {

/// What a reader takes in of a text: Unicode's NFKC with folded case, runs of blanks as one blank
/// and none at the ends, nothing that has no width. Texts that look alike have the same look.
std::string look_of(std::string_view text);

/// Whether a reader sees no difference at all, not even of capitals.
bool look_the_same(std::string_view one, std::string_view other);

/// In what two texts differ, as code points: `U+0065 U+0301`, or `nothing`. Long differences are
/// cut.
struct CodePoints
{
    std::string of_one;
    std::string of_other;
};

CodePoints difference_between(std::string_view one, std::string_view other);

}  // namespace tracking::models
