#include "models/pg/libpqxx.hpp"

namespace tracking::models::pg {

namespace {

#if PQXX_VERSION_MAJOR >= 7

/// Deprecated in favour of a template that has to be told the types of the columns.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
pqxx::stream_from copy_out(pqxx::transaction_base& tx, std::string const& query)
{
    return {tx, pqxx::from_query, query};
}
#pragma GCC diagnostic pop

bool read_line(pqxx::stream_from& rows, std::string& line)
{
    auto const [bytes, size] = rows.get_raw_line();
    if (bytes)
        line.assign(bytes.get(), size);
    return static_cast<bool>(bytes);
}

#else

/// A query in parentheses works where a table's name is expected.
pqxx::stream_from copy_out(pqxx::transaction_base& tx, std::string const& query)
{
    return {tx, "(" + query + ")"};
}

bool read_line(pqxx::stream_from& rows, std::string& line)
{
    return rows.get_raw_line(line);
}

#endif

}  // namespace

CopyLines::CopyLines(Connection& connection, std::string const& query)
    : in_{connection}, rows_{copy_out(in_, query)}
{}

bool CopyLines::next(std::string& line)
{
    return read_line(rows_, line);
}

#if PQXX_VERSION_MAJOR < 7

Connection::Connection(RawSession session)
    : pqxx::connection_base{policy_}, policy_{std::move(session)}
{
    init();
    // A session that is renewed silently could split a transaction in two. The function is
    // deprecated in 6.4 because 7 never reactivates.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    inhibit_reactivation(true);
#pragma GCC diagnostic pop
}

#endif

}  // namespace tracking::models::pg
