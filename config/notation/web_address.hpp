#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tracking::config {

/// An http or https URL, taken apart and decoded.
struct WebAddress
{
    bool is_encrypted = false;
    std::string host;  ///< an IPv6 address without its brackets
    std::uint16_t port = 0;
    std::string path;  ///< as in the URL, still encoded, without a '/' at its end
    std::string user;
    std::string password;

    /// Host and port as a request names them: `[::1]:9091`, and `host` with the usual port.
    std::string authority() const;

    /// Without user and password: `https://host:9091/path`.
    std::string shown() const;
    bool operator==(WebAddress const&) const = default;
};

/// Nothing where the text is no http or https URL, or has a query or a fragment.
std::optional<WebAddress> parse_web_address(std::string_view url);

/// A URL to call as it stands.
struct WebTarget
{
    WebAddress server;   ///< without a path
    std::string target;  ///< path and query, encoded: `/services/T0/B0?x=1`

    bool operator==(WebTarget const&) const = default;
};

/// Nothing where the text is no http or https URL, or has a fragment.
std::optional<WebTarget> parse_web_target(std::string_view url);

/// The URL with its password, if there is one, replaced by asterisks.
std::string mask_userinfo(std::string_view url);

}  // namespace tracking::config
