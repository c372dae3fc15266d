// CompanyModel::remove, apart from the model's everyday work: what is deleted is gone, so this
// looks at everything that could go with it.

#include "models/company_model.hpp"

#include "models/pg.hpp"
#include "models/references.hpp"

#include <fmt/format.h>

namespace tracking::models {

namespace {

// Against these locks a row that refers to the company waits, so that what is seen below holds.
constexpr char const* kLockForDelete = R"sql(
    SELECT c.{company_id}
      FROM {companies} c
     WHERE c.tenant = $1::uuid
       AND c.{company_id} = ANY ($2::uuid[])
     ORDER BY c.{company_id}
       FOR UPDATE
)sql";

// Contacts and mappings are asked for by name: a foreign key of theirs may be missing.
constexpr char const* kSelectUnreferenced = R"sql(
    SELECT c.{company_id}
      FROM {companies} c
     WHERE c.tenant = $1::uuid
       AND c.{company_id} = ANY ($2::uuid[])
       AND NOT EXISTS (SELECT
                         FROM contacts p
                        WHERE p.tenant = $1::uuid
                          AND p.{company_id} = c.{company_id})
       AND NOT EXISTS (SELECT
                         FROM tag_mappings m
                        WHERE m.tenant = $1::uuid
                          AND m.tagged_id = c.{company_id}
                          AND m.tagged_type = '{tagged_type}')
)sql";

constexpr char const* kAndNotReferredToBy = R"sql(
       AND NOT EXISTS (SELECT
                         FROM {0} r
                        WHERE {2}
                          AND r.{1} = c.{{company_id}})
)sql";

constexpr char const* kAndOnlyDefaultProfile = R"sql(
       AND NOT EXISTS (SELECT
                         FROM client_billing_profiles r
                        WHERE r.tenant = $1::uuid
                          AND r.client_id = c.client_id
                          AND NOT (r.is_default AND r.is_system_managed_default))
)sql";

constexpr char const* kDeleteProfiles = R"sql(
    DELETE FROM client_billing_profiles
     WHERE tenant = $1::uuid
       AND client_id = ANY ($2::uuid[])
)sql";

constexpr char const* kDelete = R"sql(
    DELETE FROM {companies} c
     WHERE c.tenant = $1::uuid
       AND c.{company_id} = ANY ($2::uuid[])
    RETURNING c.{company_id}
)sql";

std::string select_unreferenced(Transaction& tx, SchemaProfile const& profile)
{
    std::string sql = kSelectUnreferenced;
    for (auto const& referrer : referrers(tx, profile)) {
        for (auto const& column : referrer.columns)
            sql += fmt::format(kAndNotReferredToBy, referrer.table, column,
                               referrer.has_tenant ? "r.tenant = $1::uuid" : "true");
    }
    if (profile.has_billing_profiles())
        sql += kAndOnlyDefaultProfile;
    return profile.fill(sql);
}

}  // namespace

std::vector<CompanyId> CompanyModel::remove(Transaction& tx,
                                            std::span<CompanyId const> companies) const
{
    auto const wanted = pg::ids_of(companies);
    pg::exec(tx, profile_.fill(kLockForDelete), {owner_, wanted});
    auto const removable = pg::ids_of(pg::first_column<CompanyId>(
        pg::exec(tx, select_unreferenced(tx, profile_), {owner_, wanted})));
    if (profile_.has_billing_profiles())
        pg::exec(tx, kDeleteProfiles, {owner_, removable});
    return pg::first_column<CompanyId>(pg::exec(tx, profile_.fill(kDelete), {owner_, removable}));
}

}  // namespace tracking::models
