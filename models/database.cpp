#include "models/database.hpp"

#include "models/cancellation.hpp"
#include "models/pg.hpp"

#include <libpq-fe.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <future>
#include <map>
#include <thread>

namespace tracking::models {

namespace {

std::string conninfo_value(std::string_view value)
{
    std::string text = "'";
    for (char const c : value) {
        if (c == '\'' || c == '\\')
            text += '\\';
        text += c;
    }
    return text + "'";
}

/// Reads both forms that libpq knows, so that a URI can be given a password and a timeout too.
std::map<std::string, std::string> parse_dsn(std::string const& dsn)
{
    char* problem = nullptr;
    std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> const options{
        PQconninfoParse(dsn.c_str(), &problem), &PQconninfoFree};
    if (!options) {
        // The message may repeat a part of the dsn, and with it a password: say where, not what.
        PQfreemem(problem);
        throw LoginRefused{"the connection string is not one that libpq can read"};
    }
    std::map<std::string, std::string> parsed;
    for (auto const* option = options.get(); option->keyword; ++option) {
        if (option->val)
            parsed[option->keyword] = option->val;
    }
    return parsed;
}

std::string conninfo(Login const& login)
{
    auto parts = parse_dsn(login.dsn);
    if (!login.password.empty())
        parts["password"] = login.password;
    parts.try_emplace("connect_timeout", std::to_string(login.connect_timeout.count()));
    parts.try_emplace("application_name", login.application_name);
    // A server or a way to it that is silently gone is noticed within half a minute, not in hours.
    parts.try_emplace("keepalives_idle", "15");
    parts.try_emplace("keepalives_interval", "5");
    parts.try_emplace("keepalives_count", "3");
    parts.try_emplace("tcp_user_timeout", "30000");
    std::string text;
    for (auto const& [key, value] : parts)
        text += key + "=" + conninfo_value(value) + " ";
    return text;
}

/// Notes which schemas the role would look into, for detect_schema(), before nobody does any more.
constexpr char const* kOfCatalogue =
    "SELECT pg_catalog.set_config('customer_reconcile.schemas',"
    " pg_catalog.current_schemas(false)::pg_catalog.text, true);"
    " SET LOCAL search_path = pg_catalog, pg_temp; ";

std::string of_platform(std::string_view schema)
{
    return fmt::format("SET LOCAL search_path = pg_catalog, {}, pg_temp; ", schema);
}

/// One round trip for all.
std::string settings(std::string_view path, Timeouts const& timeouts, Plans plans)
{
    return fmt::format(
        "{}SET LOCAL statement_timeout = {}; SET LOCAL lock_timeout = {}; "
        "SET LOCAL idle_in_transaction_session_timeout = {}; SET LOCAL jit = off{}",
        path, timeouts.statement.count(), timeouts.lock.count(), timeouts.idle.count(),
        plans == Plans::OfStreams
            ? "; SET LOCAL enable_nestloop = off; SET LOCAL max_parallel_workers_per_gather = 0"
            : "");
}

/// libpq tells a refusal from an unreachable server only in words; those of the server itself
/// begin with FATAL. A server that is starting, stopping or full is one to try again, and so is a
/// pooler that does not reach its server.
bool is_refusal(std::string_view message)
{
    constexpr std::array kPassing{"starting up",
                                  "shutting down",
                                  "in recovery mode",
                                  "not accepting connections",
                                  "not yet accepting",
                                  "too many",
                                  "remaining connection slots",
                                  "no more connections",
                                  "cannot connect to server",
                                  "try again later",
                                  "query_wait_timeout"};
    auto const has = [&](std::string_view words) { return message.find(words) != message.npos; };
    return has("FATAL:") && std::ranges::none_of(kPassing, has);
}

}  // namespace

struct Database::Session final : Cancellable
{
    Session(std::string const& conninfo, Cancellation* by) : connection{conninfo}, cancellation{by}
    {
#if PQXX_VERSION_MAJOR < 7
        // A silently renewed session could split a transaction in two. Deprecated in 6.4 because
        // 7 never reactivates.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
        connection.inhibit_reactivation(true);
#pragma GCC diagnostic pop
#endif
        description = fmt::format(
            "{}:{}/{} as {}", connection.hostname() ? connection.hostname() : "",
            connection.port() ? connection.port() : "", connection.dbname(), connection.username());
        if (cancellation)
            cancellation->add(*this);
    }

