#pragma once

#include "models/pg/cancellation.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

struct pg_conn;

namespace tracking::models {

class Line;

namespace pg {
class Connection;
class Pipeline;
}  // namespace pg

/// Where a database is and how to get in.
struct Login
{
    std::string dsn;       ///< libpq connection string or URI; what it leaves out comes from PG*
    std::string password;  ///< empty: libpq looks in PGPASSWORD, a service or a password file
    std::string application_name = "customer-reconcile";
    std::chrono::seconds connect_timeout{10};
    Cancellation* cancellation = nullptr;  ///< may end statements and attempts; outlives them
};

/// How long the server may work on one statement, wait for one lock, and wait for the next
/// statement of a transaction. Zero: without limit. The session is given up where the server sends
/// nothing for a little longer than a statement may take.
struct Timeouts
{
    std::chrono::milliseconds statement{60'000};
    std::chrono::milliseconds lock{2'000};
    std::chrono::milliseconds idle{60'000};
};

enum class Access
{
    ReadOnly,   ///< one snapshot from the first statement to the last; the server refuses writes
    ReadWrite,  ///< read committed
};

/// What a transaction is for, so that the server can plan it well.
enum class Plans
{
    OfFewRows,
    /// After a backfill the statistics still say that the owner has almost no rows. A nested loop
    /// over the rows of today would take for ever, so there are none. There are no parallel workers
    /// either: both sides are read at once, and workers would take the processors from each other.
    OfStreams,
};

/// How the rows of a stream are fetched.
enum class Fetching
{
    InPieces,  ///< as they are asked for: other statements, and streams, share the transaction
    InOne,  ///< as fast as they come: until its end no other statement can run in the transaction
};

class Transaction;

/// One session with a server. It keeps no session state: timeouts are SET LOCAL and nothing is
/// prepared. So a pooler in transaction mode may sit between.
class Database
{
public:
    /// @throws ConnectionLost when the server cannot be reached, LoginRefused when it says no,
    ///         ConnectionMisconfigured, Interrupted
    explicit Database(Login const& login);
    Database(Database&&) noexcept;
    Database& operator=(Database&&) noexcept;
    ~Database();

    /// Replaces the session by a new one. The old one is closed first, since a role may have no
    /// more than one. No transaction may be open. Throws as the constructor does.
    void reconnect();

    /// Begins a transaction, one at a time. Names without a schema are those of pg_catalog,
    /// whatever the role's search_path says. So nobody else's function or operator can stand in for
    /// one of these.
    Transaction begin(Access access, Timeouts const& timeouts = {}, Plans plans = Plans::OfFewRows);

    /// Begins a writing transaction in which triggers of the platform fire. They find their tables,
    /// since `schema` (as SQL writes it) stands behind pg_catalog in the search_path. So name a
    /// function or operator of pg_catalog with its schema, or give it exactly the types that it
    /// takes. Otherwise it may not be the one that is meant.
    Transaction begin_among_triggers(std::string_view schema, Timeouts const& timeouts = {});

    /// Begins a reading transaction for streams, with the snapshot of `first`. That is a
    /// transaction of another session with the same server.
    /// @throws StatementFailed where the server is not the same
    Transaction begin_beside(Transaction& first, Timeouts const& timeouts = {});

    /// `host:port/database as role`, for reports and messages.
    std::string const& description() const;

private:
    friend class Transaction;
    Transaction open(Timeouts const& timeouts);

    struct Session;
    Login login_;
    std::unique_ptr<Session> session_;  ///< null where reconnect() could not open a new one
    std::string description_;
};

/// All or nothing: rolls back unless commit() was reached.
class Transaction
{
public:
    Transaction(Transaction&&) noexcept;
    ~Transaction();

    /// @throws CommitInDoubt when the connection was lost before the server's answer came,
    ///         CommitFailed, Interrupted before the COMMIT was sent; StatementFailed where a
    ///         statement failed that was sent with it
    void commit();

    /// @throws Interrupted
    void stop_if_cancelled() const;

    /// @throws ConnectionLost where the server has not answered in time
    void stop_if_silent() const;

    /// @throws ConnectionLost where an earlier statement found that the session is gone
    void stop_if_lost() const;

    /// Hold this while waiting for an answer of the server: without it nobody can end the wait.
    Cancellation::Wait wait_for_answer() const;

    /// The same for a statement that only ends something, perhaps in a destructor.
    Cancellation::Wait wait_for_end() const;

    /// For the .cpp files of models/pg/ only. The others run statements through pg.hpp.
    pg::Pipeline& pipeline() { return *pipeline_; }
    pg::Connection& connection() { return *connection_; }

    int server_version() const;  ///< as in 150018
    int process_id() const;      ///< of the server, or what a pooler says that it is

private:
    friend class Database;
    Transaction(Database::Session const& session, std::chrono::milliseconds patience);

    std::shared_ptr<Line> line_;
    Cancellation* cancellation_;
    std::chrono::milliseconds patience_;  ///< how long one answer is waited for
    pg_conn* session_;
    pg::Connection* connection_;
    std::unique_ptr<pg::Pipeline> pipeline_;  // null: moved away
    bool is_committed_ = false;  // then the session may be in another transaction by now
};

}  // namespace tracking::models
