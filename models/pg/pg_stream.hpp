#pragma once

#include "models/pg/pg.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace tracking::models::pg {

/// A row's fields; they last until the stream is asked for the next row.
using Row = std::vector<Field>;

/// The rows of a query, one after another: memory does not grow with the result. Lives in a
/// transaction, not longer.
class RowStream
{
public:
    virtual ~RowStream() = default;

    /// Null at the end.
    /// @throws StatementFailed, ConnectionLost, Interrupted
    virtual Row const* next() = 0;

    /// How long the server was waited for.
    std::chrono::nanoseconds waited() const { return waited_; }

protected:
    /// `fetch` asks the server for more.
    void wait_for(auto const& fetch)
    {
        auto const start = std::chrono::steady_clock::now();
        fetch();
        waited_ += std::chrono::steady_clock::now() - start;
    }

private:
    std::chrono::nanoseconds waited_{0};
};

/// `name` is that of a cursor, where one is needed.
std::unique_ptr<RowStream> stream(Transaction& tx, std::string const& name,
                                  std::string const& query, std::vector<Param> const& params,
                                  Fetching fetching);

}  // namespace tracking::models::pg
