#include "reconcile/apply/apply.hpp"

#include "models/rules/rule_violation.hpp"
#include "models/values/errors.hpp"

#include <algorithm>

namespace tracking::reconcile {

namespace {

using Indices = std::span<std::size_t const>;
using Changes = std::span<models::Change const>;

/// By kind of change, since a batch is of one kind. The kinds have the order of the variant.
std::vector<std::size_t> in_order_of_application(Plan const& plan)
{
    std::vector<std::size_t> due;
    for (std::size_t i = 0; i < plan.drift.size(); ++i) {
        if (plan.drift[i].is_due())
            due.push_back(i);
    }
    std::ranges::stable_sort(due, {}, [&](std::size_t i) {
        auto const& change = *plan.drift[i].change;
        return std::pair{change.index(), models::together_with(change)};
    });
    return due;
}

/// Changes of two kinds never do: the same companies may pass on names and, in another batch,
/// addresses.
bool belong_together(Plan const& plan, std::size_t one, std::size_t other)
{
    auto const& first = *plan.drift[one].change;
    auto const& second = *plan.drift[other].change;
    auto const with = models::together_with(first);
    return with && first.index() == second.index() && with == models::together_with(second);
}

/// The nearest place to `at` where the batch can be cut in two without parting changes that belong
/// together; 0: nowhere.
std::size_t cut_before(Plan const& plan, Indices batch, std::size_t at)
{
    auto const parts = [&](std::size_t i) {
        return i > 0 && i < batch.size() && !belong_together(plan, batch[i - 1], batch[i]);
    };
    for (std::size_t distance = 0; distance < batch.size(); ++distance) {
        if (distance < at && parts(at - distance))
            return at - distance;
        if (parts(at + distance))
            return at + distance;
    }
    return 0;
}

class Writer
{
public:
    Writer(Plan const& plan, models::ChangeSink& sink, Applied& applied)
        : plan_{plan}, sink_{sink}, applied_{applied}
    {}

    /// Writes one block of changes of one kind, as one batch where it is not too large.
    void write(Indices block)
    {
        std::vector<models::Change> changes;
        changes.reserve(block.size());
        for (auto const index : block)
            changes.push_back(*plan_.drift[index].change);
        auto const sizes = sink_.sizes(changes);
        for (std::size_t at = 0; at < block.size();) {
            auto size = first_batch(std::span{sizes}.subspan(at));
            while (at + size < block.size() &&
                   belong_together(plan_, block[at + size - 1], block[at + size]))
                ++size;
            write(block.subspan(at, size), Changes{changes}.subspan(at, size));
            at += size;
        }
    }

private:
    void write(Indices batch, Changes changes)
    {
        models::Receipt failure{.outcome = models::Outcome::Failed};
        try {
            commit(batch, changes);
            return;
        } catch (models::StatementFailed const& error) {
            failure.reason = error.what();
            failure.sqlstate = error.sqlstate();
        } catch (models::RuleViolation const& error) {
            failure.reason = error.what();
        }
        ++applied_.rollbacks;
        auto const half = cut_before(plan_, batch, batch.size() / 2);
        if (half == 0) {
            for (std::size_t i = 0; i < batch.size(); ++i) {
                sink_.record_failure(changes[i], failure);
                applied_.results.push_back({batch[i], failure});
            }
            return;
        }
        write(batch.first(half), changes.first(half));
        write(batch.subspan(half), changes.subspan(half));
    }

    void commit(Indices batch, Changes changes)
    {
        auto receipts = sink_.write(changes);
        ++applied_.transactions;
        for (std::size_t i = 0; i < batch.size(); ++i)
            applied_.results.push_back({batch[i], std::move(receipts.at(i))});
    }

    Plan const& plan_;
    models::ChangeSink& sink_;
    Applied& applied_;
};

}  // namespace

std::size_t first_batch(std::span<std::size_t const> sizes)
{
    std::size_t bytes = 0;
    auto const end = std::ranges::find_if(sizes, [&](std::size_t size) {
        bytes += size;
        return bytes > kBatchBytes;
    });
    return std::max<std::size_t>(1, static_cast<std::size_t>(end - sizes.begin()));
}

void apply(Plan const& plan, models::ChangeSink& sink, std::size_t batch_size, Applied& applied,
           Progress const& progress)
{
    auto const due = in_order_of_application(plan);
    Writer writer{plan, sink, applied};
    for (auto first = due.begin(); first != due.end();) {
        auto const kind = plan.drift[*first].change->index();
        auto const most = std::min(batch_size, sink.at_once(*plan.drift[*first].change));
        auto const rest = due.end() - first;
        auto const size = std::min(static_cast<std::size_t>(rest), most);
        auto last =
            std::find_if(first, first + static_cast<std::ptrdiff_t>(size),
                         [&](std::size_t i) { return plan.drift[i].change->index() != kind; });
        while (last != due.end() && belong_together(plan, *(last - 1), *last))
            ++last;
        writer.write({first, last});
        first = last;
        progress(applied.results.size(), due.size());
    }
}

}  // namespace tracking::reconcile
