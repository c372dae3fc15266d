#include "job/commands/commands.hpp"
#include "job/databases/connections.hpp"
#include "job/databases/identity.hpp"
#include "job/databases/removal.hpp"
#include "job/databases/rights.hpp"
#include "job/process/shown_text.hpp"
#include "job/process/terminal.hpp"
#include "job/telemetry/metrics_targets.hpp"
#include "job/telemetry/web_client.hpp"

#include "models/journal/journal_model.hpp"
#include "models/reading/tenant_reader.hpp"
#include "models/rules/text.hpp"
#include "models/schema/citus.hpp"
#include "models/schema/grants.hpp"
#include "models/schema/inspection.hpp"
#include "models/values/change.hpp"
#include "models/values/errors.hpp"

#include "reconcile/policy/drift.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/json.hpp>

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <utility>
#include <vector>

namespace tracking::job {

namespace {

using namespace std::chrono_literals;

constexpr auto kTolerableSkew = 60s;

enum class Form
{
    Plain,
    Colored,
    Json
};

/// Prints each check as it is made, since the next may never end, and remembers how the worst of
/// them ends the program. What was printed is a whole document, also where the next check threw.
class Checkup
{
public:
    explicit Checkup(Form form) : form_{form}
    {
        if (form_ == Form::Json)
            std::cout << R"({"format": "customer-reconcile/doctor", "version": 1, "checks": [)"
                      << std::flush;
    }
    ~Checkup()
    {
        if (form_ == Form::Json)
            std::cout << fmt::format("\n], \"is_complete\": {}}}\n", is_complete_) << std::flush;
    }
    Checkup(Checkup const&) = delete;
    Checkup& operator=(Checkup const&) = delete;

    void pass(std::string_view check, std::string_view finding)
    {
        print("pass", 32, check, finding, {});
    }

    void warn(std::string_view check, std::string_view finding, std::string_view remedy)
    {
        print("warn", 33, check, finding, remedy);
    }

    void fail(std::string_view check, std::string_view finding, std::string_view remedy,
              Ending outcome)
    {
        print("FAIL", 31, check, finding, remedy);
        if (outcome_ == Ending::Ok)
            outcome_ = outcome;
    }

    /// All checks have been made.
    Ending conclude()
    {
        is_complete_ = true;
        return outcome_;
    }

private:
    void print(std::string_view verdict, int color, std::string_view check,
               std::string_view finding, std::string_view remedy)
    {
        if (form_ == Form::Json) {
            print_object(verdict, check, finding, remedy);
            return;
        }
        auto const word = form_ == Form::Colored ? fmt::format("\x1b[{}m{}\x1b[0m", color, verdict)
                                                 : std::string{verdict};
        std::cout << fmt::format("{}  {:<18} {}\n", word, check, finding) << std::flush;
        if (!remedy.empty())
            std::cout << "                          " << remedy << '\n' << std::flush;
    }

    void print_object(std::string_view verdict, std::string_view check, std::string_view finding,
                      std::string_view remedy)
    {
        std::cout << std::exchange(separator_, ",\n")
                  << boost::json::object{{"verdict", verdict == "FAIL" ? "fail" : verdict},
                                         {"check", check},
                                         {"finding", finding},
                                         {"remedy", remedy.empty() ? boost::json::value(nullptr)
                                                                   : boost::json::value(remedy)}}
                  << std::flush;
    }

    Form form_;
    std::string_view separator_ = "\n";
    bool is_complete_ = false;
    Ending outcome_ = Ending::Ok;
};

void examine_metrics(Checkup& checkup, config::Metrics const& metrics)
{
    if (!metrics.textfile.empty()) {
        auto const obstacle = obstacle_to_writing(metrics.textfile);
        if (obstacle.empty())
            checkup.pass("textfile", metrics.textfile.string() + " can be written");
        else
            checkup.warn("textfile", obstacle, "runs would go on without their metrics");
    }
    if (metrics.pushgateway.empty())
        return;
    try {
        probe_pushgateway(metrics);
        checkup.pass("pushgateway", "ready");
    } catch (WebError const& error) {
        checkup.warn("pushgateway", error.what(),
                     "runs would go on without their metrics; check address, network policy, "
                     "password and certificates");
    }
}

/// The checks of one database, each building on those before it.
class Examination
{
public:
    Examination(Checkup& checkup, config::Config const& config) : checkup_{checkup}, config_{config}
    {}

