#include "models/schema/inspection.hpp"

#include "models/pg/pg.hpp"
#include "models/schema/grants.hpp"
#include "models/values/change.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <unordered_set>

namespace tracking::models {

namespace {

// These are columns of a SELECT. Without rights on statistics the view shows only that there is a
// receiver. A primary must not be asked whether it has paused.
constexpr char const* kStandbyFacts = R"sql(
           pg_is_in_recovery(),
           CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused() END,
           COALESCE(pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn(), false)
           AND EXISTS (SELECT FROM pg_catalog.pg_stat_wal_receiver),
           floor(date_part('epoch', clock_timestamp() - pg_last_xact_replay_timestamp()))::bigint
)sql";

constexpr char const* kServerFacts = R"sql(
    SELECT current_setting('server_version'),
           COALESCE((SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid = pg_backend_pid()), false),
           inet_server_addr() IS NULL,
           pg_backend_pid(),
           EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'citus'),
           floor(extract(epoch FROM clock_timestamp()))::bigint,
           {standby}
)sql";

constexpr char const* kSessionFacts = R"sql(
    SELECT d.datname || ':' || d.oid,
           floor(date_part('epoch', now()))::bigint,
           COALESCE((SELECT greatest(c.reltuples, 0)
                       FROM pg_catalog.pg_class c
                       WHERE c.oid = to_regclass('{tenants}')), 0)::bigint,
           pg_backend_pid(),
           EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'citus'),
           {standby},
           ARRAY(SELECT row_security_active(want.table_name)
                   FROM unnest($1::text[]) WITH ORDINALITY AS want (table_name, place)
                  ORDER BY want.place)::text
      FROM pg_catalog.pg_database d
     WHERE d.datname = current_database()
)sql";

// Looks at the first two columns of an index, since the tenant may lead or not.
constexpr char const* kHasIndexes = R"sql(
    SELECT COALESCE(bool_or(i.indrelid = to_regclass('{contacts}')
                            AND i.first || ' ' || i.second ~ '^(tenant )?{company_id}\M'), false),
           COALESCE(bool_or(i.indrelid = to_regclass('{companies}')
                            AND i.first || ' ' || i.second
                                ~ '^(tenant )?\(+properties ->> ''tenant_id''::text\)+'), false)
      FROM (SELECT x.indrelid,
                   pg_get_indexdef(x.indexrelid, 1, true) AS first,
                   COALESCE(pg_get_indexdef(x.indexrelid, 2, true), '') AS second
              FROM pg_catalog.pg_index x
             WHERE x.indrelid IN (to_regclass('{contacts}'), to_regclass('{companies}'))
               AND x.indisvalid
               AND x.indpred IS NULL) i
)sql";

constexpr char const* kCountDefinitions = R"sql(
    SELECT count(*)
      FROM {tag_definitions}
     WHERE tenant = $1::uuid
       AND tagged_type = '{tagged_type}'
       AND tag_text = $2::text
)sql";

std::optional<Standby> standby_from(pg::Rows::Row const& row, int first)
{
    if (!pg::is_true(row[first]))
        return std::nullopt;
    return Standby{.is_paused = pg::is_true(row[first + 1]),
                   .has_replayed_all = pg::is_true(row[first + 2]),
                   .behind = pg::if_there(row[first + 3], pg::seconds)};
}

/// The tables for which the server's array says so. It has a `t` or `f` for each, in their order.
std::vector<std::string> hidden_among(std::vector<std::string> const& tables,
                                      std::string_view array)
{
    std::vector<std::string> hidden;
    auto table = tables.begin();
    for (char const mark : array) {
        if (mark != 't' && mark != 'f')
            continue;
        if (mark == 't')
            hidden.push_back(*table);
        ++table;
    }
    return hidden;
}

/// Whether a pooler answers: it hands out process ids of its own.
bool is_of_other_process(Transaction& tx, pg::Field const& pid)
{
    return pg::number<int>(pid) != tx.process_id();
}

// The job's ids are of version 5. There may be as many contacts of others as customers; those stay
// at the server.
constexpr char const* kSelectUntypedContacts = R"sql(
    SELECT p.contact_name_id, p.{company_id}, COALESCE(p.email, '')
      FROM {contacts} p
      JOIN {companies} c
        ON c.tenant = p.tenant
       AND c.{company_id} = p.{company_id}
       AND NULLIF(c.properties ->> 'reconcile', '') IS NULL
     WHERE p.tenant = $1::uuid
       AND p.primary_email_canonical_type IS NULL
       AND substr(p.contact_name_id::text, 15, 1) = '5'
       AND p.role = $2::text
       AND p.notes = $3::text
     ORDER BY p.contact_name_id
)sql";

constexpr char const* kSelectMadeContacts = R"sql(
    SELECT json_array_elements(d.after -> 'made' -> 'contacts') ->> 'contact_name_id'
      FROM customer_reconcile.change d
     WHERE d.tenant = $1::uuid
       AND d.company_id = ANY ($2::uuid[])
       AND d.outcome = 'applied'
       AND d.change IN ('create', 'repair_contact')
)sql";

