#include "config/notation/dsn.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tracking::config {
namespace {

constexpr std::string_view kMask = "********";
constexpr std::string_view kBlanks = " \t\n\r\f\v";

bool is_uri(std::string_view dsn)
{
    return dsn.starts_with("postgresql://") || dsn.starts_with("postgres://");
}

bool is_secret(std::string_view parameter)
{
    return parameter == "password" || parameter == "sslpassword";
}

/// The '@' that ends a URI's user and password. libpq looks for it before the first '/'; a password
/// with a '/' that nobody encoded is no valid URI, but must not be shown either.
std::size_t end_of_credentials(std::string_view uri, std::size_t start)
{
    auto const strict = uri.substr(0, uri.find('/', start)).rfind('@');
    return strict != uri.npos ? strict : uri.substr(0, uri.find('?', start)).rfind('@');
}

std::string mask_query(std::string_view query)
{
    std::string shown;
    while (!query.empty()) {
        auto const end = std::min(query.find('&', 1), query.size());
        auto const parameter = query.substr(0, end);
        auto const equals = std::min(parameter.find('='), parameter.size());
        if (is_secret(parameter.substr(1, equals - 1)))
            shown += fmt::format("{}={}", parameter.substr(0, equals), kMask);
        else
            shown += parameter;
        query.remove_prefix(end);
    }
    return shown;
}

std::string mask_uri(std::string_view uri)
{
    auto const start = uri.find("://") + 3;
    auto const at = end_of_credentials(uri, start);
    auto const colon = uri.find(':', start);
    auto const query = std::min(uri.find('?', at == uri.npos ? start : at), uri.size());
    std::string shown{uri.substr(0, query)};
    if (at != uri.npos && colon < at)
        shown.replace(colon + 1, at - colon - 1, kMask);
    return shown + mask_query(uri.substr(query));
}

/// Where the value that starts here ends, quotes included; npos: its closing quote is missing.
std::size_t end_of_value(std::string_view pairs, std::size_t at)
{
    bool const quoted = at < pairs.size() && pairs[at] == '\'';
    for (at += quoted ? 1 : 0; at < pairs.size(); ++at) {
        if (pairs[at] == '\\')
            ++at;
        else if (quoted && pairs[at] == '\'')
            return at + 1;
        else if (!quoted && kBlanks.find(pairs[at]) != kBlanks.npos)
            return at;
    }
    return quoted ? pairs.npos : pairs.size();
}

std::optional<std::string> mask_pairs(std::string_view pairs)
{
    auto const skip_blanks = [&](std::size_t from) {
        return std::min(pairs.find_first_not_of(kBlanks, from), pairs.size());
    };
    std::string shown;
    std::size_t copied = 0;
    for (auto at = skip_blanks(0); at < pairs.size(); at = skip_blanks(copied)) {
        auto const name_end = std::min(pairs.find_first_of(" \t\n\r\f\v=", at), pairs.size());
        auto const name = pairs.substr(at, name_end - at);
        auto const equals = skip_blanks(name_end);
        if (name.empty() || equals == pairs.size() || pairs[equals] != '=')
            return std::nullopt;
        auto const value = skip_blanks(equals + 1);
        auto const end = end_of_value(pairs, value);
        if (end == pairs.npos)
            return std::nullopt;
        shown += pairs.substr(copied, value - copied);
        shown += is_secret(name) ? kMask : pairs.substr(value, end - value);
        copied = end;
    }
    return shown.append(pairs.substr(copied));
}

}  // namespace

std::optional<std::string> mask_passwords(std::string_view dsn)
{
    return is_uri(dsn) ? mask_uri(dsn) : mask_pairs(dsn);
}

bool holds_password(std::string_view dsn)
{
    auto const masked = mask_passwords(dsn);
    return masked && *masked != dsn;
}

}  // namespace tracking::config
