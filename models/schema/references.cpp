#include "models/schema/references.hpp"

#include "models/pg/pg.hpp"
#include "models/values/lists.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>
#include <utility>

namespace tracking::models {

namespace {

// A partition repeats its table's columns, so it is left out. A column of texts may hold ids, among
// ids of other systems. Other types cannot hold one of ours.
constexpr char const* kListReferrers = R"sql(
    WITH own AS (
        SELECT pg_catalog.to_regclass('{companies}')::pg_catalog.oid AS companies,
               pg_catalog.to_regclass('{contacts}')::pg_catalog.oid AS contacts,
               pg_catalog.to_regclass('{client_billing_profiles}')::pg_catalog.oid AS profiles,
               pg_catalog.to_regclass('{tag_mappings}')::pg_catalog.oid AS mappings),
    keys AS (
        SELECT f.conrelid AS oid, f.conkey[pg_catalog.array_position(f.confkey, id.attnum)] AS attnum
          FROM own
          JOIN pg_catalog.pg_constraint f
            ON f.confrelid IN (own.companies, own.contacts, own.profiles)
          JOIN pg_catalog.pg_attribute id
            ON id.attrelid = f.confrelid
           AND id.attname IN ('{company_id}', 'contact_name_id', 'billing_profile_id')
           AND (id.attname = '{company_id}') = (f.confrelid = own.companies)
           AND id.attnum = ANY (f.confkey)
         WHERE f.contype = 'f'
           AND f.conparentid = 0::pg_catalog.oid),
    named AS (
        SELECT r.oid, a.attnum
          FROM own
          JOIN pg_catalog.pg_class platform
            ON platform.oid = own.companies
          JOIN pg_catalog.pg_class r
            ON r.relnamespace = platform.relnamespace
           AND r.relkind IN ('r', 'p')
           AND NOT r.relispartition
           AND r.oid IS DISTINCT FROM own.mappings
          JOIN pg_catalog.pg_attribute a
            ON a.attrelid = r.oid
           AND a.attnum > 0
           AND NOT a.attisdropped
         WHERE a.attname::text ~ '(^|_)(company|client|contact|contact_name|billing_profile)_id$'::text
            OR (a.attname::text ~ '_id$'::text
                AND EXISTS (SELECT
                              FROM pg_catalog.pg_attribute kind
                             WHERE kind.attrelid = a.attrelid
                               AND NOT kind.attisdropped
                               AND kind.attname::text = regexp_replace(a.attname::text, '_id$'::text, '_type'::text))))
    SELECT pg_catalog.format('%I.%I', n.nspname, r.relname), pg_catalog.quote_ident(a.attname::text), a.atttypid <> 'uuid'::regtype::pg_catalog.oid,
           t.attnum IS NOT NULL,
           pg_catalog.has_schema_privilege(r.relnamespace, 'USAGE')
           AND pg_catalog.has_column_privilege(r.oid, a.attnum, 'SELECT')
           AND COALESCE(pg_catalog.has_column_privilege(r.oid, t.attnum, 'SELECT'), true),
           row_security_active(r.oid),
           CASE WHEN r.relnamespace = platform.relnamespace THEN pg_catalog.quote_ident(r.relname::text)
                ELSE pg_catalog.format('%I.%I', n.nspname, r.relname) END
      FROM (SELECT * FROM keys UNION SELECT * FROM named) AS found
     CROSS JOIN own
      JOIN pg_catalog.pg_class platform
        ON platform.oid = own.companies
      JOIN pg_catalog.pg_class r
        ON r.oid = found.oid
      JOIN pg_catalog.pg_namespace n
        ON n.oid = r.relnamespace
      JOIN pg_catalog.pg_attribute a
        ON a.attrelid = found.oid
       AND a.attnum = found.attnum
      LEFT JOIN pg_catalog.pg_attribute t
        ON t.attrelid = r.oid
       AND t.attname = 'tenant'
       AND t.atttypid = 'uuid'::regtype::pg_catalog.oid
       AND NOT t.attisdropped
     WHERE a.atttypid IN ('uuid'::regtype, 'text'::regtype, 'varchar'::regtype)
       AND NOT (r.oid = own.companies AND a.attname = '{company_id}')
       AND NOT (r.oid = own.contacts AND a.attname IN ('{company_id}', 'contact_name_id'))
       AND (r.oid = own.profiles AND a.attname IN ('client_id', 'billing_profile_id')) IS NOT TRUE
     ORDER BY 1, 2
)sql";

/// The condition that a row refers to one of the ids.
std::string condition_on(Referrer const& referrer)
{
    auto const conditions = each_of(referrer.columns, [](ReferringColumn const& column) {
        return fmt::format("r.{} = ANY ({})", column.name,
                           column.is_text ? "$3::text[]" : "$2::uuid[]");
    });
    return fmt::format("{}", fmt::join(conditions, " OR "));
}

}  // namespace

