#include "job/process/retrier.hpp"

#include "job/process/interruption.hpp"
#include "job/process/log.hpp"
#include "job/process/shown_text.hpp"
#include "models/values/enum_table.hpp"

#include <fmt/format.h>

#include <random>

namespace tracking::job {

namespace {

static_assert(models::has_row_for_each(kRetryTable, &RetryRow::reason, RetryReason::NoResources));

double luck()
{
    static std::mt19937 engine{std::random_device{}()};
    return std::uniform_real_distribution{0.0, 1.0}(engine);
}

/// Throws the error. A server that takes no writes, or has no resources left, counts as lost.
[[noreturn]] void give_up(models::DatabaseError const& error, RetryReason reason)
{
    if (reason == RetryReason::ReadOnly)
        throw models::ConnectionLost{fmt::format("the server takes no writes: {}", error.what())};
    if (reason == RetryReason::NoResources)
        throw models::ConnectionLost{
            fmt::format("the server has no room for more: {}", error.what())};
    throw;
}

/// Nothing where another try would not help.
std::optional<RetryReason> reason_to_retry(models::DatabaseError const& error)
{
    if (dynamic_cast<models::ConnectionLost const*>(&error))
        return RetryReason::ConnectionLost;
    auto const* const failed = dynamic_cast<models::StatementFailed const*>(&error);
    if (!failed)
        return std::nullopt;
    auto const row = std::ranges::find_if(kRetryTable, [&](RetryRow const& one) {
        return !one.sqlstate.empty() && failed->sqlstate().starts_with(one.sqlstate);
    });
    return row == kRetryTable.end() ? std::nullopt : std::optional{row->reason};
}

}  // namespace

bool is_likely_to_pass(models::DatabaseError const& error)
{
    return reason_to_retry(error).has_value();
}

std::chrono::milliseconds back_off(config::Retry const& policy, int failures, double luck)
{
    auto bound = std::min(policy.base, policy.limit);
    for (int i = 1; i < failures && bound < policy.limit; ++i)
        bound = std::min(bound * 2, policy.limit);
    return std::chrono::milliseconds{
        static_cast<std::chrono::milliseconds::rep>(luck * static_cast<double>(bound.count()))};
}

bool Retrier::was_silent(models::DatabaseError const& error)
{
    auto const* const lost = dynamic_cast<models::ConnectionLost const*>(&error);
    return lost && lost->loss() == models::Loss::Silent;
}

bool Retrier::wait_after(models::DatabaseError const& error, int failures)
{
    stop_if_interrupted();
    auto const reason = reason_to_retry(error);
    if (reason == RetryReason::ConnectionLost)
        ++counts_.connection_failures;
    if (!reason)
        throw;
    if (failures >= policy_.attempts)
        give_up(error, *reason);
    ++counts_[*reason];
    auto const pause = back_off(policy_, failures, luck());
    log_warning(fmt::format("{}; trying again in {} ms ({} of {})", sentence(error.what()),
                            pause.count(), failures + 1, policy_.attempts));
    cancellation().wait(pause);
    return reason == RetryReason::ConnectionLost || reason == RetryReason::ReadOnly;
}

}  // namespace tracking::job
