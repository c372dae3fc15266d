#include "job/commands.hpp"
#include "job/sides.hpp"

#include "config/problems.hpp"
#include "models/grants.hpp"
#include "models/journal_model.hpp"
#include "models/tenant_reader.hpp"

#include <fmt/format.h>

#include <iostream>

namespace tracking::job {

namespace {

void print_roles(models::Transaction& tx, models::SchemaProfile profile)
{
    using models::Role;
    using models::Side;
    for (auto const& [role, name] : {std::pair{Role::Reader, "customer_reconcile_reader"},
                                     std::pair{Role::Writer, "customer_reconcile_writer"}}) {
        std::cout << fmt::format("\n-- What {} needs; grant the role to a login of your own.\n",
                                 role == Role::Reader ? "plan, explain and doctor" : "apply")
                  << models::creation_of_role(name);
        for (auto const side : {Side::Source, Side::Management}) {
            for (auto const& grant : models::required_grants(profile, side, role, name))
                std::cout << grant << ";\n";
        }
    }
    std::cout << "\n-- What cleanup.mode untag and delete, and undo, need beyond that to take rows "
                 "away.\n"
              << models::creation_of_role("customer_reconcile_remover");
    for (auto const& grant : models::removal_grants(tx, profile, "customer_reconcile_remover"))
        std::cout << grant << ";\n";
    std::cout << "\n-- What a writer needs beyond that, so that apply forgets what is older than "
                 "journal.retention.\n"
              << models::creation_of_role("customer_reconcile_pruner");
    for (auto const& grant : models::pruning_grants("customer_reconcile_pruner"))
        std::cout << grant << ";\n";
    std::cout << "\n-- What undo needs beyond all that to put rows back.\n"
              << models::creation_of_role("customer_reconcile_undoer");
    for (auto const& grant : models::undo_grants(profile, "customer_reconcile_undoer"))
        std::cout << grant << ";\n";
}

/// Forgets what is older than the configuration wants; for nights that never end well.
void prune(models::Database& database, models::SchemaProfile profile, config::Config const& config)
{
    models::Timeouts const timeouts{.statement = config.statement_timeout,
                                    .lock = config.lock_timeout};
    auto const retention =
        std::chrono::duration_cast<std::chrono::seconds>(config.journal_retention);
    if (retention == std::chrono::seconds::zero()) {
        std::cout << "journal.retention is 0: the journal keeps everything.\n";
        return;
    }
    auto tenant = [&] {
        auto tx = database.begin(models::Access::ReadOnly, timeouts);
        return models::find_management_tenant(tx, profile,
                                              models::TenantId::parse(config.management_tenant_id),
                                              config.management_tenant_name);
    }();
    models::Pruned total;
    for (models::Pruned portion{.runs = 1}; portion.runs + portion.changes > 0;) {
        auto tx = database.begin(models::Access::ReadWrite, timeouts);
        portion = models::JournalModel{tenant.id}.prune(tx, retention);
        tx.commit();
        if (portion.is_denied)
            throw AccessDenied{
                "the role may not forget runs of the journal: use its owner, or grant the role "
                "customer_reconcile_pruner of `init --print`"};
        total.runs += portion.runs;
        total.changes += portion.changes;
    }
    std::cout << fmt::format("Forgot {} runs with {} changes, older than {} days.\n", total.runs,
                             total.changes, retention / std::chrono::hours{24});
}

}  // namespace

Outcome init(Invocation& invocation)
{
    auto const& config = invocation.config();
    if (invocation.line.print && invocation.line.prune)
        throw config::UsageError{
            "init --print writes nothing and --prune deletes: give one of them"};
    bool const only_print = invocation.line.print || config.dry_run;
    models::Database database{login_for(config.management_database(), config)};
    // An upgrade may rewrite a journal of years, and takes the time that it needs.
    auto tx = database.begin(
        only_print ? models::Access::ReadOnly : models::Access::ReadWrite,
        {.statement = std::chrono::milliseconds::zero(), .lock = config.lock_timeout});
    auto const profile = models::detect_schema(tx, models::Side::Management);
    auto constexpr kVersion = models::JournalModel::kVersion;
    if (only_print) {
        auto const installed = models::JournalModel::installed_version(tx);
        std::cout << fmt::format("-- customer-reconcile journal, version {} to {}, on {}\n",
                                 installed, kVersion, database.description())
                  << models::JournalModel::upgrade_sql(installed);
        print_roles(tx, profile);
        return Outcome::Ok;
    }
    auto const installed = models::JournalModel::install(tx);
    tx.commit();
    std::cout << (installed == kVersion
                      ? fmt::format("The journal on {} is of version {} already.\n",
                                    database.description(), kVersion)
                      : fmt::format("The journal on {} is now of version {} (it was {}).\n",
                                    database.description(), kVersion, installed));
    if (invocation.line.prune)
        prune(database, profile, config);
    return Outcome::Ok;
}

}  // namespace tracking::job
