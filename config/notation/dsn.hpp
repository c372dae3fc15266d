#pragma once

#include <optional>
#include <string>

namespace tracking::config {

/// The dsn as it may be shown. Without a password it stays as written. Else it becomes `name=value`
/// pairs with asterisks in place of each password. Nothing where libpq cannot read it.
std::optional<std::string> mask_passwords(std::string const& dsn);

/// Whether the dsn is valid and carries a password.
bool holds_password(std::string const& dsn);

}  // namespace tracking::config
