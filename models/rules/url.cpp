#include "models/rules/url.hpp"

#include <arpa/inet.h>
#include <idn2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include "models/rules/text.hpp"

// Boost.URL is no help here: it follows RFC 3986 strictly. It refuses what browsers and the
// platform's other programs take, such as blanks in a path or `münchen.example`.

namespace tracking::models {
namespace {

using Host = std::optional<std::string>;

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";
constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

bool has_only(std::string_view allowed, std::string_view text)
{
    return text.find_first_not_of(allowed) == text.npos;
}

/// The first step of the WHATWG parser: no control characters or blanks around, no tabs or
/// newlines.
std::string cleaned(std::string_view text)
{
    auto const is_stripped = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
    auto const begin = std::find_if_not(text.begin(), text.end(), is_stripped);
    auto const end = std::find_if_not(text.rbegin(), text.rend(), is_stripped).base();
    std::string clean;
    std::copy_if(begin, std::max(begin, end), std::back_inserter(clean),
                 [](char c) { return c != '\t' && c != '\n' && c != '\r'; });
    return clean;
}

/// The text before the first colon, if it is a scheme; else empty.
std::string_view scheme_of(std::string_view url)
{
    auto const scheme = url.substr(0, url.find(':'));
    if (scheme.empty() || scheme.size() == url.size() || !has_only(kLetters, scheme.substr(0, 1)))
        return {};
    static auto const allowed = std::string{kLetters}.append(kDigits).append("+-.");
    return has_only(allowed, scheme) ? scheme : std::string_view{};
}

/// Whether the scheme always has a host, however many slashes stand before it.
bool requires_host(std::string_view scheme)
{
    constexpr std::array<std::string_view, 5> kSchemes{"http", "https", "ws", "wss", "ftp"};
    return std::ranges::find(kSchemes, to_lower_ascii(scheme)) != kSchemes.end();
}

std::string percent_decoded(std::string_view text)
{
    std::string decoded;
    while (!text.empty()) {
        unsigned char byte = static_cast<unsigned char>(text.front());
        auto const digits = text.substr(1, 2);
        auto const is_escape = byte == '%' && digits.size() == 2 && has_only(kHexDigits, digits);
        if (is_escape)
            std::from_chars(digits.begin(), digits.end(), byte, 16);
        decoded += static_cast<char>(byte);
        text.remove_prefix(is_escape ? 3 : 1);
    }
    return decoded;
}

/// UTS 46, not transitional, in the way of WHATWG's "domain to ASCII".
Host to_punycode(std::string const& domain)
{
    char* ascii = nullptr;
    auto const status =
        idn2_to_ascii_8z(domain.c_str(), &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    std::unique_ptr<char, void (*)(void*)> const owner{ascii, idn2_free};
    return status == IDN2_OK ? Host{ascii} : std::nullopt;
}

bool has_forbidden_character(std::string_view host)
{
    return std::ranges::any_of(host, [](char c) {
        constexpr std::string_view kForbidden = "#/:<>?@[\\]^|%\x7F";
        return static_cast<unsigned char>(c) <= ' ' || kForbidden.find(c) != kForbidden.npos;
    });
}

/// Whether the last label is a number. Such a host is an IPv4 address or not valid.
bool ends_in_number(std::string_view host)
{
    auto const label = host.substr(host.rfind('.') + 1);
    auto const is_hex = label.starts_with("0x");
    return !label.empty() && has_only(is_hex ? kHexDigits : kDigits, label.substr(is_hex ? 2 : 0));
}

/// inet_aton() takes the same short, octal and hexadecimal forms as browsers do.
Host ipv4_host(std::string const& text)
{
    in_addr address{};
    char dotted[INET_ADDRSTRLEN];
    if (inet_aton(text.c_str(), &address) == 0)
        return std::nullopt;
    return inet_ntop(AF_INET, &address, dotted, sizeof dotted);
}

Host ipv6_host(std::string const& text)
{
    in6_addr address{};
    char shortest[INET6_ADDRSTRLEN];
    if (inet_pton(AF_INET6, text.c_str(), &address) != 1)
        return std::nullopt;
    return std::string{"["} + inet_ntop(AF_INET6, &address, shortest, sizeof shortest) + "]";
}

Host domain_host(std::string_view text)
{
    auto const decoded = percent_decoded(text);
    // Checked before and after the conversion: libidn2 would stop at a NUL, and full-width signs
    // become ASCII ones.
    if (decoded.empty() || has_forbidden_character(decoded))
        return std::nullopt;
    auto const is_ascii = std::ranges::all_of(decoded, [](char c) { return (c & 0x80) == 0; });
    auto const host = is_ascii ? Host{to_lower_ascii(decoded)} : to_punycode(decoded);
    if (!host || host->empty() || has_forbidden_character(*host))
        return std::nullopt;
    auto const bare = host->ends_with('.') ? host->substr(0, host->size() - 1) : *host;
    return ends_in_number(bare) ? ipv4_host(bare) : host;
}

bool is_port_or_nothing(std::string_view text)
{
    if (text.empty() || text == ":")
        return true;
    unsigned port = 0;
    auto const digits = text.substr(1);
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    return text.front() == ':' && error == std::errc{} && end == text.data() + text.size() &&
           port <= 65535;
}

/// The host in `user:password@host:port`.
Host authority_host(std::string_view authority)
{
    authority.remove_prefix(authority.rfind('@') + 1);
    if (!authority.starts_with('[')) {
        auto const colon = std::min(authority.find(':'), authority.size());
        return is_port_or_nothing(authority.substr(colon)) ? domain_host(authority.substr(0, colon))
                                                           : std::nullopt;
    }
    auto const bracket = authority.find(']');
    if (bracket == authority.npos || !is_port_or_nothing(authority.substr(bracket + 1)))
        return std::nullopt;
    return ipv6_host(std::string{authority.substr(1, bracket - 1)});
}

/// None where the text is no URL; empty where its scheme needs no host.
Host parsed_host(std::string_view url)
{
    auto const scheme = scheme_of(url);
    if (scheme.empty())
        return std::nullopt;
    auto rest = url.substr(scheme.size() + 1);
    if (requires_host(scheme)) {
        rest.remove_prefix(std::min(rest.find_first_not_of("/\\"), rest.size()));
        return authority_host(rest.substr(0, rest.find_first_of("/\\?#")));
    }
    if (!rest.starts_with("//"))
        return "";
    rest.remove_prefix(2);
    auto const authority = rest.substr(0, rest.find_first_of("/?#"));
    return authority.empty() ? Host{""} : authority_host(authority);
}

}  // namespace

bool is_valid_url(std::string_view text)
{
    return parsed_host(cleaned(text)).has_value();
}

std::optional<std::string> domain_of(std::string_view url)
{
    auto text = cleaned(url);
    auto const scheme = scheme_of(text);
    if (scheme.empty() || !text.substr(scheme.size()).starts_with("://"))
        text.insert(0, "https://");
    auto host = parsed_host(text);
    if (host && host->starts_with("www."))
        host->erase(0, 4);
    return host && !host->empty() ? host : std::nullopt;
}

}  // namespace tracking::models
