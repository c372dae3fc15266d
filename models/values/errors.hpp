#pragma once

#include <stdexcept>
#include <string>

namespace tracking::models {

/// An error from the server or from the connection to it. Messages name the database and never hold
/// a password.
class DatabaseError : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

/// How a session was lost.
enum class Loss
{
    Told,    ///< the server or the network reported it
    Silent,  ///< no answer came in the longest time that one may take
};

/// There is no session with the server: there never was one, or it was lost. A new Database may
/// succeed.
class ConnectionLost : public DatabaseError
{
public:
    explicit ConnectionLost(std::string const& message, Loss loss = Loss::Told)
        : DatabaseError{message}, loss_{loss}
    {}

    Loss loss() const { return loss_; }

private:
    Loss loss_;
};

/// The server refused the role: trying again will not help.
class LoginRefused : public DatabaseError
{
public:
    using DatabaseError::DatabaseError;
};

/// The login is configured in a way that gives no session (no such database, a setting or a
/// certificate that does not work): trying again will not help.
class ConnectionMisconfigured : public DatabaseError
{
public:
    using DatabaseError::DatabaseError;
};

/// The connection was lost during a COMMIT: it may or may not have happened.
class CommitInDoubt : public ConnectionLost
{
public:
    using ConnectionLost::ConnectionLost;
    explicit CommitInDoubt(ConnectionLost const& cause) : ConnectionLost{cause} {}
};

/// A statement failed; its transaction is gone with it.
class StatementFailed : public DatabaseError
{
public:
    StatementFailed(std::string const& message, std::string sqlstate)
        : DatabaseError{message}, sqlstate_{std::move(sqlstate)}
    {}

    /// Five characters, see PostgreSQL's appendix A. Decisions look at this alone, since the text
    /// varies (Citus adds shard suffixes).
    std::string const& sqlstate() const { return sqlstate_; }

    bool is_permission_denied() const { return sqlstate_ == "42501"; }
    bool is_conflict() const { return sqlstate_ == "23505"; }  ///< a row with that key exists

private:
    std::string sqlstate_;
};

/// The server answered a COMMIT with an error.
class CommitFailed : public StatementFailed
{
public:
    using StatementFailed::StatementFailed;
};

/// The work was ended on purpose: see Cancellation.
class Interrupted : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

/// Another run is at work. The message names it.
class LeaseHeld : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

/// Another run has taken this run's lease: this run may not write any more.
class LeaseLost : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

/// The database is not one that this program knows. Each problem names a table or a column.
class SchemaMismatch : public std::runtime_error
{
public:
    explicit SchemaMismatch(std::string const& message) : std::runtime_error{message} {}
};

/// The management tenant does not exist, or more than one tenant could be meant.
class ManagementTenantUnknown : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

}  // namespace tracking::models
