#pragma once

#include <chrono>
#include <cstddef>
#include <limits>

namespace tracking::models {

/// How many changes of one kind a transaction has time for, by how long the last ones took. What a
/// row costs is known only to the server: where no index serves a foreign key, each row that is
/// deleted costs a pass over the table that refers to it.
class Pace
{
public:
    static constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();

    explicit Pace(std::size_t limit) : limit_{limit} {}

    std::size_t limit() const { return limit_; }

    void note(std::size_t changes, std::chrono::nanoseconds took);

private:
    std::size_t limit_;
};

}  // namespace tracking::models