    void run(std::string_view name, config::Database const& where,
             std::vector<models::Side> const& databases)
    {
        try {
            models::Database database{login_for(where, config_)};
            checkup_.pass(name, database.description());
            auto tx = database.begin(models::Access::ReadOnly, {.statement = 10s, .lock = 2s});
            examine_server(tx, databases);
            for (auto const side : databases)
                examine_side(tx, side);
        } catch (models::ConnectionLost const& error) {
            checkup_.fail(name, sentence(error.what()), "check host, port and network policy",
                          Ending::Unavailable);
        } catch (models::LoginRefused const& error) {
            checkup_.fail(name, sentence(error.what()), "check role and password", Ending::Denied);
        } catch (models::ConnectionMisconfigured const& error) {
            checkup_.fail(name, sentence(error.what()), "check the dsn and the PG* variables",
                          Ending::Config);
        } catch (models::SchemaMismatch const& error) {
            checkup_.fail("schema", error.what(), "point the job at the platform's database",
                          Ending::Data);
        }
    }

private:
    void examine_side(models::Transaction& tx, models::Side side)
    {
        auto const profile = models::detect_schema(tx, side);
        checkup_.pass("schema", fmt::format("{} generation, {} side",
                                            models::name_of(profile.generation()), name_of(side)));
        examine_rights(tx, profile, side);
        if (side == models::Side::Management) {
            examine_creators(tx, profile);
            examine_columns(tx, profile);
            examine_management(tx, profile);
        }
    }

    void examine_creators(models::Transaction& tx, models::SchemaProfile const& profile)
    {
        auto const creators = models::creators_in_schema(tx, profile);
        auto const& schema = profile.schema();
        if (creators.empty())
            checkup_.pass("schema rights", "only its owner may create something in " + schema);
        else
            checkup_.warn(
                "schema rights",
                fmt::format("others may create functions in {}, which the platform's triggers may "
                            "call with the job's rights: {}",
                            schema, fmt::join(creators, ", ")),
                fmt::format("REVOKE CREATE ON SCHEMA {} FROM {}", schema,
                            fmt::join(creators, ", ")));
    }

    /// A column that came with a change to the platform that this version does not know.
    void examine_columns(models::Transaction& tx, models::SchemaProfile const& profile)
    {
        auto const unfilled = models::unfilled_columns(tx, profile);
        if (unfilled.empty())
            checkup_.pass("columns", "every column that must have a value gets one");
        for (auto const& [table, column] : unfilled)
            checkup_.fail("columns",
                          fmt::format("{}.{} is NOT NULL without a default, and the job does not "
                                      "fill it: what it inserts there fails",
                                      table, column),
                          fmt::format("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT ...; or use a "
                                      "version of the job that fills it",
                                      table, column),
                          Ending::Data);
    }

    static std::string_view name_of(models::Side side)
    {
        return side == models::Side::Source ? "source" : "management";
    }

    void examine_version(models::ServerFacts const& facts)
    {
        auto const finding =
            fmt::format("PostgreSQL {}{}", facts.version, facts.has_citus ? " with Citus" : "");
        auto const tested =
            fmt::format("all tests of the job ran on PostgreSQL {}", models::kTestedServer);
        if (facts.major_version < models::kOldestServer)
            checkup_.fail("server", finding + ", which is too old",
                          fmt::format("it needs {} or later; {}", models::kOldestServer, tested),
                          Ending::Data);
        else if (facts.major_version != models::kTestedServer)
            checkup_.warn("server", finding, tested);
        else
            checkup_.pass("server", finding);
    }

    void examine_server(models::Transaction& tx, std::vector<models::Side> const& databases)
    {
        auto const facts = models::inspect_server(tx);
        examine_version(facts);
        if (facts.is_encrypted || facts.is_local)
            checkup_.pass("tls", facts.is_encrypted ? "the connection is encrypted"
                                                    : "a local socket needs none");
        else
            checkup_.warn("tls", "the connection is not encrypted",
                          "add sslmode=verify-full to the dsn");
        checkup_.pass("pooler", facts.is_pooled ? "a pooler is in between" : "none");
        if (facts.standby)
            examine_standby(*facts.standby, databases);
        auto const skew =
            facts.time - std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        if (std::chrono::abs(skew) <= kTolerableSkew)
            checkup_.pass("clock", fmt::format("{} s apart from the server's", skew.count()));
        else
            checkup_.warn("clock", fmt::format("{} s apart from the server's", skew.count()),
                          "times in logs will not match; the job itself uses the server's clock");
    }

