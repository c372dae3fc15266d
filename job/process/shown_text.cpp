#include "job/process/shown_text.hpp"

#include "models/rules/json_text.hpp"
#include "models/rules/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace tracking::job {

namespace {

constexpr std::string_view kMask = "***";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::size_t kLongestSentence = 2000;

/// Whether an e-mail address in a sentence ends before this character.
bool is_delimiter(char c)
{
    return static_cast<unsigned char>(c) <= ' ' ||
           std::string_view{"\"<>()[],;:"}.find(c) != std::string_view::npos;
}

/// Whether the text after an @ names a server, as Citus does in `postgres@worker-1:5432` and
/// `postgres@10.0.0.5:5432`. It needs a port, which no e-mail address has. A host name with dots
/// still counts as an e-mail address.
bool is_server(std::string_view text)
{
    auto const host = text.substr(0, text.find(':'));
    auto const port = text.substr(std::min(host.size() + 1, text.size()));
    auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
    auto const digits = std::ranges::find_if_not(port, is_digit) - port.begin();
    if (host.empty() || std::ranges::any_of(host, is_delimiter) || digits < 1 || digits > 5)
        return false;
    auto const after = port.substr(static_cast<std::size_t>(digits));
    return (after.empty() || is_delimiter(after.front())) &&
           (host.find('.') == host.npos ||
            std::ranges::all_of(host, [&](char c) { return is_digit(c) || c == '.'; }));
}

/// The last place where the quoted rows can end: before the SQLSTATE at the end of a failure.
std::size_t end_of_rows(std::string const& text, std::size_t at)
{
    constexpr std::string_view kState = " (SQLSTATE 12345)";
    auto const end = std::min(text.find('\n', at), text.size());
    bool const has_state =
        end - at > kState.size() &&
        std::string_view{text}.substr(end - kState.size()).starts_with(kState.substr(0, 11));
    return has_state ? end - kState.size() : end;
}

/// Masks the rows that the server quotes, with all columns, where a constraint refused them.
void mask_rows(std::string& text)
{
    constexpr std::string_view kQuote = "row contains (";
    for (auto at = text.find(kQuote); at != text.npos; at = text.find(kQuote, at)) {
        at += kQuote.size();
        auto const line = end_of_rows(text, at);
        auto const end = text.rfind(')', line);
        auto const length = end == text.npos || end < at ? line - at : end - at;
        text.replace(at, length, kMask);
    }
}

}  // namespace

std::string mask_addresses(std::string_view text)
{
    std::string masked{text};
    for (auto at = masked.find('@'); at != masked.npos; at = masked.find('@', at + 1)) {
        auto start = at;
        while (start > 0 && !is_delimiter(masked[start - 1]))
            --start;
        if (start == at || at + 1 == masked.size() || is_delimiter(masked[at + 1]) ||
            is_server(std::string_view{masked}.substr(at + 1)))
            continue;
        masked.replace(start, at - start, kMask);
        at = start + kMask.size();
    }
    mask_rows(masked);
    return masked;
}

json::value with_masked_addresses(json::value document)
{
    models::for_each_text(document, [](json::string& text) {
        text = mask_addresses({text.data(), text.size()});
    });
    return document;
}

std::string without_names(std::string_view text)
{
    auto const line = mask_addresses(text.substr(0, text.find('\n')));
    std::string kept;
    for (std::string_view rest = line; !rest.empty();) {
        auto const open = std::min(rest.find('"'), rest.size());
        kept += rest.substr(0, open);
        if (open == rest.size())
            break;
        // A name may hold quotes itself, so mask up to the last quote that can close it.
        auto const close = rest.rfind('"');
        kept.append("\"").append(kMask).append("\"");
        rest.remove_prefix(close == open ? rest.size() : close + 1);
    }
    return kept;
}

std::vector<std::string> sentences(std::string_view text)
{
    std::vector<std::string> lines;
    while (!text.empty()) {
        auto const line = text.substr(0, text.find('\n'));
        if (!models::is_blank(line))
            lines.push_back(models::printable(models::trim(line), kLongestSentence));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
    return lines;
}

std::string sentence(std::string_view text)
{
    return fmt::format("{}", fmt::join(sentences(text), "; "));
}

json::string text(std::string_view bytes)
{
    json::string clean;
    while (!bytes.empty()) {
        auto const [code, length] = models::first_character(bytes);
        clean += code == 0xFFFD ? kReplacement : bytes.substr(0, length);
        bytes.remove_prefix(length);
    }
    return clean;
}

}  // namespace tracking::job
