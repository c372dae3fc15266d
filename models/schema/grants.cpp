#include "models/schema/grants.hpp"

#include "models/journal/journal_model.hpp"
#include "models/pg/pg.hpp"
#include "models/schema/citus.hpp"
#include "models/schema/references.hpp"
#include "models/values/lists.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <span>

namespace tracking::models {

namespace {

/// Columns by privilege and table; the maps keep the statements in a fixed order.
using Columns = std::vector<std::string>;
using Needs = std::map<std::pair<std::string, std::string>, Columns>;

constexpr char const* kMissing = R"sql(
    SELECT want.privilege, want.table_name, want.column_name, quote_ident(current_user)
      FROM unnest($1::text[], $2::text[], $3::text[]) AS want (privilege, table_name, column_name)
     WHERE NOT has_column_privilege(want.table_name, want.column_name, want.privilege)
)sql";

constexpr char const* kMissingOnTables = R"sql(
    SELECT want.privilege, want.table_name, quote_ident(current_user)
      FROM unnest($1::text[], $2::text[]) AS want (privilege, table_name)
     WHERE NOT has_table_privilege(want.table_name, want.privilege)
     ORDER BY want.table_name, want.privilege
)sql";

// Only those who may delete history take rows from these tables.
constexpr std::array kHistory{"run_start", "run_end", "change"};

// What a writer may do to the journal: append to the history, and change what is no history.
constexpr std::array<std::pair<char const*, char const*>, 7> kJournalWritten{
    {{"INSERT", "run_start"},
     {"INSERT", "run_end"},
     {"INSERT", "change"},
     {"INSERT, UPDATE, DELETE", "lease"},
     {"INSERT, UPDATE, DELETE", "drift"},
     {"INSERT, UPDATE, DELETE", "contact"},
     {"INSERT, UPDATE", "idle_run"}}};

// Given several privileges, has_table_privilege() asks for any one of them. Here each is asked for.
constexpr char const* kMissingOnJournal = R"sql(
    SELECT want.privileges, want.table_name, quote_ident(current_user)
      FROM unnest($1::text[], $2::text[]) AS want (privileges, table_name)
      JOIN pg_catalog.pg_class c ON c.relname = want.table_name
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'customer_reconcile'
       AND has_schema_privilege(n.oid, 'USAGE')
       AND NOT (SELECT bool_and(has_table_privilege(c.oid, one.privilege))
                  FROM unnest(string_to_array(want.privileges, ', ')) AS one (privilege))
     UNION ALL
    SELECT 'SELECT'::text, c.relname::text, quote_ident(current_user)
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'customer_reconcile'
       AND c.relkind IN ('r', 'v', 'p')
       AND has_schema_privilege(n.oid, 'USAGE')
       AND NOT has_table_privilege(c.oid, 'SELECT')
     ORDER BY 1, 2
)sql";

// A domain too can have a default and forbid NULL.
constexpr char const* kUnfilled = R"sql(
    SELECT want.table_name, quote_ident(a.attname::text)
      FROM (SELECT written.table_name, array_agg(written.column_name) AS columns
              FROM unnest($1::text[], $2::text[]) AS written (table_name, column_name)
             GROUP BY written.table_name) want
      JOIN pg_catalog.pg_attribute a
        ON a.attrelid = to_regclass(want.table_name)
      JOIN pg_catalog.pg_type t
        ON t.oid = a.atttypid
     WHERE a.attnum > 0
       AND NOT a.attisdropped
       AND (a.attnotnull OR t.typnotnull)
       AND NOT a.atthasdef
       AND t.typdefault IS NULL
       AND a.attidentity = ''
       AND a.attgenerated = ''
       AND quote_ident(a.attname::text) <> ALL (want.columns)
     ORDER BY want.table_name, a.attnum
)sql";