    void examine_standby(models::Standby const& standby, std::vector<models::Side> const& databases)
    {
        if (std::ranges::count(databases, models::Side::Management) > 0)
            checkup_.fail("standby", "the server is a read-only standby",
                          "point management.dsn at the primary", Ending::Unavailable);
        else if (standby.is_current())
            checkup_.pass("standby", lag_of(standby));
        else
            checkup_.warn("standby", lag_of(standby),
                          "plan works with it; clean-ups are held back until it has replayed "
                          "everything of the last minutes");
    }

    void examine_rights(models::Transaction& tx, models::SchemaProfile profile, models::Side side)
    {
        auto const removal = removal_of(config_.policy.cleanup);
        auto const reading = missing_grants(tx, profile, side, models::Role::Reader, removal);
        auto const writing = missing_grants(tx, profile, side, models::Role::Writer, removal);
        if (!reading.empty())
            checkup_.fail("grants", "the role cannot read all that it needs",
                          fmt::format("{}", fmt::join(reading, "; ")), Ending::Denied);
        else if (!writing.empty())
            checkup_.warn("grants", "the role can plan, but not apply",
                          fmt::format("{}", fmt::join(writing, "; ")));
        else if (auto const remedy = side == models::Side::Source
                                         ? std::string{}
                                         : models::remedy_for_read_only_role(tx);
                 !remedy.empty())
            checkup_.warn("grants",
                          "the role can plan, but not apply: default_transaction_read_only is on",
                          remedy);
        else
            checkup_.pass("grants", side == models::Side::Source ? "the role can read"
                                                                 : "the role can plan and apply");
        if (side == models::Side::Management && writing.empty())
            examine_undo(tx, profile);
        auto const hidden = models::tables_with_row_security(tx, profile, side);
        if (hidden.empty())
            checkup_.pass("row security", "hides nothing from the role");
        else
            checkup_.fail(
                "row security", fmt::format("may hide rows of {}", fmt::join(hidden, ", ")),
                "use a role with BYPASSRLS: hidden tenants look like gone ones", Ending::Denied);
    }

    void examine_undo(models::Transaction& tx, models::SchemaProfile profile)
    {
        auto const missing = missing_grants(tx, profile, models::Side::Management,
                                            models::Role::Undoer, models::Removal::Customers);
        if (missing.empty())
            checkup_.pass("undo", "the role can take any run back");
        else
            checkup_.warn("undo", "the role can take a run back only where no rows go or come back",
                          "fine for the nightly run; to a login that is to undo all grant "
                          "customer_reconcile_remover and _undoer of `init --print`");
    }

    void examine_management(models::Transaction& tx, models::SchemaProfile profile)
    {
        try {
            auto const tenant = configured_tenant(tx, profile, config_);
            examine_journal(tx, profile, tenant);
            examine_tags(tx, profile, tenant.id);
            examine_contacts(tx, profile, tenant.id);
        } catch (AccessDenied const& error) {
            checkup_.fail("management tenant", error.what(), "see row security above",
                          Ending::Denied);
        } catch (models::ManagementTenantUnknown const& error) {
            checkup_.fail("management tenant", error.what(), "see `customer-reconcile config show`",
                          Ending::Data);
        }
        examine_indexes(tx, profile);
    }

    /// And whether it knows the same management tenant, since that is what is written to.
    void examine_journal(models::Transaction& tx, models::SchemaProfile const& profile,
                         models::ManagementTenant const& tenant)
    {
        auto const version = models::JournalModel::installed_version(tx);
        auto const mismatch = models::JournalModel::mismatch_of(version);
        auto const pin = mismatch ? std::nullopt : models::pin_of(tx);
        if (pin)
            require_pinned(tenant, *pin);
        auto const shown =
            fmt::format("\"{}\" ({})", models::printable(tenant.name), tenant.id.str());
        auto const holder = pin && pin->instead_of
                                ? std::nullopt
                                : other_holder_of_customers(tx, profile, tenant, config_);
        if (holder)
            checkup_.fail("management tenant", shown, doubt_about(tenant, *holder),
                          Ending::Refused);
        else
            checkup_.pass("management tenant", shown + (pin ? ", as the journal knows it" : ""));
        if (mismatch)
            checkup_.fail("journal", mismatch->finding,
                          mismatch->remedy + "; plan works without it", Ending::Data);
        else if (!pin)
            checkup_.fail("journal",
                          fmt::format("version {}, and knows no management tenant", version),
                          "run `customer-reconcile init`, which shows and pins it", Ending::Data);
        else
            checkup_.pass("journal", fmt::format("version {}", version));
        if (!mismatch) {
            examine_distribution(tx);
            examine_runs(tx, tenant.id);
        }
    }