constexpr char const* kCountTaggedAsOfOld = R"sql(
    SELECT count(DISTINCT m.tagged_id)
      FROM {tag_mappings} m
      JOIN {tag_definitions} d
        ON d.tenant = m.tenant
       AND d.tag_id = m.tag_id
      JOIN {companies} c
        ON c.tenant = m.tenant
       AND c.{company_id} = m.tagged_id
     WHERE m.tenant = $1::uuid
       AND m.tagged_type = 'company'
       AND d.tag_text = ANY ($2::text[])
       AND NOT EXISTS (SELECT
                         FROM {tag_mappings} now
                         JOIN {tag_definitions} as_now
                           ON as_now.tenant = now.tenant
                          AND as_now.tag_id = now.tag_id
                        WHERE now.tenant = $1::uuid
                          AND now.tagged_id = m.tagged_id
                          AND now.tagged_type = '{tagged_type}'
                          AND as_now.tag_text = d.tag_text)
)sql";
constexpr int kMajor = 10'000;

}  // namespace

void require_server(int version_number)
{
    if (version_number < kOldestServer * kMajor)
        throw SchemaMismatch{fmt::format(
            "the server is PostgreSQL {}, which is too old: the job needs PostgreSQL {} or later, "
            "and all its tests ran on {}",
            version_number / kMajor, kOldestServer, fmt::join(kTestedServers, " and "))};
}

ServerFacts inspect_server(Transaction& tx)
{
    auto const row = pg::exec(tx, pg::with(kServerFacts, "{standby}", kStandbyFacts))[0];
    return {.version = std::string{pg::text(row[0])},
            .major_version = tx.server_version() / kMajor,
            .is_encrypted = pg::is_true(row[1]),
            .is_local = pg::is_true(row[2]),
            .is_pooled = is_of_other_process(tx, row[3]),
            .standby = standby_from(row, 6),
            .has_citus = pg::is_true(row[4]),
            .time = pg::time(row[5])};
}

SessionFacts inspect_session(Transaction& tx, SchemaProfile const& profile, Side side)
{
    require_server(tx.server_version());
    auto const tables = tables_read(profile, side);
    auto const names =
        pg::array_of(tables, [&](std::string const& table) { return profile.qualified(table); });
    auto const sql = profile.fill(pg::with(kSessionFacts, "{standby}", kStandbyFacts));
    auto const row = pg::exec(tx, sql, {names})[0];
    return {.identity = std::string{pg::text(row[0])},
            .time = pg::time(row[1]),
            .about_tenants = pg::number<std::size_t>(row[2]),
            .is_pooled = is_of_other_process(tx, row[3]),
            .has_citus = pg::is_true(row[4]),
            .standby = standby_from(row, 5),
            .tables_with_row_security = hidden_among(tables, pg::text(row[9]))};
}

std::vector<IndexAdvice> missing_indexes(Transaction& tx, SchemaProfile const& profile)
{
    auto const row = pg::exec(tx, profile.fill(kHasIndexes))[0];
    std::vector<IndexAdvice> advice;
    // The company leads: the foreign key of the clients generation asks for it alone, once for each
    // company that is removed.
    if (!pg::is_true(row[0]))
        advice.push_back({"contacts of a company are found by a pass over all of the owner's",
                          "CREATE INDEX CONCURRENTLY contacts_by_" + profile.name("{companies}") +
                              profile.fill(" ON {contacts} ({company_id}, tenant)")});
    if (!pg::is_true(row[1]))
        advice.push_back(
            {"the customer of a tenant is found by a pass over all of the owner's",
             "CREATE INDEX CONCURRENTLY " + profile.name("{companies}") +
                 profile.fill("_by_link ON {companies} (tenant, (properties ->> 'tenant_id'))")});
    return advice;
}

std::vector<ContactId> untyped_contacts(Transaction& tx, SchemaProfile const& profile,
                                        TenantId management, Evidence proof)
{
    std::vector<ContactId> own;
    if (!profile.has(Piece::EmailType))
        return own;
    std::unordered_set<ContactId> doubtful;
    std::vector<CompanyId> companies;
    for (auto const& row : pg::exec(tx, profile.fill(kSelectUntypedContacts),
                                    {management, kAdminRole, kAdminNotes})) {
        auto const contact = pg::id<ContactId>(row[0]);
        auto const company = pg::id<CompanyId>(row[1]);
        if (contact == made_contact_id(management, company, pg::text(row[2]))) {
            own.push_back(contact);
        } else {
            doubtful.insert(contact);
            companies.push_back(company);
        }
    }
    if (doubtful.empty() || proof == Evidence::Ids)
        return own;
    for (auto const& row :
         pg::exec(tx, kSelectMadeContacts, {management, pg::array_of(companies)})) {
        auto const contact = row[0].is_null() ? std::nullopt : ContactId::parse(pg::text(row[0]));
        if (contact && doubtful.erase(*contact) > 0)
            own.push_back(*contact);
    }
    return own;
}

std::size_t count_tagged_as_of_old(Transaction& tx, SchemaProfile const& profile,
                                   TenantId management, std::span<std::string const> tags)
{
    if (profile.generation() == Generation::Companies)
        return 0;
    auto const sql = profile.fill(kCountTaggedAsOfOld);
    return pg::number<std::size_t>(pg::exec(tx, sql, {management, pg::array_of(tags)})[0][0]);
}

int count_definitions(Transaction& tx, SchemaProfile const& profile, TenantId management,
                      std::string_view tag)
{
    return pg::number<int>(pg::exec(tx, profile.fill(kCountDefinitions), {management, tag})[0][0]);
}

}  // namespace tracking::models
