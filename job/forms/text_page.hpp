#pragma once

#include "job/report/tone.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace tracking::job {

enum class Colors
{
    Off,
    On
};

/// Columns that the text takes on a terminal: wide characters take two, combining ones and our own
/// colours none. An approximation of wcwidth() that needs no locale.
std::size_t display_width(std::string_view text);

/// Lines of text for a terminal or a log, wrapped at blanks, without trailing blanks.
class TextPage
{
public:
    TextPage(Colors colors, int width);

    /// The text in the tone's colour, or as it is.
    std::string paint(Tone tone, std::string_view text) const;

    /// Ends the paragraph; two in a row make one empty line.
    void gap();

    /// A line that is left as it is.
    void line(std::string_view text);

    /// `head`, then `text`, whose further lines stand under its first one.
    void paragraph(std::string_view head, std::string_view text);

    std::string take() && { return std::move(text_); }

private:
    Colors colors_;
    std::size_t width_;
    std::string text_;
};

}  // namespace tracking::job