constexpr char const* kCreators = R"sql(
    SELECT DISTINCT COALESCE(quote_ident(r.rolname::text), 'PUBLIC'), r.oid IS NOT NULL
      FROM (SELECT n.nspowner, aclexplode(n.nspacl) AS given
              FROM pg_catalog.pg_namespace n
             WHERE n.oid = to_regnamespace($1::text)) s
      LEFT JOIN pg_catalog.pg_roles r
        ON r.oid = (s.given).grantee
     WHERE (s.given).privilege_type = 'CREATE'
       AND (s.given).grantee <> s.nspowner
       AND r.rolsuper IS NOT TRUE
       AND r.rolname IS DISTINCT FROM current_user
     ORDER BY 2, 1
)sql";

// A setting for a role in one database overrides all other places that may set it.
constexpr char const* kReadOnly = R"sql(
    SELECT quote_ident(current_user), quote_ident(current_database())
     WHERE current_setting('default_transaction_read_only') = 'on'
)sql";

void need(Needs& needs, std::string privilege, std::string const& name)
{
    auto const dot = name.find('.');
    needs[{std::move(privilege), name.substr(0, dot)}].push_back(name.substr(dot + 1));
}

Needs needs_of(SchemaProfile const& profile, Side side, Role role)
{
    Needs needs;
    if (role == Role::Owner) {
        for (auto const& column : columns_read(profile, Side::Management))
            if (side != Side::Source && column.starts_with("tenants."))
                need(needs, "SELECT", column);
        return needs;
    }
    for (auto const& column : columns_read(profile, side))
        need(needs, "SELECT", column);
    if (side != Side::Source && role != Role::Reader)
        for (auto const& [privilege, column] : columns_written(profile))
            need(needs, privilege, column);
    return needs;
}

/// The tables that a removal deletes rows from. Whole rows are kept in the journal first.
std::vector<std::string> tables_removed_from(SchemaProfile const& profile, Removal removal)
{
    std::vector tables{profile.fill("{tag_mappings}")};
    if (removal == Removal::Customers) {
        tables.push_back(profile.fill("{companies}"));
        tables.push_back(profile.fill("{contacts}"));
        if (profile.has(Piece::BillingProfiles))
            tables.push_back(profile.fill("{client_billing_profiles}"));
    }
    return tables;
}

std::vector<std::string> removal_grants_on(std::vector<std::string> const& tables,
                                           std::string const& role_name)
{
    return each_of(tables, [&](std::string const& table) {
        return fmt::format("GRANT SELECT, DELETE ON {} TO {}", table, role_name);
    });
}

/// What undo needs on whole tables beyond a removal. It puts rows back with columns that this
/// program does not know. It deletes a tag that a run has defined.
std::vector<std::pair<std::string, std::string>> undo_privileges(SchemaProfile const& profile)
{
    std::vector<std::pair<std::string, std::string>> privileges;
    for (auto const& table : tables_removed_from(profile, Removal::Customers))
        privileges.emplace_back("INSERT", table);
    privileges.emplace_back("DELETE", profile.fill("{tag_definitions}"));
    privileges.emplace_back("UPDATE", profile.fill("{tag_definitions}"));  // to lock it
    privileges.emplace_back("SELECT", profile.fill("{tag_definitions}"));  // to put it back whole
    privileges.emplace_back("INSERT", profile.fill("{tag_definitions}"));
    return privileges;
}

ColumnGrant counting_grant(Referrer const& referrer, std::string const& role_name)
{
    ColumnGrant grant{
        .privilege = "SELECT", .columns = {}, .table = referrer.table, .role = role_name};
    if (referrer.has_tenant)
        grant.columns.emplace_back("tenant");
    std::ranges::move(referrer.column_names(), std::back_inserter(grant.columns));
    return grant;
}

std::string journal_grant(std::string_view privileges, std::string_view table,
                          std::string_view role_name)
{
    return fmt::format("GRANT {} ON customer_reconcile.{} TO {}", privileges, table, role_name);
}

