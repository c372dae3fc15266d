#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tracking::config {

/// The dsn with each password in it (of a URI's user, `password=`, `sslpassword=`) replaced by
/// asterisks. Nothing where it is neither a URI nor `name=value` pairs as libpq reads them.
std::optional<std::string> mask_passwords(std::string_view dsn);

/// A valid dsn that carries a password.
bool holds_password(std::string_view dsn);

}  // namespace tracking::config
