#include "models/pg/database.hpp"

#include "models/pg/abandonable.hpp"
#include "models/pg/libpqxx.hpp"
#include "models/pg/line.hpp"
#include "models/pg/pg.hpp"

#include <libpq-fe.h>

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <map>
#include <stdexcept>
#include <thread>

namespace tracking::models {

namespace {

using namespace std::chrono_literals;

/// How much longer than its statement may take an answer is waited for.
constexpr std::chrono::milliseconds kWayBack{2'000};

/// How long an answer is waited for where the statement has no limit.
constexpr std::chrono::milliseconds kWithoutLimit{std::chrono::hours{24}};

/// How long a statement that only ends a transaction or a session is waited for.
constexpr std::chrono::milliseconds kFarewell{2'000};

constexpr std::chrono::seconds kAfterSilence{2};

/// How long a server may take to let a session go.
constexpr std::chrono::milliseconds kLeaving{500};

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

/// Reads both forms that libpq knows. So a URI can be given a password and a timeout too.
std::map<std::string, std::string> parse_dsn(std::string const& dsn)
{
    char* problem = nullptr;
    std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> const options{
        PQconninfoParse(dsn.c_str(), &problem), &PQconninfoFree};
    if (!options) {
        // The message may repeat a part of the dsn, and so a password. It is not shown.
        PQfreemem(problem);
        throw ConnectionMisconfigured{"the connection string is not one that libpq can read"};
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
    parts.try_emplace("application_name", login.application_name);
    // All texts here are UTF-8, whatever the environment, the dsn or the role says.
    parts["client_encoding"] = "UTF8";
    // A server or a network that is silently gone is noticed within half a minute, not in hours.
    parts.try_emplace("keepalives_idle", "15");
    parts.try_emplace("keepalives_interval", "5");
    parts.try_emplace("keepalives_count", "3");
    parts.try_emplace("tcp_user_timeout", "30000");
    std::string text;
    for (auto const& [key, value] : parts)
        text += key + "=" + conninfo_value(value) + " ";
    return text;
}

/// Notes the schemas of the role's search_path for detect_schema(), before that path is replaced.
constexpr char const* kOfCatalogue =
    "SELECT pg_catalog.set_config('customer_reconcile.schemas',"
    " pg_catalog.current_schemas(false)::pg_catalog.text, true);"
    " SET LOCAL search_path = pg_catalog, pg_temp; ";

std::string of_platform(std::string_view schema)
{
    return fmt::format("SET LOCAL search_path = pg_catalog, {}, pg_temp; ", schema);
}

/// Settings of the role or the database that would change what the statements mean, or how values
/// come back.
constexpr char const* kMeanings =
    "SET LOCAL standard_conforming_strings = on; SET LOCAL transform_null_equals = off; "
    "SET LOCAL array_nulls = on; SET LOCAL quote_all_identifiers = off; "
    "SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres'; "
    "SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; "
    "SET LOCAL timezone = 'UTC'; ";

/// Writers count on seeing what others have committed meanwhile.
std::string beginning_of(Access access)
{
    return access == Access::ReadWrite ? "BEGIN ISOLATION LEVEL READ COMMITTED; "
                                       : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ";
}

std::string limits(Timeouts const& timeouts)
{
    return fmt::format("SET LOCAL statement_timeout = {}; SET LOCAL lock_timeout = {}",
                       timeouts.statement.count(), timeouts.lock.count());
}

/// Citus has this setting wherever it is loaded; elsewhere nothing has it.
constexpr char const* kHasWorkers =
    "SELECT pg_catalog.current_setting('citus.propagate_set_commands', true) IS NOT NULL";

/// Begins and sets everything in one round trip, unless there are workers. Citus sends workers the
/// whole text in which a SET LOCAL stands. So settings that must reach them go in a text of their
/// own. The limit for idle sessions is not among them, since a worker idles whenever others work.
/// Nor is a snapshot, which a worker could not import.
void begin(Transaction& tx, std::string_view beginning, Timeouts const& timeouts, Plans plans)
{
    auto const answer = pg::exec(
        tx,
        fmt::format(
            "{}{}{}; SET LOCAL idle_in_transaction_session_timeout = {}; SET LOCAL jit = off{}; "
            "{}",
            beginning, kMeanings, limits(timeouts), timeouts.idle.count(),
            plans == Plans::OfStreams ? "; SET LOCAL enable_nestloop = off; "
                                        "SET LOCAL max_parallel_workers_per_gather = 0"
                                      : "",
            kHasWorkers));
    if (pg::is_true(answer[0][0]))
        pg::exec(tx, "SET LOCAL citus.propagate_set_commands = 'local'; " + limits(timeouts));
}

}  // namespace

struct Database::Session
{
    Session(RawSession opened, Cancellation* by)
        : raw{opened.get()},
          line{std::make_shared<Line>(opened.get())},
          cancellation{by},
          connection{std::make_unique<pg::Connection>(std::move(opened))}
    {}
    ~Session()
    {
        Cancellation::Wait const wait{cancellation, *line, Cancellation::Clock::now() + kFarewell};
        connection.reset();
    }
    Session(Session const&) = delete;
    Session& operator=(Session const&) = delete;

    pg_conn* raw;
    std::shared_ptr<Line> line;
    Cancellation* cancellation;
    std::unique_ptr<pg::Connection> connection;  ///< owns `raw`
};

namespace {

/// libpq cannot be stopped while it looks up a name. So it runs in a thread of its own, which is
/// abandoned when there is no time to wait for it.
RawSession connect(std::string const& conninfo, std::chrono::seconds patience,
                   Cancellation* cancellation)
{
    std::shared_ptr<Attempt> const attempt{new Attempt{conninfo, patience}};
    struct GivingUp
    {
        ~GivingUp() { attempt.is_given_up = true; }
        Attempt& attempt;
    } const at_the_end{*attempt};
    auto session = in_abandonable_thread_or_here([attempt] { return open_session(*attempt); });
    auto const last_moment =
        cancellation ? cancellation->last_moment() : Cancellation::Clock::time_point::max();
    while (session.wait_for(20ms) != std::future_status::ready) {
        if (cancellation)
            cancellation->stop_if_requested();
        auto const now = Cancellation::Clock::now();
        if (now > attempt->due.load() + kFarewell || now > last_moment)
            throw ConnectionLost{
                "no connection: the look-up of the server's name, or the server, "
                "does not answer",
                Loss::Silent};
    }
    return session.get();
}

}  // namespace

Database::Database(Login const& login) : login_{login}
{
    reconnect();
}

void Database::reconnect()
{
    // A server that has just been silent gets another short chance, and no more.
    auto const patience = session_ && session_->line->is_shut()
                              ? std::min(login_.connect_timeout, kAfterSilence)
                              : login_.connect_timeout;
    session_.reset();
    auto const text_of_login = conninfo(login_);
    for (auto const until = Cancellation::Clock::now() + kLeaving; !session_;) {
        try {
            session_ = std::make_unique<Session>(
                connect(text_of_login, patience, login_.cancellation), login_.cancellation);
        } catch (NoRoom const&) {
            // A closed session counts until its process has ended.
            if (Cancellation::Clock::now() > until)
                throw;
            std::this_thread::sleep_for(20ms);
        }
    }
    auto const text = [](char const* part) { return part ? part : ""; };
    auto& connection = *session_->connection;
    description_ =
        fmt::format("{}:{}/{} as {}", text(connection.hostname()), text(connection.port()),
                    text(connection.dbname()), text(connection.username()));
}

Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Transaction Database::open(Timeouts const& timeouts)
{
    if (!session_)
        throw ConnectionLost{"there is no session with the server"};
    if (PQstatus(session_->raw) == CONNECTION_OK &&
        PQtransactionStatus(session_->raw) != PQTRANS_IDLE)
        throw std::logic_error{"the session is in another transaction"};
    return {*session_, timeouts.statement == 0ms ? kWithoutLimit : timeouts.statement + kWayBack};
}

Transaction Database::begin(Access access, Timeouts const& timeouts, Plans plans)
{
    auto tx = open(timeouts);
    models::begin(tx, beginning_of(access) + kOfCatalogue, timeouts, plans);
    return tx;
}

Transaction Database::begin_among_triggers(std::string_view schema, Timeouts const& timeouts)
{
    auto tx = open(timeouts);
    models::begin(tx, beginning_of(Access::ReadWrite) + of_platform(schema), timeouts,
                  Plans::OfFewRows);
    return tx;
}

Transaction Database::begin_beside(Transaction& first, Timeouts const& timeouts)
{
    std::string const snapshot{
        pg::text(pg::exec(first, "SELECT pg_catalog.pg_export_snapshot()")[0][0])};
    auto tx = open(timeouts);
    models::begin(tx,
                  fmt::format("{}SET TRANSACTION SNAPSHOT '{}'; {}", beginning_of(Access::ReadOnly),
                              snapshot, kOfCatalogue),
                  timeouts, Plans::OfStreams);
    return tx;
}

std::string const& Database::description() const
{
    return description_;
}

Transaction::Transaction(Database::Session const& session, std::chrono::milliseconds patience)
    : line_{session.line},
      cancellation_{session.cancellation},
      patience_{patience},
      session_{session.raw},
      connection_{session.connection.get()},
      pipeline_{std::make_unique<pg::Pipeline>(session.raw)}
{}

Transaction::Transaction(Transaction&&) noexcept = default;

Transaction::~Transaction()
{
    if (!pipeline_ || is_committed_ || PQstatus(session_) != CONNECTION_OK ||
        PQtransactionStatus(session_) == PQTRANS_IDLE)
        return;
    auto const wait = wait_for_end();
    PQclear(PQexec(session_, "ROLLBACK"));
}

void Transaction::stop_if_cancelled() const
{
    if (cancellation_)
        cancellation_->stop_if_requested();
}

void Transaction::stop_if_silent() const
{
    if (line_->is_shut())
        throw ConnectionLost{
            fmt::format("no answer from the server within {:g} s: the session with it is given up",
                        std::chrono::duration<double>{patience_}.count()),
            Loss::Silent};
}

void Transaction::stop_if_lost() const
{
    if (PQstatus(session_) != CONNECTION_OK)
        throw ConnectionLost{"the session with the server was lost before"};
}

Cancellation::Wait Transaction::wait_for_answer() const
{
    return {cancellation_, *line_, Cancellation::Clock::now() + patience_};
}

Cancellation::Wait Transaction::wait_for_end() const
{
    return {cancellation_, *line_, Cancellation::Clock::now() + kFarewell};
}

int Transaction::server_version() const
{
    return PQserverVersion(session_);
}

int Transaction::process_id() const
{
    return PQbackendPID(session_);
}

void Transaction::commit()
{
    stop_if_cancelled();
    auto const commit = pipeline_->add("COMMIT", {});
    try {
        // The server answers the COMMIT of a transaction in which a statement failed with success.
        if (pipeline_->answer_to(*commit, *this).command() != "COMMIT")
            throw CommitFailed{"a statement of this transaction has failed", "25P02"};
        is_committed_ = true;
    } catch (ConnectionLost const& error) {
        try {
            stop_if_silent();
        } catch (ConnectionLost const& silence) {
            throw CommitInDoubt{silence};
        }
        throw CommitInDoubt{error};
    } catch (StatementFailed const& error) {
        if (commit->is_culprit)
            throw CommitFailed{error.what(), error.sqlstate()};
        stop_if_cancelled();  // it failed because it was cancelled
        throw;
    }
}

}  // namespace tracking::models