    ~Session()
    {
        if (cancellation)
            cancellation->remove(*this);
    }

    void cancel_statement() noexcept override
    {
        try {
            connection.cancel_query();
        } catch (std::exception const&) {
            // There is no statement, or no server, any more: as good as cancelled.
        }
    }

    pqxx::connection connection;
    Cancellation* cancellation;
    std::string description;
};

namespace {

/// libpq's way to a session (names, several hosts, timeouts, encryption) cannot be left midway. So
/// it is gone in a thread of its own, which is abandoned when there is no time to wait for it.
template <class Session>
std::unique_ptr<Session> connect(std::string const& conninfo, Cancellation& cancellation)
{
    std::packaged_task<std::unique_ptr<Session>()> attempt{
        [conninfo, &cancellation] { return std::make_unique<Session>(conninfo, &cancellation); }};
    auto session = attempt.get_future();
    std::thread{std::move(attempt)}.detach();
    while (session.wait_for(std::chrono::milliseconds{20}) != std::future_status::ready)
        cancellation.stop_if_requested();
    return session.get();
}

}  // namespace

Database::Database(Login const& login) : login_{login}
{
    reconnect();
}

void Database::reconnect()
{
    try {
        session_ = login_.cancellation ? connect<Session>(conninfo(login_), *login_.cancellation)
                                       : std::make_unique<Session>(conninfo(login_), nullptr);
    } catch (pqxx::broken_connection const& error) {
        std::string_view message = error.what();
        while (message.ends_with('\n'))
            message.remove_suffix(1);
        if (is_refusal(message))
            throw LoginRefused{std::string{message}};
        throw ConnectionLost{std::string{message}};
    }
}

Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Transaction Database::open(Access access)
{
    std::unique_ptr<pqxx::transaction_base> raw;
    pg::translating_errors([&] {
        if (access == Access::ReadOnly)
            raw = std::make_unique<pg::Snapshot>(session_->connection);
        else
            raw = std::make_unique<pqxx::work>(session_->connection);
    });
    return Transaction{std::move(raw), login_.cancellation};
}

Transaction Database::begin(Access access, Timeouts const& timeouts, Plans plans)
{
    auto tx = open(access);
    pg::exec(tx, settings(kOfCatalogue, timeouts, plans));
    return tx;
}

Transaction Database::begin_among_triggers(std::string_view schema, Timeouts const& timeouts)
{
    auto tx = open(Access::ReadWrite);
    pg::exec(tx, settings(of_platform(schema), timeouts, Plans::OfFewRows));
    return tx;
}

Transaction Database::begin_beside(Transaction& first, Timeouts const& timeouts)
{
    std::string const snapshot{
        pg::text(pg::exec(first, "SELECT pg_catalog.pg_export_snapshot()")[0][0])};
    auto tx = open(Access::ReadOnly);
    pg::exec(tx, fmt::format("SET TRANSACTION SNAPSHOT '{}'; {}", snapshot,
                             settings(kOfCatalogue, timeouts, Plans::OfStreams)));
    return tx;
}

std::string const& Database::description() const
{
    return session_->description;
}

Transaction::Transaction(std::unique_ptr<pqxx::transaction_base> transaction,
                         Cancellation const* cancellation)
    : transaction_{std::move(transaction)}, cancellation_{cancellation}
{}

Transaction::Transaction(Transaction&&) noexcept = default;
Transaction::~Transaction() = default;

void Transaction::stop_if_cancelled() const
{
    if (cancellation_)
        cancellation_->stop_if_requested();
}

void Transaction::commit()
{
    stop_if_cancelled();
    try {
        pg::translating_errors([&] { transaction_->commit(); });
    } catch (CommitInDoubt const&) {
        throw;
    } catch (ConnectionLost const& error) {
        throw CommitInDoubt{error.what()};
    } catch (StatementFailed const& error) {
        throw CommitFailed{error.what(), error.sqlstate()};
    }
}

}  // namespace tracking::models
