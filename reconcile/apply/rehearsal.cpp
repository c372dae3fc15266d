#include "reconcile/apply/rehearsal.hpp"

#include <algorithm>
#include <span>

namespace tracking::reconcile {

namespace {

using Indices = std::span<std::size_t const>;

std::vector<std::size_t> by_company(Plan const& plan)
{
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < plan.drift.size(); ++i) {
        auto const& drift = plan.drift[i];
        if (drift.is_due() || (drift.change && drift.restraint == Restraint::Guard))
            indices.push_back(i);
    }
    std::ranges::stable_sort(indices, {},
                             [&](std::size_t i) { return company_of(*plan.drift[i].change); });
    return indices;
}

/// The next changes that make a batch of at most `size`, and the rest of the last company's.
Indices next_portion(Plan const& plan, Indices rest, std::size_t size, models::ChangeSink& sink)
{
    auto const company = [&](std::size_t at) { return company_of(*plan.drift[rest[at]].change); };
    std::vector<models::Change> changes;
    for (auto const index : rest.first(std::min(size, rest.size())))
        changes.push_back(*plan.drift[index].change);
    auto end = first_batch(sink.sizes(changes));
    while (end < rest.size() && company(end) == company(end - 1))
        ++end;
    return rest.first(end);
}

/// A plan of the changes in the portion. All of them are due in it.
Plan part_of(Plan const& plan, Indices portion)
{
    Plan part;
    for (auto const index : portion)
        part.drift.emplace_back(plan.drift[index]).restraint = Restraint::None;
    return part;
}

}  // namespace

void rehearse(Plan const& plan, MakeSink const& make_sink, std::size_t batch_size, Applied& applied,
              Progress const& progress)
{
    auto const indices = by_company(plan);
    for (Indices rest{indices}; !rest.empty();) {
        auto const sink = make_sink();
        auto const portion = next_portion(plan, rest, batch_size, *sink);
        Applied tried;
        auto const done = applied.results.size();
        apply(part_of(plan, portion), *sink, batch_size, tried,
              [&](std::size_t more, std::size_t) { progress(done + more, indices.size()); });
        for (auto& [index, receipt] : tried.results)
            applied.results.push_back({portion[index], std::move(receipt)});
        rest = rest.subspan(portion.size());
    }
}

}  // namespace tracking::reconcile
