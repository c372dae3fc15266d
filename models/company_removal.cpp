// CompanyModel::remove, apart from the model's everyday work: what is deleted is gone, so this
// looks at everything that could go with it.

#include "models/company_model.hpp"

#include "models/pg.hpp"

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

// Every column with a foreign key to a company's id, whether that would forbid the deletion or go
// with it: in the clients generation invoices and tickets go. Billing profiles are looked at below.
constexpr char const* kListReferences = R"sql(
    SELECT f.conrelid::regclass::text, quote_ident(a.attname)
      FROM pg_catalog.pg_constraint f
     CROSS JOIN unnest(f.conkey, f.confkey) AS pair (referring, referred)
      JOIN pg_catalog.pg_attribute a
        ON a.attrelid = f.conrelid
       AND a.attnum = pair.referring
      JOIN pg_catalog.pg_attribute id
        ON id.attrelid = f.confrelid
       AND id.attnum = pair.referred
     WHERE f.contype = 'f'
       AND f.confrelid = '{companies}'::regclass
       AND f.conrelid IS DISTINCT FROM to_regclass('client_billing_profiles')
       AND id.attname = '{company_id}'
     ORDER BY 1, 2
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
                        WHERE r.tenant = $1::uuid
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
    for (auto const& row : pg::exec(tx, profile.fill(kListReferences)))
        sql += fmt::format(kAndNotReferredToBy, pg::text(row[0]), pg::text(row[1]));
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
