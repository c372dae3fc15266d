#include "job/commands/commands.hpp"
#include "job/databases/connections.hpp"
#include "job/databases/identity.hpp"
#include "job/databases/installation_sql.hpp"
#include "job/databases/rights.hpp"
#include "job/invocation/write_command.hpp"
#include "job/process/retrier.hpp"
#include "job/report/wording.hpp"
#include "job/run/run.hpp"

#include "config/notation/problems.hpp"
#include "models/journal/journal_model.hpp"
#include "models/journal/journal_pin.hpp"
#include "models/reading/customer_holders.hpp"
#include "models/reading/tenant_reader.hpp"
#include "models/rules/text.hpp"
#include "models/schema/citus.hpp"
#include "models/schema/grants.hpp"
#include "models/values/errors.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/json.hpp>

#include <algorithm>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tracking::job {

namespace {

/// The management database, for commands before which there may be no journal.
class Installation
{
public:
    explicit Installation(Invocation& invocation)
        : retrier_{invocation.config().retry, invocation.report.retries},
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

/// What init is to pin, and what stands against it.
struct Choice
{
    models::NamedTenant tenant;
    std::optional<models::Pin> pin;           ///< that holds now
    bool is_known = false;                    ///< the journal's runs were for it, and for no other
    std::vector<models::NamedTenant> others;  ///< known so far, or with the customers instead
    std::string customers;                    ///< how many it holds, in words
    std::optional<models::CustomersHeld> held{};  ///< the same; nothing: the role may not count

