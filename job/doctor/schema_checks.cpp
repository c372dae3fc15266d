// The platform's tables, and what the role may do with them.

#include "job/databases/rights.hpp"
#include "job/doctor/checks.hpp"

#include "models/schema/grants.hpp"
#include "models/schema/inspection.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tracking::job {

namespace {

void examine_undo(Checkup& checkup, models::Transaction& tx, models::SchemaProfile const& profile)
{
    auto const missing = missing_grants(tx, profile, models::Side::Management, models::Role::Undoer,
                                        models::Removal::Customers);
    if (missing.empty())
        checkup.pass("undo", "the role can take any run back");
    else
        checkup.warn("undo", "the role can take a run back only where no rows go or come back",
                     "fine for the nightly run; to a login that is to undo all grant "
                     "customer_reconcile_remover and _undoer of `init --print`");
}

/// The statements as they are pasted into psql, one a line. A writer's are a reader's and more, so
/// nobody has to come back for the rest.
std::string in_lines(std::vector<std::string> const& statements)
{
    return fmt::format("{};", fmt::join(statements, ";\n"));
}

}  // namespace

void examine_creators(Checkup& checkup, models::Transaction& tx,
                      models::SchemaProfile const& profile)
{
    auto const creators = models::creators_in_schema(tx, profile);
    auto const& schema = profile.schema();
    if (creators.empty())
        checkup.pass("schema rights", "only its owner may create something in " + schema);
    else
        checkup.warn(
            "schema rights",
            fmt::format("others may create functions in {}, which the platform's triggers may "
                        "call with the job's rights: {}",
                        schema, fmt::join(creators, ", ")),
            fmt::format("REVOKE CREATE ON SCHEMA {} FROM {}", schema, fmt::join(creators, ", ")));
}

void examine_columns(Checkup& checkup, models::Transaction& tx,
                     models::SchemaProfile const& profile)
{
    auto const unfilled = models::unfilled_columns(tx, profile);
    if (unfilled.empty())
        checkup.pass("columns", "every column that must have a value gets one");
    for (auto const& [table, column] : unfilled)
        checkup.fail("columns",
                     fmt::format("{}.{} is NOT NULL without a default, and the job does not "
                                 "fill it: what it inserts there fails",
                                 table, column),
                     fmt::format("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT ...; or use a "
                                 "version of the job that fills it",
                                 table, column),
                     Ending::Data);
}

void examine_rights(Checkup& checkup, config::Config const& config, models::Transaction& tx,
                    models::SchemaProfile const& profile, models::Side side)
{
    auto const removal = removal_of(config.policy.cleanup);
    auto const reading = missing_grants(tx, profile, side, models::Role::Reader, removal);
    auto const writing = missing_grants(tx, profile, side, models::Role::Writer, removal);
    if (!reading.empty())
        checkup.fail("grants", "the role cannot read all that it needs; to apply it needs these",
                     in_lines(writing), Ending::Denied);
    else if (!writing.empty())
        checkup.warn("grants", "the role can plan, but not apply", in_lines(writing));
    else if (auto const remedy = side == models::Side::Source
                                     ? std::string{}
                                     : models::remedy_for_read_only_role(tx);
             !remedy.empty())
        checkup.warn("grants",
                     "the role can plan, but not apply: default_transaction_read_only is on",
                     remedy);
    else
        checkup.pass("grants", side == models::Side::Source ? "the role can read"
                                                            : "the role can plan and apply");
    if (side == models::Side::Management && writing.empty())
        examine_undo(checkup, tx, profile);
    auto const hidden = models::inspect_session(tx, profile, side).tables_with_row_security;
    if (hidden.empty())
        checkup.pass("row security", "hides nothing from the role");
    else
        checkup.fail("row security", fmt::format("may hide rows of {}", fmt::join(hidden, ", ")),
                     "use a role with BYPASSRLS: hidden tenants look like gone ones",
                     Ending::Denied);
}

void examine_indexes(Checkup& checkup, models::Transaction& tx,
                     models::SchemaProfile const& profile)
{
    auto const missing = models::missing_indexes(tx, profile);
    if (missing.empty())
        checkup.pass("indexes", "all that help are there");
    for (auto const& index : missing)
        checkup.warn("indexes", index.why,
                     "from some 100,000 customers on this helps: " + index.ddl);
}

}  // namespace tracking::job
