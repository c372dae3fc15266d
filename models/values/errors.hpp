#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace tracking::models {

/// What the server, or the way to it, said. Messages name the database and never hold a password.
class DatabaseError : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

/// How a session was lost.
enum class Loss
{
    Told,    ///< the server, or the way to it, said so
    Silent,  ///< nothing came in the time that an answer takes at most
};

/// No session with the server: never had one, or lost it. A new Database may succeed.
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

/// No session can be had as the login has it (no such database, a setting or a certificate that
/// will not do): trying again will not help.
class ConnectionMisconfigured : public DatabaseError
{
public:
    using DatabaseError::DatabaseError;
};

/// The connection went while a COMMIT was under way: it may or may not have happened.
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

    /// Five characters, PostgreSQL's appendix A. The text around it varies (Citus adds shard
    /// suffixes), so decisions look at this alone.
    std::string const& sqlstate() const { return sqlstate_; }

    bool is_permission_denied() const { return sqlstate_ == "42501"; }
    bool is_conflict() const { return sqlstate_ == "23505"; }  ///< a row with that key is there

private:
    std::string sqlstate_;
};

/// The server answered a COMMIT with an error.
class CommitFailed : public StatementFailed
{
public:
    using StatementFailed::StatementFailed;
};

/// What was under way was ended on purpose: see Cancellation.
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

/// This run's lease has gone to another: it may not write any more.
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

/// The management tenant is not there, or more than one could be meant.
class ManagementTenantUnknown : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

}  // namespace tracking::models