    bool is_pinned() const { return pin && pin->tenant == tenant.id; }
};

models::NamedTenant named(models::Transaction& tx, models::SchemaProfile const& profile,
                          models::TenantId id)
{
    auto const found = models::find_tenants(tx, profile, id.str());
    return found.empty() ? models::NamedTenant{id, id.str()} : found.front();
}

/// Who owns the journal may have no right to read customers: then nothing is counted here, and
/// plan and apply look for themselves.
void count_customers(models::Transaction& tx, models::SchemaProfile const& profile,
                     config::Config const& config, Choice& choice)
{
    constexpr auto kSide = models::Side::Management;
    if (!missing_grants(tx, profile, kSide, models::Role::Reader, models::Removal::Tags).empty()) {
        choice.customers = "whose customers the role may not count";
        return;
    }
    auto const held =
        models::count_customers(tx, profile, choice.tenant.id, config.policy.customer_tags());
    choice.held = held;
    choice.customers =
        fmt::format("with {} and {}", counted(held.tagged, "tagged customer", "tagged customers"),
                    counted(held.linked, "linked one", "linked ones"));
    if (choice.pin || choice.is_known)
        return;
    if (auto const holder = other_holder_of_customers(tx, profile, choice.tenant, config)) {
        choice.others.push_back({holder->tenant, holder->name});
        choice.customers +=
            fmt::format(", while \"{}\" ({}) has {}", models::printable(holder->name),
                        holder->tenant.str(), holder->customers);
    }
}

Choice choice_of(models::Transaction& tx, models::SchemaProfile const& profile,
                 config::Config const& config)
{
    Choice choice{.tenant = configured_tenant(tx, profile, config)};
    auto const version = models::JournalModel::installed_version(tx);
    if (version > models::JournalModel::kVersion)
        models::JournalModel::require_fitting(version);
    if (version == models::JournalModel::kVersion)
        choice.pin = models::pin_of(tx);
    if (choice.pin && !choice.is_pinned())
        choice.others.push_back({choice.pin->tenant, choice.pin->name});
    if (!choice.pin && version > 0) {
        auto const owners = models::owners_of_runs(tx);
        for (auto const owner : owners) {
            if (owner != choice.tenant.id)
                choice.others.push_back(named(tx, profile, owner));
        }
        choice.is_known = !owners.empty() && choice.others.empty();
    }
    count_customers(tx, profile, config, choice);
    return choice;
}

/// The one of the others that the person gives up. @throws ManagementTenantUnknown unless both
/// names have been typed
models::TenantId instead_of(Choice const& choice, Invocation const& invocation)
{
    auto const& other = choice.others.front();
    auto const& given = invocation.line.instead_of;
    auto const is_meant = [&](models::NamedTenant const& one) {
        return !given.empty() &&
               (one.name == given.front() || models::TenantId::parse(given.front()) == one.id);
    };
    auto const meant = std::ranges::find_if(choice.others, is_meant);
    if (meant == choice.others.end() || !invocation.config().is_management_tenant_named)
        throw models::ManagementTenantUnknown{fmt::format(
            "the configuration names the management tenant \"{}\" ({}), {}, and \"{}\" ({}) is the "
            "one that is known: nothing is pinned. Where it is another one from now on, type both "
            "names:\n  {}",
            models::printable(choice.tenant.name), choice.tenant.id.str(), choice.customers,
            models::printable(other.name), other.id.str(),
            command_to_pin(choice.tenant, other.name))};
    return meant->id;
}

/// Whether the person wants this tenant to be pinned.
bool is_wanted(Choice const& choice, Invocation const& invocation)
{
    if (!invocation.wants_json())
        std::cout << fmt::format("The management tenant is \"{}\" ({}), {}.\n",
                                 models::printable(choice.tenant.name), choice.tenant.id.str(),
                                 choice.customers);
    if (choice.is_pinned() || choice.is_known || invocation.line.yes)
        return true;
    if (!can_ask() || invocation.wants_json())
        throw config::UsageError{
            "init pins the management tenant, the only one that will ever be written to, and there "
            "is nobody to ask: without a terminal, and with --format json, add --yes where it is "
            "the right one"};
    return answers_yes("Pin it, so that nothing is ever written to another one?");
}

/// What init did.
struct Deed
{
    int was = 0;                           ///< the journal's version before
    std::vector<std::string> distributed;  ///< by Citus, from now on
    bool has_pruned = false;
    std::optional<models::Pruned> pruned{};
};

std::vector<std::string> distribute(models::Transaction& tx)
{
    auto tables = models::undistributed_journal(tx);
    if (!tables.empty()) {
        auto const profile = models::detect_schema(tx, models::Side::Management);
        models::distribute_journal(tx, profile, tables);
    }
    return tables;
}

/// Makes the tables and pins the tenant, both or neither.
Deed install(models::Transaction& tx, Choice const& choice,
             std::optional<models::TenantId> const& former, std::string const& by)
{
    Deed deed{.was = models::JournalModel::install(tx), .distributed = {}};
    deed.distributed = distribute(tx);
    auto const pin = models::pin_of(tx);
    if (pin && (!choice.pin || pin->tenant != choice.pin->tenant))
        require_pinned(choice.tenant, *pin);  // by an init at the same time
    if (!pin || pin->tenant != choice.tenant.id) {
        if (former)
            models::JournalModel{*former}.require_free_lease(tx);
        models::set_pin(
            tx, {.tenant = choice.tenant.id, .name = choice.tenant.name, .instead_of = former},
            by.empty() ? user_name() : by);
    }
    return deed;
}

/// Forgets what is older than the configuration wants; for nights that never end well. Nothing: it
/// wants everything kept.
std::optional<models::Pruned> prune(Installation& installation, models::TenantId tenant,
                                    config::Config const& config)
{
    models::Timeouts const timeouts{.statement = config.statement_timeout,
                                    .lock = config.lock_timeout};
    auto const retention =
        std::chrono::duration_cast<std::chrono::seconds>(config.journal_retention);
    if (retention == std::chrono::seconds::zero())
        return std::nullopt;
    models::Pruned total;
    for (models::Pruned portion{.runs = 1}; portion.runs + portion.changes > 0;) {
        portion = installation.in_transaction(models::Access::ReadWrite, timeouts, [&](auto& tx) {
            return models::JournalModel{tenant, config.lease_time}.prune(tx, retention);
        });
        if (portion.is_denied)
            throw AccessDenied{
                "the role may not forget runs of the journal: use its owner, or grant the role "
                "customer_reconcile_pruner of `init --print`"};
        total.runs += portion.runs;
        total.changes += portion.changes;
    }
    return total;
}

std::string in_words(Choice const& choice, Deed const& deed, std::string_view database,
                     config::Config const& config)
{
    auto constexpr kVersion = models::JournalModel::kVersion;
    std::string text;
    if (!choice.is_pinned())
        text += "It is pinned: nothing is written to any other tenant.\n";
    text += deed.was == kVersion
                ? fmt::format("The journal on {} is of version {} already.\n", database, kVersion)
                : fmt::format(
                      "The journal on {} is now of version {} (it was "
                      "{}).\n",
                      database, kVersion, deed.was);
    if (!deed.distributed.empty())
        text +=
            fmt::format("Citus distributes from now on: {}.\n", fmt::join(deed.distributed, ", "));
    if (deed.pruned)
        text +=
            fmt::format("Forgot {} runs with {} changes, older than {} days.\n", deed.pruned->runs,
                        deed.pruned->changes, config.journal_retention / std::chrono::hours{24});
    else if (deed.has_pruned)
        text += "journal.retention is 0: the journal keeps everything.\n";
    return text;
}

std::string in_json(Choice const& choice, Deed const& deed, std::string_view database)
{
    namespace json = boost::json;
    json::value customers(nullptr);
    if (choice.held)
        customers = json::object{{"tagged", choice.held->tagged}, {"linked", choice.held->linked}};
    json::value pruned(nullptr);
    if (deed.pruned)
        pruned = json::object{{"runs", deed.pruned->runs}, {"changes", deed.pruned->changes}};
    return json::serialize(
               json::object{{"format", "customer-reconcile/init"},
                            {"version", 1},
                            {"management_tenant",
                             {{"id", choice.tenant.id.str()}, {"name", choice.tenant.name}}},
                            {"customers", std::move(customers)},
                            {"was_pinned", choice.is_pinned()},
                            {"database", database},
                            {"journal_version_before", deed.was},
                            {"journal_version", models::JournalModel::kVersion},
                            {"distributed", json::value_from(deed.distributed)},
                            {"pruned", std::move(pruned)}}) +
           '\n';
}

std::string sql_in_json(std::string_view sql)
{
    return boost::json::serialize(boost::json::object{
               {"format", "customer-reconcile/init-sql"}, {"version", 1}, {"sql", sql}}) +
           '\n';
}

}  // namespace

Ending init(Invocation& invocation)
{
    auto const& config = invocation.config();
    if (invocation.line.print && invocation.line.prune)
        throw config::UsageError{
            "init --print writes nothing and --prune deletes: give one of them"};
    Installation installation{invocation};
    // An upgrade may rewrite a journal of years, and takes the time that it needs.
    models::Timeouts const timeouts{.statement = std::chrono::milliseconds::zero(),
                                    .lock = config.lock_timeout};
    if (invocation.line.print || config.dry_run) {
        auto const sql = installation.in_transaction(
            models::Access::ReadOnly, timeouts,
            [&](auto& tx) { return sql_of_installation(tx, installation.description()); });
        std::cout << (invocation.wants_json() ? sql_in_json(sql) : sql);
        return Ending::Ok;
    }
    // In a transaction that ends before the question: a person may take their time.
    auto const choice =
        installation.in_transaction(models::Access::ReadOnly, timeouts, [&](auto& tx) {
            return choice_of(tx, models::detect_schema(tx, models::Side::Management), config);
        });
    std::optional<models::TenantId> former;
    if (!choice.others.empty())
        former = instead_of(choice, invocation);
    if (!is_wanted(choice, invocation)) {
        std::cout << "Nothing was changed.\n";
        return Ending::Ok;
    }
    auto deed = installation.in_transaction(models::Access::ReadWrite, timeouts, [&](auto& tx) {
        return install(tx, choice, former, config.by);
    });
    deed.has_pruned = invocation.line.prune;
    if (deed.has_pruned)
        deed.pruned = prune(installation, choice.tenant.id, config);
    auto const& database = installation.description();
    std::cout << (invocation.wants_json() ? in_json(choice, deed, database)
                                          : in_words(choice, deed, database, config));
    return Ending::Ok;
}

}  // namespace tracking::job
