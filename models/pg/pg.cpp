#include "models/pg/pg.hpp"

#include "models/pg/libpqxx.hpp"

namespace tracking::models::pg {

std::string with(std::string sql, std::string_view place, std::string_view part)
{
    return sql.replace(sql.find(place), place.size(), part);
}

Rows Answer::rows() const
{
    Rows rows;
    in_session(*tx_, [&] { rows = tx_->pipeline().answer_to(*asked_, *tx_); });
    return rows;
}

Answer ask(Transaction& tx, std::string sql, std::vector<Param> params)
{
    return {tx, tx.pipeline().add(std::move(sql), std::move(params))};
}

Rows exec(Transaction& tx, std::string const& sql, std::vector<Param> const& params)
{
    if (!params.empty())
        return ask(tx, sql, params).rows();
    Rows rows;
    in_session(tx, [&] { rows = tx.pipeline().run(sql, tx); });
    return rows;
}

void drop_what_waits(Transaction& tx)
{
    tx.pipeline().drop();
}

void in_session(Transaction& tx, std::function<void()> const& work)
{
    tx.stop_if_cancelled();
    try {
        translating_errors(work);
    } catch (ConnectionLost const&) {
        tx.stop_if_cancelled();
        tx.stop_if_silent();
        throw;
    } catch (DatabaseError const&) {
        tx.stop_if_cancelled();  // it failed because it was cancelled
        throw;
    }
}

}  // namespace tracking::models::pg
