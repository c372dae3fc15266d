#pragma once

#include "config/config.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tracking::config {

/// The dsn with each password in it (of a URI's user, `password=`, `sslpassword=`) replaced by
/// asterisks. Nothing where it is neither a URI nor `name=value` pairs as libpq reads them.
std::optional<std::string> mask_passwords(std::string_view dsn);

/// A valid dsn that carries a password.
bool holds_password(std::string_view dsn);

/// The dsn with one more libpq parameter, which wins over an earlier one of that name.
std::string with_parameter(std::string const& dsn, std::string_view name, std::string_view value);

/// What to give to libpq: the dsn with the password from the password file. Holds the secret.
std::string connection_string(Database const& database);

}  // namespace tracking::config
