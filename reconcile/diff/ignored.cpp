// Companies that a person has told the job to leave alone.

#include "reconcile/diff/comparison.hpp"

#include "models/rules/text.hpp"
#include "models/values/lists.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tracking::reconcile {

void leave_alone(Comparison& comparison, models::Tenant const& tenant,
                 models::Company const& company)
{
    auto drift = about(DriftKind::Ignored, tenant, &company);
    drift.detail = fmt::format(
        "left alone: the properties.reconcile of its customer says {}, so nothing is compared "
        "or changed",
        models::printable(company.odd_word.empty() ? "\"ignore\"" : company.odd_word));
    comparison.plan.left_alone.push_back(std::move(drift));
}

void note_odd_words(Comparison& comparison)
{
    constexpr std::size_t kNamed = 5;
    auto& all = comparison.state.odd_words;
    for (auto const& company : comparison.state.named) {
        if (!company.odd_word.empty())
            all.push_back({company.id, company.name, company.odd_word});
    }
    if (all.empty())
        return;
    models::leave_one_of_each(all, &OddWord::company);
    std::vector<std::string> names;
    for (auto const& [company, name, word] : models::first_of(all, kNamed))
        names.push_back(fmt::format("\"{}\" ({}) says {}", models::printable(name), company.str(),
                                    models::printable(word)));
    comparison.plan.remarks.push_back(fmt::format(
        "the properties.reconcile of {} is not \"ignore\", and is taken for it, so that "
        "nothing is done to {}: {}{}. Write \"ignore\", or take the key away",
        all.size() == 1 ? "a company" : fmt::format("{} companies", all.size()),
        all.size() == 1 ? "it" : "them", fmt::join(names, ", "),
        all.size() > kNamed ? fmt::format(" and {} more", all.size() - kNamed) : ""));
    all = {};
}

}  // namespace tracking::reconcile
