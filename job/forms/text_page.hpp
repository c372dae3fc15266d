#pragma once

#include "job/document/tone.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace tracking::job {

enum class Colors
{
    Off,
    On
};

/// The columns that a text takes on a terminal. Wide characters take two; combining characters and
/// our own colours take none. Approximates wcwidth() without a locale.
std::size_t display_width(std::string_view text);

/// Lines of text for a terminal or a log, wrapped at blanks, without trailing blanks.
class TextPage
{
public:
    TextPage(Colors colors, int width);

    /// The text in the colour of the tone; without colours, as it is.
    std::string paint(Tone tone, std::string_view text) const;

    /// Whether the text fits on one line.
    bool fits(std::string_view text) const { return display_width(text) <= width_; }

    /// Ends the paragraph; two in a row make one empty line.
    void gap();

    /// Adds a line as it is, without wrapping.
    void line(std::string_view text);

    /// Adds `head`, then `text`. The further lines of `text` are indented to its first one.
    void paragraph(std::string_view head, std::string_view text);

    std::string take() && { return std::move(text_); }

private:
    Colors colors_;
    std::size_t width_;
    std::string text_;
};

}  // namespace tracking::job
