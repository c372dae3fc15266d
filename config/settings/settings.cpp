#include "config/notation/dsn.hpp"
#include "config/notation/notation.hpp"
#include "config/notation/web_address.hpp"
#include "config/settings/setting.hpp"
#include "models/values/lists.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tracking::config {
namespace {

using namespace std::chrono_literals;
using reconcile::ChangePolicy;
using reconcile::CleanupMode;
using reconcile::DriftRow;
using reconcile::Grace;
using reconcile::GuardBase;
using reconcile::GuardLimit;
using reconcile::GuardRow;
using reconcile::Guards;
using reconcile::Handling;
using reconcile::Policy;
using reconcile::Remedy;

constexpr auto kYear = std::chrono::hours{365 * 24};

// Where a setting lives, as a function that works on a Config and on a Config const.
auto at(auto... members)
{
    return [=](auto& config) -> auto&
    {
        return (config.*....*members);
    };
}

auto tag_at(std::string const& product)
{
    return [=](auto& config) -> auto&
    {
        return config.policy.tags.at(product);
    };
}

template <class T>
Setting single(std::string key, auto member, Notation<T> const& notation, std::string help)
{
    auto const read = [=](Value const& value, Config& config, Problems& problems) {
        if (auto parsed = read_one(key, value, notation, problems))
            member(config) = std::move(*parsed);
    };
    auto const form = std::is_same_v<T, bool> ? Setting::Form::Switch : Setting::Form::Single;
    return {key,
            form,
            notation.placeholder,
            std::move(help),
            notation.schema,
            read,
            [=](Config const& config) { return notation.show(member(config)); }};
}

template <class T>
Setting list(std::string key, auto member, Notation<T> const& notation, std::string help)
{
    auto const read = [=](Value const& value, Config& config, Problems& problems) {
        if (value.shape != Value::Shape::List && value.shape != Value::Shape::Nothing)
            return refuse(key, value, "a list; write one as [A, B]", {}, problems);
        std::vector<T> items;
        for (auto const& item : value.children)
            if (auto parsed = read_one(key, item, notation, problems))
                items.push_back(std::move(*parsed));
        if (items.size() == value.children.size())
            member(config) = {items.begin(), items.end()};
    };
    auto const show = [=](Config const& config) {
        return fmt::format("[{}]", fmt::join(models::each_of(member(config), notation.show), ", "));
    };
    auto const schema = fmt::format(R"({{"type":["array","null"],"items":{}}})", notation.schema);
    return {key, Setting::Form::List, notation.placeholder, std::move(help), schema, read, show};
}

/// A dsn. As a flag it must not have a password: everybody on the machine can read flags.
Setting connection(std::string const& key, auto member, std::string help)
{
    auto setting = single(key, member, dsn(), std::move(help));
    setting.read = [read = setting.read, key](Value const& value, Config& config,
                                              Problems& problems) {
        if (value.place.origin == Origin::Flag && holds_password(value.text))
            problems.add(value.place, fmt::format("{0}: a flag must not hold a password, everyone "
                                                  "on the machine can read it; use "
                                                  "{1}.password-file or PGPASSWORD",
                                                  key, section_of(key)));
        else
            read(value, config, problems);
    };
    return setting;
}

/// Like a dsn, it may have a password in every source but a flag.
Setting pushgateway(auto member)
{
    std::string const key = "metrics.pushgateway";
    auto setting =
        single(key, member, http_url(), "URL of the Pushgateway, http or https; empty: none");
    setting.read = [read = setting.read, key](Value const& value, Config& config,
                                              Problems& problems) {
        if (value.place.origin == Origin::Flag && mask_userinfo(value.text) != value.text)
            problems.add(value.place, key +
                                          ": a flag must not hold a password, everyone on the "
                                          "machine can read it; use metrics.pushgateway-user and "
                                          "metrics.pushgateway-password-file");
        else
            read(value, config, problems);
    };
    return setting;
}

Setting handling(DriftRow const& row)
{
    std::vector<std::pair<std::string, Handling>> options = {{"report", Handling::Report},
                                                             {"off", Handling::Off}};
    if (row.remedy != Remedy::Person)
        options.insert(options.begin(), {"apply", Handling::Apply});
    auto const member = [kind = row.kind](auto& config) -> auto&
    {
        return config.policy.handling.at(kind);
    };
    return single("drift." + key_name_of(row.kind), member, choice(options), std::string{row.help});
}

/// The three limits of one guard.
void add_guard(std::vector<Setting>& table, GuardRow const& row)
{
    auto const limit = [kind = row.kind](auto field) {
        return [=](auto& config) -> auto&
        {
            return config.guard.of(kind).*field;
        };
    };
    auto const key = fmt::format("guard.{}-", row.name);
    auto const base = row.base == GuardBase::Tenants ? "tenants" : "customers";
    table.push_back(single(key + "ratio", limit(&GuardLimit::ratio), ratio(),
                           fmt::format("A run with more {}s than this share of the {} holds them "
                                       "back",
                                       row.name, base)));
    table.push_back(single(key + "floor", limit(&GuardLimit::floor), count(),
                           "... but so many are always let through"));
    table.push_back(single(key + "number", limit(&GuardLimit::number), count(),
                           "... and never more than this; 0: no such limit"));
}

/// A choice of words that are kept as they are.
Notation<std::string> one_word_of(std::vector<std::string> const& words)
{
    return choice(models::each_of(words, [](std::string const& word) {
        return std::pair{word, word};
    }));
}

Setting also_named(Setting setting, std::string alias)
{
    setting.aliases.push_back(std::move(alias));
    return setting;
}

std::vector<Setting> make_settings()
{
    using C = Config;
    auto const products = one_word_of({"psa", "algadesk"});
    auto const policies = choice<ChangePolicy>({{"sync", ChangePolicy::Sync},
                                                {"upsert-only", ChangePolicy::UpsertOnly},
                                                {"create-only", ChangePolicy::CreateOnly}});
    auto const contacts =
        choice<models::Admins>({{"admin", models::Admins::First}, {"admins", models::Admins::All}});
    auto const cleanups = choice<CleanupMode>({{"report", CleanupMode::Report},
                                               {"untag", CleanupMode::Untag},
                                               {"deactivate", CleanupMode::Deactivate},
                                               {"delete", CleanupMode::Delete}});
    auto const formats = choice(models::each_of(kFormats, [](FormatName const& name) {
        return std::pair{std::string{name.word}, name.format};
    }));
    auto const levels = choice<LogLevel>({{"auto", LogLevel::Auto},
                                          {"info", LogLevel::Info},
                                          {"warning", LogLevel::Warning},
                                          {"error", LogLevel::Error}});
    auto const exposures = choice<PersonalData>(
        {{"auto", PersonalData::Auto}, {"show", PersonalData::Show}, {"mask", PersonalData::Mask}});
    auto const colors =
        choice<Color>({{"auto", Color::Auto}, {"always", Color::Always}, {"never", Color::Never}});

    std::vector<Setting> table = {
        single("environment", at(&C::environment), any_text(),
               "What this installation is called where there are several; metrics carry it as "
               "`instance`"),
        connection("source.dsn", at(&C::source, &Database::dsn),
                   "Database with the tenants, as libpq conninfo or URI; empty: PG* variables"),
        single("source.password-file", at(&C::source, &Database::password_file), file_name(),
               "File whose first line is the source's password"),
        connection("management.dsn", at(&C::management, &Database::dsn),
                   "Database with the management tenant; empty: the source"),
        single("management.password-file", at(&C::management, &Database::password_file),
               file_name(), "File whose first line is the management database's password"),
        also_named(single("management.tenant-id", at(&C::management_tenant_id),
                          optional_tenant_id(), "Id of the management tenant; empty: by its name"),
                   "NINEMINDS_TENANT_ID"),
        single("management.tenant-name", at(&C::management_tenant_name), nonblank_text("NAME"),
               "Name of the management tenant; where the id is given too, both must fit"),

        also_named(
            single("tag.psa", tag_at("psa"), tag_text(), "Tag of a customer with product psa"),
            "CUSTOMER_TAG_NAME"),
        single("tag.algadesk", tag_at("algadesk"), tag_text(),
               "Tag of a customer with product algadesk"),
        single("tag.canceled", at(&C::policy, &Policy::canceled_tag), tag_text(),
               "Tag of a customer whose tenant is gone"),

        also_named(single("tracking-enabled", at(&C::tracking_enabled), yes_or_no(),
                          "When false, apply only reports"),
                   "ENABLE_CUSTOMER_TRACKING"),
        list("products", at(&C::policy, &Policy::products), products,
             "Products whose tenants are tracked"),
        list("exclude", at(&C::policy, &Policy::exclude), tenant_id(),
             "Ids of tenants to leave alone"),
        single("minimum-age", at(&C::policy, &Policy::minimum_age), seconds(0ms, kYear),
               "Tenants younger than this may still be in the making and are left alone"),
        single("contacts", at(&C::policy, &Policy::contacts), contacts,
               "Who becomes a contact: the tenant's first admin, or all admins"),
        single("policy", at(&C::policy, &Policy::reach), policies,
               "sync: everything; upsert-only: no clean-up; create-only: only new customers"),
    };
    for (auto const kind : reconcile::kDriftKinds)
        table.push_back(handling(reconcile::row_of(kind)));
    for (auto const& row : reconcile::kGuardTable)
        add_guard(table, row);

    auto const signed_commands =
        one_word_of({"apply", "allow", "link", "ignore", "forget", "undo"});
    auto const occasions = choice<Occasion>({{"refused", Occasion::Refused},
                                             {"failed", Occasion::Failed},
                                             {"decision", Occasion::Decision},
                                             {"recovered", Occasion::Recovered}});
    std::vector<Setting> const rest = {
        single("guard.tenants", at(&C::guard, &Guards::tenants), ratio(),
               "A run that sees fewer tenants than this share of the usual number does nothing"),
        single("cleanup.mode", at(&C::policy, &Policy::cleanup), cleanups,
               "What becomes of an orphan: report, untag, deactivate; delete: only where nothing "
               "but what the job made refers to it, else deactivate"),
        single("grace.time", at(&C::policy, &Policy::grace, &Grace::time), seconds(0ms, kYear),
               "An orphan is cleaned up when it was first seen so long ago"),
        single("grace.runs", at(&C::policy, &Policy::grace, &Grace::runs), whole_number(1, 1000),
               "... and when so many runs have seen it"),
        waivers_setting(),

        single("journal.retention", at(&C::journal_retention), duration(0ms, 10 * kYear, 1s),
               "How long the journal remembers runs, and can undo them; 0: for ever"),
        single("journal.note-drift", at(&C::journal_notes_drift), yes_or_no(),
               "Keep the drift that a run leaves. Drift is new since the last run that kept it"),
        list("journal.require-by", at(&C::require_by), signed_commands,
             "What needs --by: these commands, and any that is given --allow"),
        single("by", at(&C::by), any_text(),
               "Who asks for it, a person or a ticket: the journal keeps it beside the login"),

        single(
            "reading-pace", at(&C::reads_gently), choice<bool>({{"fast", false}, {"gentle", true}}),
            "fast: both sides at once, where that pays; gentle: one after the other, which takes "
            "longer and leaves the server a processor for others"),
        single("batch-size", at(&C::batch_size), whole_number(1, 10'000),
               "Customers changed in one transaction"),
        single("statement-timeout", at(&C::statement_timeout), duration(1ms, 1h),
               "A statement that runs longer than this is canceled"),
        single("lock-timeout", at(&C::lock_timeout), duration(1ms, 1h),
               "A statement that waits longer than this for a lock is canceled"),
        single("connect-timeout", at(&C::connect_timeout), duration(1s, 5min, 1s),
               "A connection attempt that takes longer than this has failed"),

        single("deadline", at(&C::deadline), duration(0ms, 24h),
               "A run that takes longer than this ends as by a signal, with exit code 6; 0: none"),

        single("retry.attempts", at(&C::retry, &Retry::attempts), whole_number(1, 100),
               "How often something is tried, the first time included, after a lost connection, a "
               "deadlock and the like"),
        single("retry.base", at(&C::retry, &Retry::base), duration(1ms, 1h),
               "Longest pause before the second try; it doubles with every further try"),
        single("retry.limit", at(&C::retry, &Retry::limit), duration(1ms, 1h),
               "No pause is longer than this"),
        single("lease.time", at(&C::lease_time), duration(10s, 24h),
               "How long a run that was killed keeps others from writing"),
        single("lease.wait", at(&C::lease_wait), duration(0ms, 24h),
               "How long to wait for another run that is at work, before exit code 75"),

        single("metrics.textfile", at(&C::metrics, &Metrics::textfile), textfile(),
               "File for node_exporter's textfile collector; empty: none"),
        pushgateway(at(&C::metrics, &Metrics::pushgateway)),
        single("metrics.pushgateway-user", at(&C::metrics, &Metrics::pushgateway_user), any_text(),
               "User that the Pushgateway asks for; empty: none"),
        single("metrics.pushgateway-password-file",
               at(&C::metrics, &Metrics::pushgateway_password_file), file_name(),
               "File whose first line is the Pushgateway's password"),
        single("metrics.pushgateway-ca-file", at(&C::metrics, &Metrics::pushgateway_ca_file),
               file_name(),
               "Certificates (PEM) that may vouch for the Pushgateway; empty: the system's"),
        single("metrics.timeout", at(&C::metrics, &Metrics::timeout), duration(100ms, 5min),
               "A push that takes longer than this, with the look-up of the name, is given up"),

        single("notify.url-file", at(&C::notify, &Notify::url_file), file_name(),
               "File whose first line is the URL of a chat's incoming webhook; empty: none"),
        list("notify.on", at(&C::notify, &Notify::on), occasions,
             "What the webhook is told, each where the run before was different"),
        single("notify.ping-url-file", at(&C::notify, &Notify::ping_url_file), file_name(),
               "File whose first line is a URL to call after each apply that went well; empty: "
               "none"),
        single("notify.ca-file", at(&C::notify, &Notify::ca_file), file_name(),
               "Certificates (PEM) that may vouch for these servers; empty: the system's"),
        single("notify.timeout", at(&C::notify, &Notify::timeout), duration(100ms, 5min),
               "A call that takes longer than this, with the look-up of the name, is given up"),

        single("log.format", at(&C::log, &Log::format),
               choice<Format>({{"text", Format::Text}, {"json", Format::Json}}),
               "Form of the log: one event a line"),
        single("log.level", at(&C::log, &Log::level), levels,
               "The least severe events that are logged; auto: info in JSON, warning in text"),
        single(
            "personal-data", at(&C::personal_data), exposures,
            "People's names and e-mails in reports; auto: shown on a terminal, masked elsewhere"),

        single("format", at(&C::format), formats, "Form of the report on standard output"),
        list("report", at(&C::report), report_file(), "Files to write the report to as well"),
        single("color", at(&C::color), colors, "Colours in the text report"),
        single("list-limit", at(&C::list_limit), whole_number(0, 1'000'000),
               "How many items of each kind the text and Markdown reports list; 0: all"),
        single("dry-run", at(&C::dry_run), yes_or_no(), "Report what would be done, write nothing"),
    };
    table.insert(table.end(), rest.begin(), rest.end());
    return table;
}

}  // namespace

std::string Setting::flag() const
{
    auto name = key;
    std::replace(name.begin(), name.end(), '.', '-');
    return "--" + name;
}

std::string Setting::variable() const
{
    auto name = key;
    for (char& c : name)
        c = c == '.' || c == '-' ? '_' : static_cast<char>(c - 'a' + 'A');
    return kVariablePrefix + name;
}

std::vector<Setting> const& settings()
{
    static auto const table = make_settings();
    return table;
}

Setting const* find_setting(std::string_view key)
{
    auto const& table = settings();
    auto const found = std::find_if(table.begin(), table.end(),
                                    [&](Setting const& setting) { return setting.key == key; });
    return found == table.end() ? nullptr : &*found;
}

std::string section_of(std::string const& key)
{
    auto const dot = key.find('.');
    return dot == key.npos ? "" : key.substr(0, dot);
}

}  // namespace tracking::config
