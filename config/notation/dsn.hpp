#pragma once

#include <optional>
#include <string>

namespace tracking::config {

/// The dsn as it may be shown: as written where no password is in it, else as `name=value` pairs
/// with asterisks in place of each. Nothing where libpq cannot read it.
std::optional<std::string> mask_passwords(std::string const& dsn);

/// A valid dsn that carries a password.
bool holds_password(std::string const& dsn);

}  // namespace tracking::config
