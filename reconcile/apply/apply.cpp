#include "reconcile/apply/apply.hpp"

#include "models/rules/rule_violation.hpp"
#include "models/values/errors.hpp"

#include <algorithm>
#include <span>

namespace tracking::reconcile {

namespace {

using Indices = std::span<std::size_t const>;

/// By kind of change, since a batch is of one kind. The kinds have the order of the variant.
std::vector<std::size_t> in_order_of_application(Plan const& plan)
{
    std::vector<std::size_t> due;
    for (std::size_t i = 0; i < plan.drift.size(); ++i) {
        if (plan.drift[i].is_due())
            due.push_back(i);
    }
    std::ranges::stable_sort(due, {}, [&](std::size_t i) { return plan.drift[i].change->index(); });
    return due;
}

class Writer
{
public:
    Writer(Plan const& plan, models::ChangeSink& sink, Applied& applied)
        : plan_{plan}, sink_{sink}, applied_{applied}
    {}

    void write(Indices batch)
    {
        models::Receipt failure{.outcome = models::Outcome::Failed};
        try {
            commit(batch);
            return;
        } catch (models::StatementFailed const& error) {
            failure.reason = error.what();
            failure.sqlstate = error.sqlstate();
        } catch (models::RuleViolation const& error) {
            failure.reason = error.what();
        }
        ++applied_.rollbacks;
        if (batch.size() == 1) {
            sink_.record_failure(*plan_.drift[batch.front()].change, failure);
            applied_.results.push_back({batch.front(), std::move(failure)});
            return;
        }
        write(batch.first(batch.size() / 2));
        write(batch.subspan(batch.size() / 2));
    }

private:
    void commit(Indices batch)
    {
        std::vector<models::Change> changes;
        changes.reserve(batch.size());
        for (auto const index : batch)
            changes.push_back(*plan_.drift[index].change);
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

void apply(Plan const& plan, models::ChangeSink& sink, std::size_t batch_size, Applied& applied,
           Progress const& progress)
{
    auto const due = in_order_of_application(plan);
    Writer writer{plan, sink, applied};
    for (auto first = due.begin(); first != due.end();) {
        auto const kind = plan.drift[*first].change->index();
        auto const size = std::min(static_cast<std::ptrdiff_t>(batch_size), due.end() - first);
        auto const last = std::find_if(first, first + size, [&](std::size_t i) {
            return plan.drift[i].change->index() != kind;
        });
        writer.write({first, last});
        first = last;
        progress(applied.results.size(), due.size());
    }
}

}  // namespace tracking::reconcile
