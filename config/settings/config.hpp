#pragma once

#include "config/notation/format.hpp"
#include "models/rules/id.hpp"
#include "reconcile/policy/guard_limits.hpp"
#include "reconcile/policy/policy.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tracking::config {

/// A database and how to get into it.
struct Database
{
    std::string dsn;                      ///< conninfo or URI; empty: libpq's PG* variables
    std::filesystem::path password_file;  ///< empty: none
    std::string password;                 ///< the password file's first line, read by load()

    bool operator==(Database const&) const = default;
};

/// Where the metrics of a run go: to either, both or none.
struct Metrics
{
    std::filesystem::path textfile;  ///< empty: none
    std::string pushgateway;         ///< http or https URL; empty: none
    std::string pushgateway_user;    ///< empty: none, unless the URL has one
    std::filesystem::path pushgateway_password_file;
    std::string pushgateway_password;           ///< the file's first line, read by load()
    std::filesystem::path pushgateway_ca_file;  ///< empty: the system's
    std::chrono::milliseconds timeout = std::chrono::seconds{10};

    bool operator==(Metrics const&) const = default;
};

/// What a chat is told about: where a run differs in this from the run before.
enum class Occasion
{
    Refused,
    Failed,
    Decision,  ///< there are new items that wait for a person
    Recovered
};

/// Whom a run of apply tells how it went. The URLs are secrets, so only files hold them.
struct Notify
{
    std::filesystem::path url_file;  ///< of a chat's incoming webhook; empty: none
    std::vector<Occasion> on{Occasion::Refused, Occasion::Failed, Occasion::Decision,
                             Occasion::Recovered};
    std::filesystem::path ping_url_file;  ///< to call after a run that went well; empty: none
    std::filesystem::path ca_file;        ///< empty: the system's
    std::chrono::milliseconds timeout = std::chrono::seconds{10};

    bool operator==(Notify const&) const = default;
};

enum class Color
{
    Auto,
    Always,
    Never
};
enum class LogLevel
{
    Auto,  ///< Info in JSON, Warning in text
    Info,
    Warning,
    Error
};

/// The log goes to standard error.
struct Log
{
    Format format = Format::Text;
    LogLevel level = LogLevel::Auto;

    bool operator==(Log const&) const = default;
};

/// Whether reports show people's names and e-mail addresses.
enum class PersonalData
{
    Auto,  ///< shown on a terminal, masked elsewhere
    Show,
    Mask
};

/// How often something is tried, and how long the pauses are.
struct Retry
{
    int attempts = 5;  ///< the first one included
    std::chrono::milliseconds base = std::chrono::seconds{1};
    std::chrono::milliseconds limit = std::chrono::seconds{30};

    bool operator==(Retry const&) const = default;
};

/// Everything an operator can set, each default at its member. settings() says how each is written.
struct Config
{
    std::string environment;  ///< what people call this installation; empty: nothing
    Database source;
    Database management;  ///< without a dsn: the source's, see management_database()
    std::optional<models::TenantId> management_tenant_id;  ///< nothing: found by its name
    std::string management_tenant_name = "Nine Minds LLC";
    bool is_management_tenant_named = false;  ///< the operator has named it: it is not the default

    bool tracking_enabled = true;
    reconcile::Policy policy;
    reconcile::Guards guard;

    std::chrono::milliseconds journal_retention = std::chrono::hours{24 * 400};  ///< 0: for ever
    bool journal_notes_drift = true;
    std::vector<std::string>
        require_by;  ///< commands that need `by`; `allow`: wherever it is given
    std::string by;  ///< the person who asks for it; empty: not said

    bool reads_gently = false;  ///< one side after the other
    int batch_size = 500;
    std::chrono::milliseconds statement_timeout = std::chrono::seconds{60};
    std::chrono::milliseconds lock_timeout = std::chrono::seconds{2};
    std::chrono::milliseconds connect_timeout = std::chrono::seconds{10};

    std::chrono::milliseconds deadline{0};  ///< zero: none
    Retry retry;
    std::chrono::milliseconds lease_time = std::chrono::minutes{5};
    std::chrono::milliseconds lease_wait{0};  ///< zero: a lease that is held ends the command

    Metrics metrics;
    Notify notify;
    Log log;
    PersonalData personal_data = PersonalData::Auto;

    Format format = Format::Text;
    std::vector<std::filesystem::path> report;
    Color color = Color::Auto;
    int list_limit = 20;  ///< items listed per kind; 0: all
    bool dry_run = false;

    Database const& management_database() const
    {
        return management.dsn.empty() ? source : management;
    }

    bool operator==(Config const&) const = default;
};

}  // namespace tracking::config
