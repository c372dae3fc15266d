#include "models/looks/looks.hpp"

#include "models/rules/text.hpp"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <vector>

namespace tracking::models {

namespace {

enum class Case
{
    Kept,
    Folded
};

bool is_ascii(std::string_view text)
{
    return std::ranges::all_of(text, [](char byte) { return static_cast<signed char>(byte) >= 0; });
}

/// NFKC without the characters that have no width. Broken text stays as it is.
std::string normal_form(std::string_view text, Case letters)
{
    if (is_ascii(text))
        return letters == Case::Folded ? to_lower_ascii(text) : std::string{text};
    int options = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_IGNORE;
    if (letters == Case::Folded)
        options |= UTF8PROC_CASEFOLD;
    utf8proc_uint8_t* made = nullptr;
    auto const length = utf8proc_map(reinterpret_cast<utf8proc_uint8_t const*>(text.data()),
                                     static_cast<utf8proc_ssize_t>(text.size()), &made,
                                     static_cast<utf8proc_option_t>(options));
    std::unique_ptr<utf8proc_uint8_t, void (*)(void*)> const owner{made, std::free};
    if (length < 0)
        return std::string{text};
    return {reinterpret_cast<char const*>(made), static_cast<std::size_t>(length)};
}

std::string with_single_blanks(std::string_view text)
{
    std::string folded;
    folded.reserve(text.size());
    text = trim(text);
    while (!text.empty()) {
        auto const [code, length] = first_character(text);
        if (!is_white_space(code))
            folded.append(text.substr(0, length));
        else if (!folded.ends_with(' '))
            folded += ' ';
        text.remove_prefix(length);
    }
    return folded;
}

std::vector<char32_t> code_points_of(std::string_view text)
{
    std::vector<char32_t> codes;
    while (!text.empty()) {
        auto const [code, length] = first_character(text);
        codes.push_back(code);
        text.remove_prefix(length);
    }
    return codes;
}

template <class Iterator>
std::string spelled_out(Iterator first, Iterator last)
{
    constexpr std::ptrdiff_t kShown = 8;
    std::string words;
    for (auto at = first; at != last && at - first < kShown; ++at)
        words += fmt::format("{}U+{:04X}", words.empty() ? "" : " ", static_cast<unsigned>(*at));
    if (last - first > kShown)
        words += " ...";
    return words.empty() ? "nothing" : words;
}

}  // namespace

std::string look_of(std::string_view text)
{
    return with_single_blanks(normal_form(text, Case::Folded));
}

bool look_the_same(std::string_view one, std::string_view other)
{
    return with_single_blanks(normal_form(one, Case::Kept)) ==
           with_single_blanks(normal_form(other, Case::Kept));
}

CodePoints difference_between(std::string_view one, std::string_view other)
{
    auto const a = code_points_of(one);
    auto const b = code_points_of(other);
    auto const [first_a, first_b] = std::ranges::mismatch(a, b);
    auto last_a = a.end();
    auto last_b = b.end();
    while (last_a != first_a && last_b != first_b && *(last_a - 1) == *(last_b - 1)) {
        --last_a;
        --last_b;
    }
    return {spelled_out(first_a, last_a), spelled_out(first_b, last_b)};
}

}  // namespace tracking::models