std::vector<std::string> Referrer::column_names() const
{
    return each_of(columns, &ReferringColumn::name);
}

std::vector<Referrer> referrers(Transaction& tx, SchemaProfile const& profile)
{
    std::vector<Referrer> found;
    for (auto const& row : pg::exec(tx, profile.fill(kListReferrers))) {
        if (found.empty() || found.back().table != pg::text(row[0]))
            found.push_back({.table = std::string{pg::text(row[0])},
                             .name = std::string{pg::text(row[6])},
                             .columns = {}});
        auto& referrer = found.back();
        referrer.columns.push_back({std::string{pg::text(row[1])}, pg::is_true(row[2])});
        referrer.has_tenant = pg::is_true(row[3]);
        referrer.is_granted = referrer.is_granted && pg::is_true(row[4]);
        referrer.hides_rows = pg::is_true(row[5]);
    }
    return found;
}

BlastRadius References::of(std::size_t group) const
{
    BlastRadius radius;
    if (auto const found = rows.find(group); found != rows.end()) {
        for (auto const& [table, count] : found->second)
            radius.dependents.push_back({table, count});
    }
    radius.unreadable = unreadable;
    return radius;
}

namespace {

/// Counts the rows of one table that refer to the ids, by the columns that do.
std::string counting(Referrer const& referrer)
{
    auto const columns = fmt::format("r.{}", fmt::join(referrer.column_names(), ", r."));
    return fmt::format(
        "SELECT {0}, pg_catalog.count(*) FROM {1} r WHERE {2} "
        "AND $2::uuid[] IS NOT NULL AND $3::text[] IS NOT NULL AND ({3})"
        " GROUP BY {0}",
        columns, referrer.table,
        referrer.has_tenant ? "r.tenant = $1::uuid" : "$1::uuid IS NOT NULL",
        condition_on(referrer));
}

}  // namespace

// All tables are asked in one round trip.
References references_to(Transaction& tx, SchemaProfile const& profile, TenantId owner,
                         std::unordered_map<AnyId, std::size_t> const& group_of)
{
    pg::Array ids{pg::ElementType::Uuid};
    pg::Array texts{pg::ElementType::Text};
    for (auto const& [id, group] : group_of) {
        ids.add(id);
        texts.add(id.str());
    }
    std::vector<pg::Param> const params{owner, std::move(ids), std::move(texts)};
    References references;
    std::vector<std::pair<Referrer, pg::Answer>> counts;
    for (auto& referrer : referrers(tx, profile)) {
        if (referrer.is_readable()) {
            auto const answer = pg::ask(tx, counting(referrer), params);
            counts.emplace_back(std::move(referrer), answer);
        } else {
            references.unreadable.push_back(referrer.name);
        }
    }
    for (auto const& [referrer, answer] : counts) {
        auto const width = static_cast<int>(referrer.columns.size());
        for (auto const& row : answer.rows()) {
            std::set<std::size_t> groups;
            for (int i = 0; i < width; ++i) {
                auto const id = AnyId::parse(pg::text(row[i]));
                auto const found = id ? group_of.find(*id) : group_of.end();
                if (found != group_of.end())
                    groups.insert(found->second);
            }
            for (auto const group : groups)
                references.rows[group][referrer.name] += pg::number<std::size_t>(row[width]);
        }
    }
    return references;
}

}  // namespace tracking::models
