#pragma once

#include "models/pg/pg.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace tracking::models::pg {

/// The fields of a row. They are valid until the stream is asked for the next row.
using Row = std::vector<Field>;

/// The rows of a query, one after another: memory does not grow with the result. A stream must not
/// outlive its transaction.
class RowStream
{
public:
    virtual ~RowStream() = default;

    /// Null at the end.
    /// @throws StatementFailed, ConnectionLost, Interrupted
    virtual Row const* next() = 0;

    /// How long this stream has waited for the server.
    std::chrono::nanoseconds waited() const { return waited_; }

protected:
    /// `fetch` asks the server for more rows.
    void wait_for(auto const& fetch)
    {
        auto const start = std::chrono::steady_clock::now();
        fetch();
        waited_ += std::chrono::steady_clock::now() - start;
    }

private:
    std::chrono::nanoseconds waited_{0};
};

/// `name` is the cursor's name, where one is needed.
std::unique_ptr<RowStream> stream(Transaction& tx, std::string const& name,
                                  std::string const& query, std::vector<Param> const& params,
                                  Fetching fetching);

}  // namespace tracking::models::pg
