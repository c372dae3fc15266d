#pragma once

// Statements, for the .cpp files of models/ only: no header that another layer sees includes this.

#include "models/pg/database.hpp"
#include "models/pg/params.hpp"
#include "models/pg/pipeline.hpp"
#include "models/pg/rows.hpp"
#include "models/values/errors.hpp"

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tracking::models::pg {

/// The statement with `part` where `place` stands first in it.
std::string with(std::string sql, std::string_view place, std::string_view part);

/// What a statement will have returned. It must not outlive the transaction.
class Answer
{
public:
    Answer(Transaction& tx, std::shared_ptr<Asked> asked) : tx_{&tx}, asked_{std::move(asked)} {}

    /// Waits for it. Everything that was asked for until now shares this round trip.
    /// @throws StatementFailed, ConnectionLost, Interrupted
    Rows rows() const;

private:
    Transaction* tx_;
    std::shared_ptr<Asked> asked_;
};

/// Asks for one statement without waiting. It is sent with the next one that somebody waits for, or
/// with the COMMIT; that is also where its failure is thrown, unless rows() throws it before.
Answer ask(Transaction& tx, std::string sql, std::vector<Param> params);

/// The same, where what the rows mean is needed later: `read` is called by get(), in its thread.
template <class Read>
auto ask(Transaction& tx, std::string sql, std::vector<Param> params, Read read)
{
    return std::async(std::launch::deferred,
                      [answer = ask(tx, std::move(sql), std::move(params)),
                       read = std::move(read)]() mutable { return read(answer.rows()); });
}

/// Asks and waits. Without parameters it may be a text of several statements; what the last one
/// returns counts.
/// @throws StatementFailed, ConnectionLost, Interrupted
Rows exec(Transaction& tx, std::string const& sql, std::vector<Param> const& params = {});

/// What was asked for and not sent is never sent. For whoever goes back to a savepoint.
void drop_what_waits(Transaction& tx);

/// Runs `work` in the transaction, or throws Interrupted where it is to be cancelled. All errors
/// are those of errors.hpp. `work` bounds its waits: Transaction::wait_for_answer().
void in_session(Transaction& tx, std::function<void()> const& work);

}  // namespace tracking::models::pg