/// Looks only where there is a journal and the role may use its schema at all.
std::vector<std::string> missing_journal_grants(Transaction& tx, Role role)
{
    auto const written =
        std::span{kJournalWritten}.first(role == Role::Reader ? 0 : kJournalWritten.size());
    auto const privileges =
        pg::array_of(written, [](auto const& one) { return std::string_view{one.first}; });
    auto const tables =
        pg::array_of(written, [](auto const& one) { return std::string_view{one.second}; });
    return each_of(pg::exec(tx, kMissingOnJournal, {privileges, tables}), [](auto const& row) {
        return journal_grant(pg::text(row[0]), pg::text(row[1]), pg::text(row[2]));
    });
}

std::string quoted_role(Transaction& tx)
{
    auto const name = pg::exec(tx, "SELECT quote_ident(current_user)");
    return std::string{pg::text(name[0][0])};
}

std::vector<ColumnGrant> column_grants(Needs const& needs, SchemaProfile const& profile,
                                       std::string const& role_name)
{
    return each_of(needs, [&](Needs::value_type const& need) {
        auto const& [privilege, table] = need.first;
        return ColumnGrant{.privilege = privilege,
                           .columns = need.second,
                           .table = profile.qualified(table),
                           .role = role_name};
    });
}

/// The statements for grants that are missing. Mostly there are none.
std::vector<std::string> statements(Transaction& tx, std::vector<ColumnGrant> const& grants)
{
    return statements_of(grants, !grants.empty() && has_citus(tx));
}

/// The rights for a removal that are missing. A reader compares and counts, a writer removes too,
/// and an undoer needs all.
std::vector<std::string> missing_removal_grants(Transaction& tx, SchemaProfile const& profile,
                                                Removal removal, Role role)
{
    if (role == Role::Undoer)
        removal = Removal::Customers;
    if (role == Role::Reader && removal == Removal::Tags)
        return {};
    std::vector<ColumnGrant> counting;
    if (removal == Removal::Customers) {
        auto const role_name = quoted_role(tx);
        for (auto const& referrer : referrers(tx, profile)) {
            if (!referrer.is_granted)
                counting.push_back(counting_grant(referrer, role_name));
        }
    }
    auto grants = statements(tx, counting);
    std::vector<std::pair<std::string, std::string>> wanted;
    if (role == Role::Undoer)
        wanted = undo_privileges(profile);
    // The planning of a deletion compares whole rows with how they were made.
    for (auto const& table : tables_removed_from(profile, removal)) {
        if (role != Role::Reader || removal == Removal::Customers)
            wanted.emplace_back("SELECT", table);
        if (role != Role::Reader)
            wanted.emplace_back("DELETE", table);
    }
    auto const privileges = pg::array_of(wanted, [](auto const& one) { return one.first; });
    auto const tables = pg::array_of(wanted, [](auto const& one) { return one.second; });
    for (auto const& row : pg::exec(tx, kMissingOnTables, {privileges, tables}))
        grants.push_back(fmt::format("GRANT {} ON {} TO {}", pg::text(row[0]), pg::text(row[1]),
                                     pg::text(row[2])));
    return grants;
}

}  // namespace

std::string creation_of_role(std::string_view role_name)
{
    return fmt::format(
        "DO $$ BEGIN\n"
        "    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '{0}') THEN\n"
        "        CREATE ROLE {0} NOLOGIN;\n"
        "    END IF;\n"
        "END $$;\n",
        role_name);
}

std::vector<std::string> required_grants(Transaction& tx, SchemaProfile const& profile, Side side,
                                         Role role, std::string const& role_name)
{
    std::vector grants{fmt::format("GRANT USAGE ON SCHEMA {} TO {}", profile.schema(), role_name)};
    std::ranges::move(
        statements(tx, column_grants(needs_of(profile, side, role), profile, role_name)),
        std::back_inserter(grants));
    if (side != Side::Source) {
        grants.push_back("GRANT USAGE ON SCHEMA customer_reconcile TO " + role_name);
        grants.push_back("GRANT SELECT ON ALL TABLES IN SCHEMA customer_reconcile TO " + role_name);
        if (role != Role::Reader) {
            std::ranges::move(
                removal_grants_on(tables_removed_from(profile, Removal::Tags), role_name),
                std::back_inserter(grants));
            for (auto const& [privileges, table] : kJournalWritten)
                grants.push_back(journal_grant(privileges, table, role_name));
        }
    }
    return grants;
}

