#include "config/notation/dsn.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <memory>

namespace tracking::config {
namespace {

using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

/// An '@' in a URI ends its user and password, and must stand before the first '/'. libpq takes any
/// other '@' for a part of a host or a database name. That part then holds a piece of a password
/// that nobody encoded. Such a URI cannot work and must not be shown.
bool has_stray_at(std::string_view dsn)
{
    auto const scheme = dsn.find("://");
    if (scheme == dsn.npos || !dsn.starts_with("postgres"))
        return false;
    auto rest = dsn.substr(scheme + 3);
    auto const credentials = rest.substr(0, rest.find('/')).find('@');
    if (credentials != rest.npos)
        rest.remove_prefix(credentials + 1);
    return rest.substr(0, rest.find('?')).find('@') != rest.npos;
}

/// Nothing where libpq cannot read it. The reason is not asked for: it may repeat a password.
Options parsed(std::string const& dsn)
{
    bool const readable = dsn.find('\0') == dsn.npos && !has_stray_at(dsn);
    return {readable ? PQconninfoParse(dsn.c_str(), nullptr) : nullptr, &PQconninfoFree};
}

std::string quoted(std::string_view value)
{
    if (!value.empty() && value.find_first_of(" \t\n\r\f\v'\\") == value.npos)
        return std::string{value};
    std::string text = "'";
    for (auto const byte : value) {
        if (byte == '\'' || byte == '\\')
            text += '\\';
        text += byte;
    }
    return text + "'";
}

}  // namespace

std::optional<std::string> mask_passwords(std::string const& dsn)
{
    auto const options = parsed(dsn);
    if (!options)
        return std::nullopt;
    std::string shown;
    bool masked = false;
    for (auto const* option = options.get(); option->keyword; ++option) {
        if (!option->val)
            continue;
        // libpq marks what it would hide in a dialog.
        bool const secret = std::string_view{option->dispchar} == "*";
        masked |= secret;
        shown += fmt::format("{}{}={}", shown.empty() ? "" : " ", option->keyword,
                             secret ? "********" : quoted(option->val));
    }
    return masked ? shown : dsn;
}

bool holds_password(std::string const& dsn)
{
    auto const masked = mask_passwords(dsn);
    return masked && *masked != dsn;
}

}  // namespace tracking::config
