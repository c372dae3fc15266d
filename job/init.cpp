#include "job/commands.hpp"
#include "job/retrier.hpp"
#include "job/sides.hpp"

#include "config/problems.hpp"
#include "models/grants.hpp"
#include "models/journal_model.hpp"
#include "models/tenant_reader.hpp"

#include <fmt/format.h>

#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace tracking::job {

namespace {

/// The management database, for commands before which there may be no journal.
class Installation
{
public:
    explicit Installation(Invocation& invocation)
        : retrier_{retry_policy(invocation.config()), invocation.report.retries},
          database_{retrier_.run(
              [&] {
                  auto const& config = invocation.config();
                  return models::Database{login_for(config.management_database(), config)};
              },
              [] {})}
    {}

    /// What `work` returns, of a transaction of its own that is committed.
    auto in_transaction(models::Access access, models::Timeouts const& timeouts, auto const& work)
    {
        return retrier_.run(
            [&] {
                auto tx = database_.begin(access, timeouts);
                auto result = work(tx);
                tx.commit();
                return result;
            },
            [&] { database_.reconnect(); });
    }

    std::string const& description() const { return database_.description(); }

private:
    Retrier retrier_;
    models::Database database_;
};

std::string sql_of_roles(models::Transaction& tx, models::SchemaProfile profile)
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
            add(models::required_grants(profile, side, role, name));
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

/// Forgets what is older than the configuration wants; for nights that never end well.
void prune(Installation& installation, models::SchemaProfile profile, config::Config const& config)
{
    models::Timeouts const timeouts{.statement = config.statement_timeout,
                                    .lock = config.lock_timeout};
    auto const retention =
        std::chrono::duration_cast<std::chrono::seconds>(config.journal_retention);
    if (retention == std::chrono::seconds::zero()) {
        std::cout << "journal.retention is 0: the journal keeps everything.\n";
        return;
    }
    auto const tenant =
        installation.in_transaction(models::Access::ReadOnly, timeouts, [&](auto& tx) {
            return models::find_management_tenant(
                tx, profile, models::TenantId::parse(config.management_tenant_id),
                config.management_tenant_name);
        });
    models::Pruned total;
    for (models::Pruned portion{.runs = 1}; portion.runs + portion.changes > 0;) {
        portion = installation.in_transaction(models::Access::ReadWrite, timeouts, [&](auto& tx) {
            return models::JournalModel{tenant.id}.prune(tx, retention);
        });
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
    Installation installation{invocation};
    // An upgrade may rewrite a journal of years, and takes the time that it needs.
    models::Timeouts const timeouts{.statement = std::chrono::milliseconds::zero(),
                                    .lock = config.lock_timeout};
    auto constexpr kVersion = models::JournalModel::kVersion;
    if (only_print) {
        std::cout << installation.in_transaction(models::Access::ReadOnly, timeouts, [&](auto& tx) {
            auto const profile = models::detect_schema(tx, models::Side::Management);
            auto const installed = models::JournalModel::installed_version(tx);
            return fmt::format("-- customer-reconcile journal, version {} to {}, on {}\n",
                               installed, kVersion, installation.description()) +
                   models::JournalModel::upgrade_sql(installed) + sql_of_roles(tx, profile);
        });
        return Outcome::Ok;
    }
    auto const [installed, profile] =
        installation.in_transaction(models::Access::ReadWrite, timeouts, [&](auto& tx) {
            auto const found = models::detect_schema(tx, models::Side::Management);
            return std::pair{models::JournalModel::install(tx), found};
        });
    std::cout << (installed == kVersion
                      ? fmt::format("The journal on {} is of version {} already.\n",
                                    installation.description(), kVersion)
                      : fmt::format("The journal on {} is now of version {} (it was {}).\n",
                                    installation.description(), kVersion, installed));
    if (invocation.line.prune)
        prune(installation, profile, config);
    return Outcome::Ok;
}

}  // namespace tracking::job
