// ContactModel::unreferenced, apart from the model's everyday work.

#include "models/contact_model.hpp"

#include "models/pg.hpp"
#include "models/references.hpp"

#include <fmt/format.h>

namespace tracking::models {

namespace {

constexpr char const* kLock = R"sql(
    SELECT p.contact_name_id
      FROM {contacts} p
     WHERE p.tenant = $1::uuid
       AND p.contact_name_id = ANY ($2::uuid[])
     ORDER BY p.contact_name_id
       FOR UPDATE
)sql";

constexpr char const* kSelect = R"sql(
    SELECT p.contact_name_id
      FROM {contacts} p
     WHERE p.tenant = $1::uuid
       AND p.contact_name_id = ANY ($2::uuid[])
)sql";

// A column that holds companies' ids never equals a contact's: asking it too does no harm.
constexpr char const* kAndNotReferredToBy = R"sql(
       AND NOT EXISTS (SELECT
                         FROM {0} r
                        WHERE {2}
                          AND r.{1} = p.contact_name_id)
)sql";

}  // namespace

std::vector<ContactId> ContactModel::unreferenced(Transaction& tx,
                                                  std::span<ContactId const> contacts) const
{
    auto const ids = pg::array_of(contacts);
    pg::exec(tx, profile_.fill(kLock), {owner_, ids});
    auto sql = profile_.fill(kSelect);
    for (auto const& referrer : referrers(tx, profile_)) {
        for (auto const& column : referrer.columns)
            sql += fmt::format(kAndNotReferredToBy, referrer.table, column,
                               referrer.has_tenant ? "r.tenant = $1::uuid" : "true");
    }
    return pg::first_column<ContactId>(pg::exec(tx, sql, {owner_, ids}));
}

}  // namespace tracking::models