std::vector<std::string> missing_grants(Transaction& tx, SchemaProfile const& profile, Side side,
                                        Role role, Removal removal)
{
    pg::Array privileges{pg::ElementType::Text};
    pg::Array tables{pg::ElementType::Text};
    pg::Array columns{pg::ElementType::Text};
    for (auto const& [what, names] : needs_of(profile, side, role)) {
        for (auto const& name : names) {
            privileges.add(what.first);
            tables.add(profile.qualified(what.second));
            columns.add(name);
        }
    }
    Needs missing;
    std::string role_name;
    for (auto const& row : pg::exec(tx, kMissing, {privileges, tables, columns})) {
        auto const table = pg::text(row[1]).substr(profile.schema().size() + 1);
        missing[{std::string{pg::text(row[0])}, std::string{table}}].emplace_back(pg::text(row[2]));
        role_name = pg::text(row[3]);
    }
    auto grants = statements(tx, column_grants(missing, profile, role_name));
    if (side != Side::Source && role != Role::Owner) {
        for (auto& grant : missing_journal_grants(tx, role))
            grants.push_back(std::move(grant));
        for (auto& grant : missing_removal_grants(tx, profile, removal, role))
            grants.push_back(std::move(grant));
    }
    return grants;
}

std::vector<std::string> removal_grants(Transaction& tx, SchemaProfile const& profile,
                                        std::string const& role_name)
{
    auto grants = removal_grants_on(tables_removed_from(profile, Removal::Customers), role_name);
    auto const counting = [&](Referrer const& one) { return counting_grant(one, role_name); };
    std::ranges::move(statements(tx, each_of(referrers(tx, profile), counting)),
                      std::back_inserter(grants));
    return grants;
}

std::vector<std::string> undo_grants(SchemaProfile const& profile, std::string const& role_name)
{
    return each_of(undo_privileges(profile), [&](auto const& one) {
        return fmt::format("GRANT {} ON {} TO {}", one.first, one.second, role_name);
    });
}

std::vector<std::string> pruning_grants(std::string const& role_name)
{
    return each_of(kHistory,
                   [&](char const* table) { return journal_grant("DELETE", table, role_name); });
}

std::vector<std::string> tables_read(SchemaProfile const& profile, Side side)
{
    std::set<std::string> tables;
    for (auto const& column : columns_read(profile, side))
        tables.insert(column.substr(0, column.find('.')));
    return {tables.begin(), tables.end()};
}

std::vector<std::pair<std::string, std::string>> unfilled_columns(Transaction& tx,
                                                                  SchemaProfile const& profile)
{
    pg::Array tables{pg::ElementType::Text};
    pg::Array columns{pg::ElementType::Text};
    for (auto const& [what, names] : needs_of(profile, Side::Management, Role::Writer)) {
        for (auto const& name : names) {
            if (what.first != "INSERT")
                continue;
            tables.add(profile.qualified(what.second));
            columns.add(name);
        }
    }
    return each_of(pg::exec(tx, kUnfilled, {tables, columns}), [](auto const& row) {
        return std::pair{std::string{pg::text(row[0])}, std::string{pg::text(row[1])}};
    });
}

std::vector<std::string> creators_in_schema(Transaction& tx, SchemaProfile const& profile)
{
    return each_of(pg::exec(tx, kCreators, {profile.schema()}),
                   [](auto const& row) { return std::string{pg::text(row[0])}; });
}

std::string remedy_for_read_only_role(Transaction& tx)
{
    auto const rows = pg::exec(tx, kReadOnly);
    return rows.empty()
               ? std::string{}
               : fmt::format("ALTER ROLE {} IN DATABASE {} SET default_transaction_read_only = off",
                             pg::text(rows[0][0]), pg::text(rows[0][1]));
}

}  // namespace tracking::models
