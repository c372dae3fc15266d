// Customers whose tenant is gone.

#include "reconcile/diff/comparison.hpp"
#include "reconcile/policy/clean_up.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace tracking::reconcile {

namespace {

using models::BlastRadius;
using models::Company;

std::string in_hours(std::chrono::seconds time)
{
    return fmt::format("{:.0f} h", std::chrono::duration<double, std::ratio<3600>>{time}.count());
}

BlastRadius const* blast_radius_of(Comparison const& comparison, Company const& company)
{
    auto const& radii = comparison.state.blast_radii;
    auto const found = radii.find(company.id);
    return found == radii.end() ? nullptr : &found->second;
}

/// Holds the drift back until its grace is over. This reading counts as a sighting too.
void apply_grace(Drift& drift, Grace const& grace, Sighting const& seen)
{
    auto const [runs, time] = grace;
    if (seen.runs + 1 >= runs && seen.age >= time)
        return;
    drift.restraint = Restraint::Grace;
    drift.due_in = std::max(std::chrono::seconds{0}, time - seen.age);
    drift.restraint_reason =
        fmt::format("grace: seen by {} of {} runs, for {} of {}", std::min(seen.runs + 1, runs),
                    runs, in_hours(seen.age), in_hours(time));
}

std::string because_of(BlastRadius const& radius)
{
    return radius.touched.empty()
               ? "; it cannot be deleted, because of " + models::listed(radius)
               : "; it cannot be deleted: " + models::objections_to_removal(radius);
}

}  // namespace

void clean_up(Comparison& comparison, Company const& company)
{
    auto const& policy = comparison.policy;
    if (company.link == comparison.state.occasion.management) {
        report_unlinked(comparison, company);
        return;
    }
    if (auto const scope = scope_of_orphan(company, policy); scope != Scope::Tracked) {
        ++comparison.plan.counts.out_of_scope;
        comparison.left_out[scope].push_back(shown(company));
        return;
    }
    Drift drift{.kind = DriftKind::Orphaned,
                .tenant = company.link,
                .company = company.id,
                .company_name = company.name,
                .detail = "its tenant is gone"};
    auto const* const radius = blast_radius_of(comparison, company);
    if (radius)
        drift.blast_radius = *radius;
    drift.change = clean_up_of(company, policy, radius);
    if (!drift.change && policy.cleanup == CleanupMode::Untag) {
        ++comparison.plan.counts.settled;
        return;
    }
    if (!drift.change) {
        drift.restraint = Restraint::Report;
        drift.restraint_reason = "cleanup.mode: report";
    } else {
        if (radius && !radius->is_clear())
            drift.detail += because_of(*radius);
        apply_grace(drift, policy.grace,
                    comparison.earlier_sighting_of(drift).value_or(Sighting{}));
    }
    comparison.add(std::move(drift));
}

std::string left_out(Scope scope, std::vector<std::string> const& companies)
{
    constexpr std::size_t kNamed = 5;
    auto const named = std::min(companies.size(), kNamed);
    auto text = fmt::format(
        "left out: {} whose tenant is gone, since {}: {}",
        companies.size() == 1 ? "a customer" : fmt::format("{} customers", companies.size()),
        scope == Scope::Excluded ? "exclude names it" : "products leaves out what it is tagged for",
        fmt::join(companies.begin(), companies.begin() + static_cast<std::ptrdiff_t>(named), ", "));
    if (named < companies.size())
        text += fmt::format(" and {} more", companies.size() - named);
    return text;
}

}  // namespace tracking::reconcile