    void examine_distribution(models::Transaction& tx)
    {
        auto const tables = models::undistributed_journal(tx);
        if (!tables.empty())
            checkup_.warn("journal on Citus",
                          fmt::format("not distributed: {}: a change and its receipt are on two "
                                      "servers, and may not be committed as one",
                                      fmt::join(tables, ", ")),
                          "run `customer-reconcile init` as the journal's owner, which distributes "
                          "them");
    }

    void examine_runs(models::Transaction& tx, models::TenantId tenant)
    {
        models::JournalModel const journal{tenant, config_.lease_time};
        if (auto const usual = journal.usual_tenants(tx))
            checkup_.pass(
                "source guard",
                fmt::format("armed by {} complete readings: below {:.0f} of {} tenants (median) "
                            "nothing is done",
                            usual->readings,
                            std::ceil(config_.guard.tenants * static_cast<double>(usual->median)),
                            usual->median));
        else
            checkup_.warn("source guard", "not armed: no run has read all tenants yet",
                          "the first apply arms it, whatever becomes of its changes");
        auto const holder = journal.lease_holder(tx);
        if (!holder)
            checkup_.pass("lease", "free");
        else if (holder->is_credible)
            checkup_.pass("lease", holder->text());
        else
            checkup_.warn("lease", holder->text(), "the next run takes it over");
    }

    void examine_contacts(models::Transaction& tx, models::SchemaProfile profile,
                          models::TenantId tenant)
    {
        auto const version = models::JournalModel::installed_version(tx);
        auto const count = models::untyped_contacts(tx, profile, tenant,
                                                    models::JournalModel::mismatch_of(version)
                                                        ? models::Evidence::Ids
                                                        : models::Evidence::IdsOrJournal)
                               .size();
        if (count > 0)
            checkup_.warn(
                "contacts",
                fmt::format("{} that this job made have no type of e-mail address: the platform's "
                            "form refuses to save them",
                            count),
                "the next apply gives them the one that the platform gives");
    }

    void examine_indexes(models::Transaction& tx, models::SchemaProfile profile)
    {
        auto const missing = models::missing_indexes(tx, profile);
        if (missing.empty())
            checkup_.pass("indexes", "all that help are there");
        for (auto const& index : missing)
            checkup_.warn("indexes", index.why,
                          "from some 100,000 customers on this helps: " + index.ddl);
    }

    void examine_tags(models::Transaction& tx, models::SchemaProfile profile,
                      models::TenantId tenant)
    {
        auto const tags = config_.policy.customer_tags();
        if (auto const count = models::count_tagged_as_of_old(tx, profile, tenant, tags); count > 0)
            checkup_.warn("tags of old", reconcile::about_tags_of_old(count),
                          "the next apply tags them anew, as drift of kind `untagged`");
        for (auto const& tag : tags) {
            auto const count = models::count_definitions(tx, profile, tenant, tag);
            if (count > 1)
                checkup_.warn("tag", fmt::format("\"{}\" is defined {} times", tag, count),
                              "harmless to the job; merge the definitions");
            else
                checkup_.pass("tag", fmt::format("\"{}\"{}", tag,
                                                 count == 0 ? " will be made by the first apply"
                                                            : " is defined"));
        }
    }

    Checkup& checkup_;
    config::Config const& config_;
};

}  // namespace

Ending doctor(Invocation& invocation)
{
    auto const& config = invocation.config();
    auto const form = config.format == config::Format::Json ? Form::Json
                      : wants_color(config.color, STDOUT_FILENO, config::process_environment())
                          ? Form::Colored
                          : Form::Plain;
    Checkup checkup{form};
    Examination examination{checkup, config};
    using enum models::Side;
    if (config.management.dsn.empty()) {
        examination.run("database", config.source, {Management, Source});
    } else {
        examination.run("management", config.management, {Management});
        examination.run("source", config.source, {Source});
    }
    examine_metrics(checkup, config.metrics);
    return checkup.conclude();
}

}  // namespace tracking::job
