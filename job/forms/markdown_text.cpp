#include "job/forms/markdown_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tracking::job {

namespace {

/// Backticks to enclose the text: more than it has in a row, and at least `least`.
std::string fence_for(std::string_view text, std::size_t least)
{
    std::size_t longest = 0;
    std::size_t run = 0;
    for (auto const byte : text) {
        run = byte == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return std::string(std::max(least, longest + 1), '`');
}

}  // namespace

std::string code(std::string_view text)
{
    auto const fence = fence_for(text, 1);
    bool const needs_blanks =
        text.find_first_of("` ") == 0 || text.find_last_of("` ") + 1 == text.size();
    return fmt::format("{0}{1}{2}{1}{0}", fence, needs_blanks ? " " : "", text);
}

std::string block(std::string_view language, std::string_view text, std::string_view indent)
{
    auto const fence = fence_for(text, 3);
    auto made = fmt::format("{}{}{}\n", indent, fence, language);
    while (!text.empty()) {
        auto const line = text.substr(0, text.find('\n'));
        made.append(indent).append(line) += '\n';
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
    return made.append(indent).append(fence) += '\n';
}

std::string words(std::string_view text)
{
    std::string escaped;
    for (auto const byte : text) {
        if (byte == '<' || byte == '>' || byte == '&')
            escaped += byte == '<' ? "&lt;" : byte == '>' ? "&gt;" : "&amp;";
        else if (std::string_view{"\\`*[]|~"}.find(byte) != std::string_view::npos)
            escaped.append("\\") += byte;
        else
            escaped += byte;
    }
    return escaped;
}

std::string_view sign_of(Tone tone)
{
    switch (tone) {
        case Tone::Good:
            return "✅";
        case Tone::Caution:
            return "⚠️";
        case Tone::Bad:
            return "❌";
        default:
            return "ℹ️";
    }
}

}  // namespace tracking::job
