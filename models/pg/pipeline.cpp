#include "models/pg/pipeline.hpp"

#include "models/pg/database.hpp"
#include "models/values/errors.hpp"

#include <libpq-fe.h>

#include <utility>

namespace tracking::models::pg {

namespace {

std::shared_ptr<pg_result> owned(pg_result* result)
{
    return {result, &PQclear};
}

/// @throws StatementFailed, ConnectionLost unless it is a good answer
Rows checked(pg_conn* session, std::shared_ptr<pg_result> result)
{
    auto const status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return Rows{std::move(result)};
    if (!result)
        throw ConnectionLost{PQerrorMessage(session)};
    auto const* const code = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
    throw_failure(PQresultErrorMessage(result.get()), code ? code : "");
}

/// A statement's parameters as libpq takes them.
struct Values
{
    explicit Values(std::vector<Param> const& params)
    {
        for (auto const& param : params) {
            texts.push_back(param.c_str());
            lengths.push_back(param.value() ? static_cast<int>(param.value()->size()) : 0);
            formats.push_back(param.is_binary() ? 1 : 0);
        }
    }
    int size() const { return static_cast<int>(texts.size()); }

    std::vector<char const*> texts;
    std::vector<int> lengths;
    std::vector<int> formats;
};

}  // namespace

// An administrator, a stopping server, a pooler or the limit for idle sessions has ended the
// session: it is lost too. An error without a code is not from the server: libpq reports its loss.
void throw_failure(std::string const& message, std::string const& sqlstate)
{
    if (sqlstate.empty() || sqlstate.starts_with("57P") || sqlstate.starts_with("08") ||
        sqlstate == "25P03")
        throw ConnectionLost{message};
    throw StatementFailed{message, sqlstate};
}

std::shared_ptr<Asked> Pipeline::add(std::string sql, std::vector<Param> params)
{
    return waiting_.emplace_back(
        std::make_shared<Asked>(Asked{.sql = std::move(sql), .params = std::move(params)}));
}

Rows Pipeline::answer_to(Asked const& asked, Transaction const& tx)
{
    if (!asked.is_sent)
        send(tx);
    if (!asked.failure)
        return asked.answer;
    unreported_ = nullptr;
    std::rethrow_exception(asked.failure);
}

Rows Pipeline::run(std::string const& text, Transaction const& tx)
{
    send(tx);
    if (unreported_)
        std::rethrow_exception(std::exchange(unreported_, nullptr));
    auto const wait = tx.wait_for_answer();
    return checked(session_, owned(PQexec(session_, text.c_str())));
}

void Pipeline::send(Transaction const& tx)
{
    auto const asked = std::exchange(waiting_, {});
    auto failure = unreported_;
    if (!failure && !asked.empty())
        asked.size() == 1 ? send_one(*asked.front(), tx) : send_together(asked, tx);
    for (auto const& one : asked) {
        one->is_sent = true;
        one->params.clear();
        one->is_culprit = !failure && one->failure;
        if (one->is_culprit)
            failure = one->failure;
        one->failure = failure;
    }
    unreported_ = failure;
}

void Pipeline::send_one(Asked& asked, Transaction const& tx)
{
    auto const wait = tx.wait_for_answer();
    Values const values{asked.params};
    take_in(asked, owned(PQexecParams(session_, asked.sql.c_str(), values.size(), nullptr,
                                      values.texts.data(), values.lengths.data(),
                                      values.formats.data(), 0)));
}

void Pipeline::take_in(Asked& asked, std::shared_ptr<pg_result> result)
{
    try {
        asked.answer = checked(session_, std::move(result));
    } catch (DatabaseError const&) {
        asked.failure = std::current_exception();
    }
}

// The server works on the first while the last are on their way. Where it cannot send an answer
// before it has read more, libpq reads while it writes. Without a request the server would keep
// back the answers to the end, and nobody could tell a long list of statements from a frozen
// server.
void Pipeline::send_together(std::vector<std::shared_ptr<Asked>> const& asked,
                             Transaction const& tx)
{
    {
        auto const wait = tx.wait_for_answer();
        PQenterPipelineMode(session_);
        for (auto const& one : asked) {
            Values const values{one->params};
            PQsendQueryParams(session_, one->sql.c_str(), values.size(), nullptr,
                              values.texts.data(), values.lengths.data(), values.formats.data(), 0);
            PQsendFlushRequest(session_);
        }
        PQpipelineSync(session_);
    }
    for (auto const& one : asked) {
        auto const wait = tx.wait_for_answer();
        take_in(*one, owned(PQgetResult(session_)));
        while (owned(PQgetResult(session_))) {
        }
    }
    auto const wait = tx.wait_for_answer();
    owned(PQgetResult(session_));  // of the end
    PQexitPipelineMode(session_);
}

}  // namespace tracking::models::pg
