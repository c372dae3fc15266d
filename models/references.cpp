#include "models/references.hpp"

#include "models/pg.hpp"

namespace tracking::models {

namespace {

// A partition repeats its table's keys, and is left out.
constexpr char const* kListReferrers = R"sql(
    SELECT format('%I.%I', n.nspname, r.relname), quote_ident(a.attname),
           t.attnum IS NOT NULL,
           has_schema_privilege(r.relnamespace, 'USAGE')
           AND has_column_privilege(r.oid, a.attnum, 'SELECT')
           AND COALESCE(has_column_privilege(r.oid, t.attnum, 'SELECT'), true),
           row_security_active(r.oid),
           CASE WHEN r.relnamespace = ours.relnamespace THEN quote_ident(r.relname)
                ELSE format('%I.%I', n.nspname, r.relname) END
      FROM (VALUES ('{companies}', '{company_id}'),
                   ('{contacts}', 'contact_name_id'),
                   ('{client_billing_profiles}', 'billing_profile_id')) AS target (name, id)
      JOIN pg_catalog.pg_class ours
        ON ours.oid = to_regclass(target.name)
      JOIN pg_catalog.pg_constraint f
        ON f.confrelid = ours.oid
      JOIN pg_catalog.pg_attribute id
        ON id.attrelid = f.confrelid
       AND id.attname = target.id
      JOIN pg_catalog.pg_class r
        ON r.oid = f.conrelid
      JOIN pg_catalog.pg_namespace n
        ON n.oid = r.relnamespace
      JOIN pg_catalog.pg_attribute a
        ON a.attrelid = f.conrelid
       AND a.attnum = f.conkey[array_position(f.confkey, id.attnum)]
      LEFT JOIN pg_catalog.pg_attribute t
        ON t.attrelid = r.oid
       AND t.attname = 'tenant'
       AND NOT t.attisdropped
     WHERE f.contype = 'f'
       AND f.conparentid = 0
       AND NOT (target.name = '{companies}'
                AND a.attname = '{company_id}'
                AND r.oid IN (to_regclass('{contacts}'), to_regclass('{client_billing_profiles}')))
     GROUP BY r.oid, r.relname, r.relnamespace, n.nspname, ours.relnamespace, a.attname, a.attnum,
              t.attnum
     ORDER BY 1, 2
)sql";

}  // namespace

std::vector<Referrer> referrers(Transaction& tx, SchemaProfile const& profile)
{
    std::vector<Referrer> found;
    for (auto const& row : pg::exec(tx, profile.fill(kListReferrers))) {
        if (found.empty() || found.back().table != pg::text(row[0]))
            found.push_back({.table = std::string{pg::text(row[0])},
                             .name = std::string{pg::text(row[5])},
                             .columns = {}});
        auto& referrer = found.back();
        referrer.columns.emplace_back(pg::text(row[1]));
        referrer.has_tenant = pg::is_true(row[2]);
        referrer.is_granted = referrer.is_granted && pg::is_true(row[3]);
        referrer.hides_rows = pg::is_true(row[4]);
    }
    return found;
}

}  // namespace tracking::models
