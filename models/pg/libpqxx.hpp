#pragma once

// Only this file and libpqxx.cpp know which libpqxx this is.

#include "models/pg/connecting.hpp"
#include "models/pg/pipeline.hpp"
#include "models/values/errors.hpp"

#include <pqxx/pqxx>

#include <string>

namespace tracking::models::pg {

/// A session that libpq itself has opened.
#if PQXX_VERSION_MAJOR >= 7
class Connection : public pqxx::connection
{
public:
    explicit Connection(RawSession session)
        : pqxx::connection{pqxx::connection::seize_raw_connection(session.release())}
    {}
};
#else
class Connection : public pqxx::connection_base
{
public:
    explicit Connection(RawSession session);
    ~Connection() noexcept { close(); }

private:
    class Opened final : public pqxx::connectionpolicy
    {
    public:
        explicit Opened(RawSession session) : connectionpolicy{{}}, session_{std::move(session)} {}
        handle do_startconnect(handle former) override
        {
            return former ? former : session_.release();
        }

    private:
        RawSession session_;
    };

    Opened policy_;
};
#endif

/// Runs `work` and turns libpqxx's exceptions into those of errors.hpp. Some codes are spelled out:
/// there libpqxx 6 has a class of its own and drops the code.
void translating_errors(auto&& work)
{
    try {
        work();
    } catch (pqxx::broken_connection const& error) {
        throw ConnectionLost{error.what()};
    } catch (pqxx::deadlock_detected const& error) {
        throw StatementFailed{error.what(), "40P01"};
    } catch (pqxx::transaction_rollback const& error) {
        throw StatementFailed{error.what(), "40001"};
    } catch (pqxx::insufficient_privilege const& error) {
        throw StatementFailed{error.what(), "42501"};
    } catch (pqxx::sql_error const& error) {
        throw_failure(error.what(), error.sqlstate());
    } catch (pqxx::failure const& error) {
        throw ConnectionLost{error.what()};  // in the middle of a COPY
    }
}

/// What a query answers, as lines of COPY's text format. The session is busy while this exists.
class CopyLines
{
public:
    CopyLines(Connection& connection, std::string const& query);

    /// False at the end.
    bool next(std::string& line);

private:
    pqxx::nontransaction in_;  // begun and ended by statements, whatever libpqxx thinks of it
    pqxx::stream_from rows_;
};

}  // namespace tracking::models::pg
