#include "job/databases/installation_sql.hpp"

#include "models/journal/journal_model.hpp"
#include "models/schema/citus.hpp"
#include "models/schema/grants.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>
#include <vector>

namespace tracking::job {

namespace {

std::string sql_of_roles(models::Transaction& tx, models::SchemaProfile const& profile)
{
    using models::Role;
    using models::Side;
    std::string sql;
    auto const add = [&](std::vector<std::string> const& grants) {
        for (auto const& grant : grants)
            sql += grant + ";\n";
    };
    for (auto const& [role, name] : {std::pair{Role::Reader, "customer_reconcile_reader"},
                                     std::pair{Role::Writer, "customer_reconcile_writer"}}) {
        sql += fmt::format("\n-- What {} needs; grant the role to a login of your own.\n",
                           role == Role::Reader ? "plan, explain and doctor" : "apply") +
               models::creation_of_role(name);
        for (auto const side : {Side::Source, Side::Management})
            add(models::required_grants(tx, profile, side, role, name));
    }
    sql +=
        "\n-- What cleanup.mode untag and delete, and undo, need beyond that to take rows "
        "away.\n" +
        models::creation_of_role("customer_reconcile_remover");
    add(models::removal_grants(tx, profile, "customer_reconcile_remover"));
    sql +=
        "\n-- What a writer needs beyond that, so that apply forgets what is older than "
        "journal.retention.\n" +
        models::creation_of_role("customer_reconcile_pruner");
    add(models::pruning_grants("customer_reconcile_pruner"));
    sql += "\n-- What undo needs beyond all that to put rows back.\n" +
           models::creation_of_role("customer_reconcile_undoer");
    add(models::undo_grants(profile, "customer_reconcile_undoer"));
    return sql;
}

std::string sql_of_distribution(models::Transaction& tx, models::SchemaProfile const& profile)
{
    auto const tables = models::undistributed_journal(tx);
    if (tables.empty())
        return {};
    return fmt::format(
        "\n-- Citus: a change and its receipt are in one place, and are committed as one.\n{};\n",
        fmt::join(models::distribution_of(tx, profile, tables), ";\n"));
}

}  // namespace

std::string sql_of_installation(models::Transaction& tx, std::string_view database)
{
    auto const profile = models::detect_schema(tx, models::Side::Management);
    auto const installed = models::JournalModel::installed_version(tx);
    return fmt::format(
               "-- customer-reconcile journal, version {} to {}, on {}\n"
               "-- It knows no management tenant until `init` has pinned one.\n",
               installed, models::JournalModel::kVersion, database) +
           models::JournalModel::upgrade_sql(installed) + sql_of_distribution(tx, profile) +
           sql_of_roles(tx, profile);
}

}  // namespace tracking::job
