#include "job/forms/text_page.hpp"

#include "models/rules/text.hpp"

#include <utf8proc.h>

#include <algorithm>

namespace tracking::job {

namespace {

constexpr char kEscape = '\x1B';
constexpr std::size_t kNarrowest = 40;

/// In columns of a terminal.
std::size_t width_of(char32_t code)
{
    return code < 0x0300 ? 1 : static_cast<std::size_t>(utf8proc_charwidth(static_cast<int>(code)));
}

std::string_view code_of(Tone tone)
{
    switch (tone) {
        case Tone::Plain:
            return "";
        case Tone::Bold:
            return "1";
        case Tone::Dim:
            return "2";
        case Tone::Good:
            return "32";
        case Tone::Caution:
            return "33";
        case Tone::Bad:
            return "1;31";
    }
    return "";
}

/// Takes the next word, with the blanks before it, off `rest`.
std::string_view take_word(std::string_view& rest)
{
    auto const start = std::min(rest.find_first_not_of(' '), rest.size());
    auto const word = rest.substr(0, rest.find(' ', start));
    rest.remove_prefix(word.size());
    return word;
}

}  // namespace

std::size_t display_width(std::string_view text)
{
    std::size_t width = 0;
    while (!text.empty()) {
        if (text.front() == kEscape) {
            text.remove_prefix(std::min(text.find('m'), text.size() - 1) + 1);
            continue;
        }
        auto const character = models::first_character(text);
        width += width_of(character.code);
        text.remove_prefix(character.length);
    }
    return width;
}

TextPage::TextPage(Colors colors, int width)
    : colors_{colors}, width_{std::max(kNarrowest, static_cast<std::size_t>(std::max(width, 0)))}
{}

std::string TextPage::paint(Tone tone, std::string_view text) const
{
    if (colors_ == Colors::Off || tone == Tone::Plain || text.empty())
        return std::string{text};
    std::string painted{kEscape};
    return painted.append("[").append(code_of(tone)).append("m").append(text).append("\x1B[0m");
}

void TextPage::gap()
{
    if (!text_.empty() && !text_.ends_with("\n\n"))
        text_ += '\n';
}

void TextPage::line(std::string_view text)
{
    text_ += text.substr(0, text.find_last_not_of(' ') + 1);
    text_ += '\n';
}

void TextPage::paragraph(std::string_view head, std::string_view text)
{
    auto const indent = display_width(head);
    std::string current{head};
    auto used = indent;
    for (auto rest = text; !rest.empty();) {
        auto word = take_word(rest);
        if (used > indent && used + display_width(word) > width_) {
            line(current);
            current.assign(indent, ' ');
            used = indent;
            word.remove_prefix(std::min(word.find_first_not_of(' '), word.size()));
        }
        current += word;
        used += display_width(word);
    }
    line(current);
}

}  // namespace tracking::job
