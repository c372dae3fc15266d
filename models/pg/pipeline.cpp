#include "models/pg/pipeline.hpp"

#include "models/pg/database.hpp"
#include "models/values/errors.hpp"

#include <libpq-fe.h>

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <stdexcept>
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

/// What the server answers to what was sent: of several answers the last, of several failures the
/// first. A server or a pooler that ends the session says why, and libpq adds that it is gone.
std::shared_ptr<pg_result> answer_of(pg_conn* session, int is_sent)
{
    std::shared_ptr<pg_result> answer;
    while (auto next = is_sent ? owned(PQgetResult(session)) : nullptr) {
        if (!answer || PQresultStatus(answer.get()) != PGRES_FATAL_ERROR)
            answer = std::move(next);
        if (PQstatus(session) != CONNECTION_OK)
            break;
    }
    return answer;
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

/// How many of the first statements are sent at once: their parameters are buffered until the
/// server reads them.
std::size_t that_fit(std::span<std::shared_ptr<Asked> const> asked)
{
    constexpr std::size_t kBytes = 1 << 20;
    std::size_t bytes = 0;
    auto const end = std::ranges::find_if(asked, [&](auto const& one) {
        for (auto const& param : one->params)
            bytes += param.value() ? param.value()->size() : 0;
        return bytes > kBytes;
    });
    return std::max<std::size_t>(1, static_cast<std::size_t>(end - asked.begin()));
}

}  // namespace

// An administrator, a stopping server, a pooler or the limit for idle sessions has ended the
// session: it is lost too. An error without a code is not from the server: libpq reports its loss.
// (The server answers what it skips after a failure without a code too; see settle().)
// PgBouncer has one code for all that it refuses, and English words.
void throw_failure(std::string const& message, std::string const& sqlstate)
{
    if (sqlstate == "08P01" && message.find("statement pooling mode") != message.npos)
        throw ConnectionMisconfigured{
            message + ": connect through a pooler in transaction or session mode, or past it"};
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
    if (!asked.is_settled)
        send(tx);
    if (!asked.failure)
        return asked.answer;
    unreported_ = nullptr;
    std::rethrow_exception(asked.failure);
}

Rows Pipeline::run(std::string const& text, Transaction const& tx)
{
    flush(tx);
    auto const wait = tx.wait_for_answer();
    return checked(session_, answer_of(session_, PQsendQuery(session_, text.c_str())));
}

void Pipeline::flush(Transaction const& tx)
{
    send(tx);
    if (unreported_)
        std::rethrow_exception(std::exchange(unreported_, nullptr));
}

void Pipeline::end_stream()
{
    while (auto const left = owned(PQgetResult(session_))) {
        if (PQstatus(session_) != CONNECTION_OK)
            return;
        if (PQresultStatus(left.get()) != PGRES_COPY_OUT)
            continue;
        char* line = nullptr;
        while (PQgetCopyData(session_, &line, 0) > 0)
            PQfreemem(line);
    }
}

void Pipeline::drop()
{
    waiting_.clear();
    unreported_ = nullptr;
}

void Pipeline::send(Transaction const& tx)
{
    tx.stop_if_lost();
    if (PQtransactionStatus(session_) == PQTRANS_ACTIVE)
        throw std::logic_error{"a stream of this transaction is still open"};
    auto const asked = std::exchange(waiting_, {});
    for (Group rest{asked}; !rest.empty();) {
        auto const group = rest.first(unreported_ ? rest.size() : that_fit(rest));
        if (!unreported_)
            group.size() == 1 ? send_one(*group.front(), tx) : send_together(group, tx);
        settle(group);
        rest = rest.subspan(group.size());
    }
}

void Pipeline::settle(Group group)
{
    for (auto const& one : group) {
        one->is_settled = true;
        one->params.clear();
        one->is_culprit = !unreported_ && one->failure;
        if (one->is_culprit)
            unreported_ = one->failure;
        one->failure = unreported_;
    }
}

void Pipeline::send_one(Asked& asked, Transaction const& tx)
{
    auto const wait = tx.wait_for_answer();
    Values const values{asked.params};
    take_in(asked, answer_of(session_,
                             PQsendQueryParams(session_, asked.sql.c_str(), values.size(), nullptr,
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

// The server works on the first while the last are on their way. Without a request it would keep
// back the answers to the end, and nobody could tell many statements from a frozen server.
void Pipeline::send_together(Group group, Transaction const& tx)
{
    PQsetnonblocking(session_, 1);
    std::size_t sent = 0;
    if (PQenterPipelineMode(session_)) {
        for (; sent < group.size(); ++sent) {
            auto const& one = *group[sent];
            Values const values{one.params};
            if (!PQsendQueryParams(session_, one.sql.c_str(), values.size(), nullptr,
                                   values.texts.data(), values.lengths.data(),
                                   values.formats.data(), 0) ||
                !PQsendFlushRequest(session_))
                break;
        }
        PQpipelineSync(session_);
    }
    send_buffered(tx);
    PQsetnonblocking(session_, 0);
    for (std::size_t i = 0; i < group.size(); ++i) {
        auto const wait = tx.wait_for_answer();
        take_in(*group[i], i < sent ? owned(PQgetResult(session_)) : nullptr);
        while (i < sent && owned(PQgetResult(session_))) {
        }
    }
    leave_pipeline_mode(tx);
}

// The server may have to answer before it reads on, and to work before it answers. So the wait
// begins anew whenever something has moved.
void Pipeline::send_buffered(Transaction const& tx)
{
    while (PQflush(session_) > 0) {
        auto const wait = tx.wait_for_answer();
        pollfd ready{.fd = PQsocket(session_), .events = POLLIN | POLLOUT, .revents = 0};
        if (poll(&ready, 1, -1) > 0 && (ready.revents & ~POLLOUT) && !PQconsumeInput(session_))
            return;
    }
}

// A pooler may send an error of its own behind that of a server that is gone. Then an answer is
// left, and the session is as good as lost.
void Pipeline::leave_pipeline_mode(Transaction const& tx)
{
    auto const wait = tx.wait_for_answer();
    owned(PQgetResult(session_));  // of the end
    if (PQexitPipelineMode(session_))
        return;
    shutdown(PQsocket(session_), SHUT_RDWR);
    while (PQstatus(session_) == CONNECTION_OK && PQconsumeInput(session_)) {
    }
}

}  // namespace tracking::models::pg
