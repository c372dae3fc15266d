#include "models/pg.hpp"

#include <fmt/format.h>

namespace tracking::models::pg {

void ArrayLiteral::separate()
{
    if (text_.size() > 1)
        text_ += ',';
}

void ArrayLiteral::add(std::string_view element)
{
    separate();
    text_ += '"';
    for (char const c : element) {
        if (c == '"' || c == '\\')
            text_ += '\\';
        text_ += c;
    }
    text_ += '"';
}

void ArrayLiteral::add_null()
{
    separate();
    text_ += "NULL";
}

namespace {

// A little more than a round number, which would end with an empty piece.
constexpr pqxx::result::size_type kRowsAtOnce = 10'240;

pqxx::result exec_with(pqxx::transaction_base& tx, std::string const& sql,
                       std::vector<char const*> const& values)
{
#if PQXX_VERSION_MAJOR >= 7
    pqxx::params params;
    for (char const* value : values)
        params.append(value);
#if PQXX_VERSION_MAJOR > 7 || PQXX_VERSION_MINOR >= 9
    return tx.exec(sql, params);
#else
    return tx.exec_params(sql, params);
#endif
#else
    return tx.exec_params(sql, pqxx::prepare::make_dynamic_params(values));
#endif
}

/// Does `work` with the transaction, unless it is to be cancelled, and in our errors.
void in_session(Transaction& tx, auto const& work)
{
    tx.stop_if_cancelled();
    // libpqxx reports the loss once, and then takes the next statement for a misuse of its classes.
    if (!tx.raw().conn().is_open())
        throw ConnectionLost{"the session with the server was lost before"};
    try {
        translating_errors(work);
    } catch (DatabaseError const&) {
        tx.stop_if_cancelled();  // it failed because it was to
        throw;
    }
}

}  // namespace

pqxx::result exec(Transaction& tx, std::string const& sql, std::vector<Param> const& params)
{
    pqxx::result result;
    in_session(tx, [&] {
        std::vector<char const*> values;
        for (auto const& param : params)
            values.push_back(param.c_str());
        result = params.empty() ? tx.raw().exec(sql) : exec_with(tx.raw(), sql, values);
    });
    return result;
}

void exec_after_savepoint(Transaction& tx, std::string const& sql)
{
    in_session(tx, [&] { exec_with(tx.raw(), sql, {}); });
}

Cursor::Cursor(Transaction& tx, std::string name, std::string const& query,
               std::vector<Param> const& params, Fetching fetching)
    : tx_{tx}, fetch_{fmt::format("FETCH FORWARD {} FROM {}", kRowsAtOnce, name)}
{
    exec(tx_, "DECLARE " + name + " NO SCROLL CURSOR FOR " + query, params);
    if (fetching == Fetching::OnDemand)
        return;
    in_session(tx_, [&] {
        ahead_ = std::make_unique<pqxx::pipeline>(tx_.raw());
        ahead_->insert(fetch_);
    });
}

std::optional<pqxx::row> Cursor::next()
{
    if (at_ == rows_.size()) {
        if (!has_more_)
            return std::nullopt;
        auto const start = std::chrono::steady_clock::now();
        rows_ = fetch();
        at_ = 0;
        waited_ += std::chrono::steady_clock::now() - start;
        if (rows_.empty())
            return std::nullopt;
    }
    return rows_[at_++];
}

pqxx::result Cursor::fetch()
{
    pqxx::result rows;
    if (!ahead_)
        rows = exec(tx_, fetch_);
    else
        in_session(tx_, [&] {
            rows = ahead_->retrieve().second;
            if (rows.size() == kRowsAtOnce)
                ahead_->insert(fetch_);
            else
                ahead_.reset();  // the transaction is free for other statements
        });
    has_more_ = rows.size() == kRowsAtOnce;
    return rows;
}

}  // namespace tracking::models::pg
