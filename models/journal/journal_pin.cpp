#include "models/journal/latest_pin.hpp"

namespace tracking::models {

namespace {

constexpr char const* kInsertPin = R"sql(
    INSERT INTO customer_reconcile.pin (number, tenant, name, instead_of, pinned_by)
    SELECT COALESCE(max(p.number), 0) + 1, $1::uuid, $2::text, $3::uuid, $4::text
      FROM customer_reconcile.pin p
)sql";

constexpr char const* kOwnersOfRuns = R"sql(
    SELECT r.tenant
      FROM customer_reconcile.run r
     GROUP BY r.tenant
     ORDER BY r.tenant
)sql";

}  // namespace

Pin pin_in(pg::Rows::Row const& row, int first)
{
    return {.tenant = pg::id<TenantId>(row[first]),
            .name = std::string{pg::text(row[first + 1])},
            .instead_of = pg::if_there(row[first + 2], pg::id<TenantId>)};
}

std::optional<Pin> pin_of(Transaction& tx)
{
    auto const rows = pg::exec(tx, std::string{kLatestPin});
    return rows.empty() ? std::nullopt : std::optional{pin_in(rows[0], 0)};
}

void set_pin(Transaction& tx, Pin const& pin, std::string const& pinned_by)
{
    pg::exec(tx, kInsertPin,
             {pin.tenant, pin.name,
              pin.instead_of ? std::optional{pin.instead_of->str()} : std::nullopt, pinned_by});
}

std::vector<TenantId> owners_of_runs(Transaction& tx)
{
    return pg::first_column<TenantId>(pg::exec(tx, kOwnersOfRuns));
}

}  // namespace tracking::models
