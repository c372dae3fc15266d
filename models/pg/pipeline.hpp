#pragma once

#include "models/pg/params.hpp"
#include "models/pg/rows.hpp"

#include <exception>
#include <memory>
#include <span>
#include <string>
#include <vector>

struct pg_conn;

namespace tracking::models {
class Transaction;
}

namespace tracking::models::pg {

/// @throws StatementFailed, or ConnectionLost where the code says that the session is lost too, or
///         ConnectionMisconfigured where a pooler takes no transactions
[[noreturn]] void throw_failure(std::string const& message, std::string const& sqlstate);

/// A statement that is to be sent, or was, and what became of it.
struct Asked
{
    std::string sql;
    std::vector<Param> params;
    bool is_settled = false;  ///< answered or failed
    Rows answer{};
    std::exception_ptr failure{};  ///< its own, or that of a statement before it
    bool is_culprit = false;       ///< the failure is its own
};

/// The statements of one transaction, in the order in which they were asked for. Those that wait
/// share a round trip: libpq's pipeline mode, which libpqxx does not have. `tx` is their
/// transaction, which bounds each wait for an answer.
class Pipeline
{
public:
    explicit Pipeline(pg_conn* session) : session_{session} {}

    /// The statement waits until somebody needs an answer.
    std::shared_ptr<Asked> add(std::string sql, std::vector<Param> params);

    /// Sends what waits, where this statement does too.
    /// @throws StatementFailed, ConnectionLost where it failed, or one before it
    Rows answer_to(Asked const& asked, Transaction const& tx);

    /// Sends what waits, then a text of one or more statements by itself. Returns what the last of
    /// these returned.
    /// @throws as answer_to()
    Rows run(std::string const& text, Transaction const& tx);

    /// Sends what waits. @throws as answer_to()
    void flush(Transaction const& tx);

    /// Takes what is left of a stream: libpqxx 7 leaves its end to the next statement, and of one
    /// that is not read to its end the rows too.
    void end_stream();

    /// What waits is never sent, and a failure that nobody has heard of is forgotten.
    void drop();

private:
    using Group = std::span<std::shared_ptr<Asked> const>;

    void send(Transaction const& tx);
    void settle(Group group);
    void send_one(Asked& asked, Transaction const& tx);
    void send_together(Group group, Transaction const& tx);
    void send_buffered(Transaction const& tx);
    void leave_pipeline_mode(Transaction const& tx);
    void take_in(Asked& asked, std::shared_ptr<pg_result> result);

    pg_conn* session_;
    std::vector<std::shared_ptr<Asked>> waiting_;
    std::exception_ptr unreported_;  ///< a failure of a statement for whose answer nobody asked yet
};

}  // namespace tracking::models::pg
