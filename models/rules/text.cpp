#include "models/rules/text.hpp"

#include <locale.h>
#include <wctype.h>

#include <fmt/format.h>
#include <boost/locale/utf.hpp>

#include <algorithm>
#include <iterator>

namespace tracking::models {
namespace {

using Utf8 = boost::locale::utf::utf_traits<char>;
using Utf16 = boost::locale::utf::utf_traits<char16_t>;

constexpr char32_t kBroken = 0xFFFD;

char32_t to_lower(char32_t code)
{
    static locale_t const utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    if (code < 0x80 || utf8 == nullptr)
        return code >= 'A' && code <= 'Z' ? code + 0x20 : code;
    return static_cast<char32_t>(towlower_l(static_cast<wint_t>(code), utf8));
}

/// Whether the character moves the cursor, breaks the line, or turns the direction of what follows.
bool disturbs_a_line(char32_t code)
{
    auto const between = [code](char32_t low, char32_t high) {
        return code >= low && code <= high;
    };
    return code < 0x20 || between(0x7F, 0x9F) || between(0x200E, 0x200F) ||
           between(0x2028, 0x202E) || between(0x2066, 0x2069) || code == 0x061C;
}

/// Whether the byte is no blank, no upper-case letter and no part of a longer character.
bool is_plain(char byte)
{
    return byte > ' ' && byte < 0x7F && !(byte >= 'A' && byte <= 'Z');
}

std::string printable_character(Character character, std::string_view bytes)
{
    if (character.code == kBroken && character.length == 1)
        return fmt::format("\\x{:02X}", static_cast<unsigned char>(bytes.front()));
    if (!disturbs_a_line(character.code))
        return std::string{bytes};
    return fmt::format("\\u{:04X}", static_cast<unsigned>(character.code));
}

}  // namespace

Character first_character(std::string_view text)
{
    auto end = text.begin();
    auto const code = Utf8::decode(end, text.end());
    if (!boost::locale::utf::is_valid_codepoint(code))
        return {kBroken, 1};
    return {code, static_cast<std::size_t>(end - text.begin())};
}

bool is_white_space(char32_t code)
{
    return (code >= '\t' && code <= '\r') || code == ' ' || code == 0xA0 || code == 0x1680 ||
           (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 ||
           code == 0x202F || code == 0x205F || code == 0x3000 || code == 0xFEFF;
}

std::string_view trim(std::string_view text)
{
    auto begin = text.size();
    std::size_t end = 0;
    for (std::size_t at = 0; at < text.size();) {
        auto const character = first_character(text.substr(at));
        if (!is_white_space(character.code)) {
            begin = std::min(begin, at);
            end = at + character.length;
        }
        at += character.length;
    }
    return end == 0 ? std::string_view{} : text.substr(begin, end - begin);
}

std::string_view trim_ascii(std::string_view text)
{
    constexpr std::string_view kBlanks = " \t\n\v\f\r";
    auto const first = text.find_first_not_of(kBlanks);
    return first == text.npos ? std::string_view{}
                              : text.substr(first, text.find_last_not_of(kBlanks) + 1 - first);
}

bool is_utf8(std::string_view text)
{
    while (!text.empty()) {
        auto const [code, length] = first_character(text);
        if (code == 0xFFFD && length == 1)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

bool is_blank(std::string_view text)
{
    return trim(text).empty();
}

std::optional<std::string> null_if_empty(std::string_view text)
{
    return text.empty() ? std::nullopt : std::optional<std::string>{text};
}

std::u16string to_utf16(std::string_view text)
{
    std::u16string units;
    for (; !text.empty(); text.remove_prefix(first_character(text).length))
        Utf16::encode(first_character(text).code, std::back_inserter(units));
    return units;
}

std::size_t utf16_length(std::string_view text)
{
    return to_utf16(text).size();
}

std::string to_lower_ascii(std::string_view text)
{
    std::string lower{text};
    for (auto& byte : lower)
        byte = byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + ('a' - 'A')) : byte;
    return lower;
}

std::string normalize_email(std::string_view text)
{
    if (std::ranges::all_of(text, is_plain))
        return std::string{text};  // most texts are plain, and every row that is read has one
    std::string normal;
    for (auto rest = trim(text); !rest.empty();) {
        auto const character = first_character(rest);
        auto const lower = to_lower(character.code);
        if (lower == character.code) {
            normal += rest.substr(0, character.length);
        } else {
            Utf8::encode(lower, std::back_inserter(normal));
        }
        rest.remove_prefix(character.length);
    }
    return normal;
}

std::string printable(std::string_view text, std::size_t limit)
{
    std::string shown;
    for (std::size_t count = 0; !text.empty(); ++count) {
        if (count == limit)
            return shown + "…";
        auto const character = first_character(text);
        shown += printable_character(character, text.substr(0, character.length));
        text.remove_prefix(character.length);
    }
    return shown;
}

}  // namespace tracking::models
