#include "models/pg.hpp"

namespace tracking::models::pg {

void ArrayLiteral::separate()
{
    if (text_.size() > 1)
        text_ += ',';
}

void ArrayLiteral::add(std::string_view element)
{
    separate();
    auto const from = text_.size();
    text_.resize(from + 2 * element.size() + 2);  // as much as it can be
    auto* to = text_.data() + from;
    *to++ = '"';
    for (char const c : element) {
        if (c == '"' || c == '\\')
            *to++ = '\\';
        *to++ = c;
    }
    *to++ = '"';
    text_.resize(static_cast<std::size_t>(to - text_.data()));
}

void ArrayLiteral::add_null()
{
    separate();
    text_ += "NULL";
}

namespace {

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

}  // namespace

void in_session(Transaction& tx, std::function<void()> const& work)
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

}  // namespace tracking::models::pg
