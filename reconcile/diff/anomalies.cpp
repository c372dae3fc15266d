// What only a person can decide: it is reported, and nothing is changed.

#include "reconcile/diff/comparison.hpp"

#include "models/rules/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tracking::reconcile {

namespace {

using models::Company;

std::string illegible_link(Company const& company)
{
    return fmt::format(
        "the company's link reads {}, which is neither one id nor a name: a person has to say "
        "whose it is",
        models::printable(company.link_text.value()));
}

}  // namespace

void report(Comparison& comparison, Ambiguity const& ambiguity)
{
    auto drift = about(DriftKind::Ambiguous, *ambiguity.tenant, nullptr);
    drift.detail = fmt::format("matches by {}, but not uniquely:",
                               ambiguity.tier == Tier::Name ? "name" : "the admin's e-mail");
    for (auto const* company : ambiguity.candidates) {
        drift.detail += " company " + shown(*company);
        drift.candidates.push_back(company->id);
    }
    comparison.add(std::move(drift));
}

void report(Comparison& comparison, Crowd const& crowd)
{
    auto const& companies = crowd.companies;
    auto const by_id = [](Company const& a, Company const& b) { return a.id < b.id; };
    auto const first = std::ranges::min_element(companies, by_id);
    if (first->ignored) {  // then all of them say "ignore"
        leave_alone(comparison, crowd.tenant, *first);
        return;
    }
    for (auto const& company : companies) {
        if (company.id == first->id || company.ignored)
            continue;
        auto drift = about(DriftKind::Duplicate, crowd.tenant, &company);
        drift.detail = "the tenant is tracked by company " + shown(*first) + " too";
        drift.candidates = {first->id};
        comparison.add(std::move(drift));
    }
}

void report_illegible(Comparison& comparison, Ambiguity const& ambiguity)
{
    auto const first = std::ranges::find(ambiguity.candidates, false,
                                         [](auto const* one) { return one->is_link_legible; });
    auto drift = about(DriftKind::Invalid, *ambiguity.tenant, *first);
    drift.detail = illegible_link(**first) + "; the tenant gets no other company beside it";
    for (auto const* company : ambiguity.candidates) {
        drift.candidates.push_back(company->id);
        if (company != *first)
            drift.detail += "; company " + shown(*company) + " matches too";
    }
    comparison.add(std::move(drift));
    comparison.told_illegible.insert((*first)->id);
}

void report_unlinked(Comparison& comparison, Company const& company)
{
    if (company.inactive) {
        ++comparison.plan.counts.settled;
        return;
    }
    Drift drift{.kind = DriftKind::Unlinked, .company = company.id, .company_name = company.name};
    if (!company.is_link_legible) {
        comparison.add_invalid(std::move(drift), illegible_link(company));
        return;
    }
    drift.detail = company.link == comparison.state.occasion.management
                       ? "is linked to the management tenant itself"
                   : company.link_text
                       ? fmt::format("the link \"{}\" names no tenant without a customer",
                                     models::printable(*company.link_text))
                       : "carries a customer tag, but matches no tenant without a customer";
    comparison.add(std::move(drift));
}

}  // namespace tracking::reconcile
