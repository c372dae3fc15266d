#pragma once

// The statement that finds the pin, alone or as a part of another one. Only models/journal/
// includes this file.

#include "models/journal/journal_pin.hpp"
#include "models/pg/pg.hpp"

#include <string_view>

namespace tracking::models {

/// Finds the pin that holds now. Its columns are the members of Pin.
inline constexpr std::string_view kLatestPin = R"sql(
    SELECT p.tenant, p.name, p.instead_of
      FROM customer_reconcile.pin p
     ORDER BY p.number DESC
     LIMIT 1
)sql";

/// The pin in the columns of kLatestPin, which begin at `first`.
Pin pin_in(pg::Rows::Row const& row, int first);

}  // namespace tracking::models
