#include "config/notation/web_address.hpp"

#include <fmt/format.h>
#include <boost/url.hpp>

#include <utility>

namespace tracking::config {

namespace urls = boost::urls;

namespace {

std::uint16_t usual_port(bool is_encrypted)
{
    return is_encrypted ? 443 : 80;
}

/// As in a URL.
std::string in_brackets(std::string const& host)
{
    return host.find(':') == host.npos ? host : fmt::format("[{}]", host);
}

}  // namespace

std::string WebAddress::authority() const
{
    auto const name = in_brackets(host);
    return port == usual_port(is_encrypted) ? name : fmt::format("{}:{}", name, port);
}

std::string WebAddress::shown() const
{
    return fmt::format("{}://{}:{}{}", is_encrypted ? "https" : "http", in_brackets(host), port,
                       path);
}

std::optional<WebTarget> parse_web_target(std::string_view url)
{
    auto const parsed = urls::parse_uri(boost::core::string_view{url.data(), url.size()});
    if (parsed.has_error())
        return std::nullopt;
    auto const& parts = *parsed;
    bool const is_encrypted = parts.scheme_id() == urls::scheme::https;
    bool const is_web = is_encrypted || parts.scheme_id() == urls::scheme::http;
    bool const has_port = parts.has_port() && !parts.port().empty();
    std::string path{parts.encoded_path()};
    // The library takes "host:x" for a host, an empty port, and the path "x".
    bool const is_path = path.empty() || path.front() == '/';
    if (!is_web || !is_path || parts.host_address().empty() || parts.has_fragment() ||
        (has_port && parts.port_number() == 0))
        return std::nullopt;
    if (path.empty())
        path.assign(1, '/');
    return WebTarget{
        .server = {.is_encrypted = is_encrypted,
                   .host = parts.host_address(),
                   .port = has_port ? parts.port_number()
                                    : static_cast<std::uint16_t>(is_encrypted ? 443 : 80),
                   .path = {},
                   .user = parts.user(),
                   .password = parts.password()},
        .target = parts.has_query() ? fmt::format("{}?{}", path, std::string{parts.encoded_query()})
                                    : path};
}

std::optional<WebAddress> parse_web_address(std::string_view url)
{
    auto found = parse_web_target(url);
    if (!found || found->target.find('?') != std::string::npos)
        return std::nullopt;
    auto address = std::move(found->server);
    address.path = std::move(found->target);
    while (address.path.ends_with('/'))
        address.path.pop_back();
    return address;
}

std::string mask_userinfo(std::string_view url)
{
    std::string shown{url};
    // This holds for invalid URLs too: their password must not be shown either.
    auto const start = url.find("://");
    auto const at = url.rfind('@');
    if (start == url.npos || at == url.npos || at < start)
        return shown;
    auto const colon = url.find(':', start + 3);
    if (colon < at)
        shown.replace(colon + 1, at - colon - 1, "********");
    return shown;
}

}  // namespace tracking::config
