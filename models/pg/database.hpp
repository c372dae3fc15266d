#pragma once

#include "models/pg/cancellation.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace pqxx {
class transaction_base;
}

namespace tracking::models {

class Line;

/// Where a database is and how to get in.
struct Login
{
    std::string dsn;       ///< libpq connection string or URI; what it leaves out comes from PG*
    std::string password;  ///< empty: libpq looks in PGPASSWORD, a service or a password file
    std::string application_name = "customer-reconcile";
    std::chrono::seconds connect_timeout{10};
    Cancellation* cancellation = nullptr;  ///< what may end statements and attempts; outlives them
};

/// How long the server may work on one statement, wait for one lock, and wait for the next
/// statement of a transaction. Zero: without limit. Where nothing comes from the server a little
/// longer than a statement may take, its session is given up.
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

/// What a transaction is for, so that the server plans it well.
enum class Plans
{
    OfFewRows,
    /// After a backfill the statistics still say that the owner has next to nothing, and a nested
    /// loop over what it has by now would take for ever: there is none. Nor are there workers: the
    /// two sides are read at once, and take the processors from each other.
    OfStreams,
};

/// How the rows of a stream come.
enum class Fetching
{
    InPieces,  ///< as they are asked for: other statements, and streams, share the transaction
    InOne,     ///< as fast as they can: to its end the stream has the transaction for itself
};

class Transaction;

/// One session with a server. It keeps no session state, so a pooler in transaction mode may sit
/// between: timeouts are SET LOCAL and nothing is prepared.
class Database
{
public:
    /// @throws ConnectionLost when the server cannot be reached, LoginRefused when it says no,
    ///         ConnectionMisconfigured, Interrupted
    explicit Database(Login const& login);
    Database(Database&&) noexcept;
    Database& operator=(Database&&) noexcept;
    ~Database();

    /// A new session in place of this one, which is closed before: a role may have no more than
    /// one. No transaction may be open. Throws as the constructor.
    void reconnect();

    /// At most one transaction at a time. Names without a schema are those of pg_catalog, whatever
    /// the role's search_path says: nobody else's function or operator stands in for one of these.
    Transaction begin(Access access, Timeouts const& timeouts = {}, Plans plans = Plans::OfFewRows);

    /// A writing transaction in which triggers of the platform fire: their functions find its
    /// tables, since `schema` (as SQL writes it) stands behind pg_catalog. There a function, or an
    /// operator, of pg_catalog is only sure to be the one meant if it is named with its schema, or
    /// takes exactly the types that it is given.
    Transaction begin_among_triggers(std::string_view schema, Timeouts const& timeouts = {});

    /// A reading transaction for streams with the snapshot of `first`, one of another session with
    /// the same server. @throws StatementFailed where it is not the same
    Transaction begin_beside(Transaction& first, Timeouts const& timeouts = {});

    /// `host:port/database as role`, for reports and messages.
    std::string const& description() const;

private:
    friend class Transaction;
    Transaction open(Access access, Timeouts const& timeouts);

    struct Session;
    Login login_;
    std::unique_ptr<Session> session_;  ///< null where a new one was not to be had
    std::string description_;
};

/// All or nothing: rolls back unless commit() was reached.
class Transaction
{
public:
    Transaction(Transaction&&) noexcept;
    ~Transaction();

    /// @throws CommitInDoubt when the connection went before the server's answer came,
    /// CommitFailed,
    ///         Interrupted before it was sent
    void commit();

    /// @throws Interrupted
    void stop_if_cancelled() const;

    /// @throws ConnectionLost where the server has not answered in time
    void stop_if_silent() const;

    /// To be held while the server is waited for: without it nobody ends that.
    Cancellation::Wait wait_for_answer() const;

    /// The same for what only ends something, in a destructor perhaps.
    Cancellation::Wait wait_for_end() const;

    /// For pg.hpp, the one place that runs statements.
    pqxx::transaction_base& raw() { return *transaction_; }
    void note_failed(bool has_failed) { has_failed_ = has_failed; }

private:
    friend class Database;
    Transaction(Database::Session const& session, std::chrono::milliseconds patience);

    std::shared_ptr<Line> line_;
    Cancellation* cancellation_;
    std::chrono::milliseconds patience_;  ///< with an answer
    std::unique_ptr<pqxx::transaction_base> transaction_;
    bool has_failed_ = false;  // the last statement, and nothing was rolled back since
};

}  // namespace tracking::models
