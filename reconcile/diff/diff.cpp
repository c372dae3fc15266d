#include "reconcile/diff/diff.hpp"

#include "reconcile/diff/comparison.hpp"
#include "reconcile/reading/wanted_contact.hpp"

#include "models/values/lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tracking::reconcile {

namespace {

using models::Company;
using models::Tenant;

/// `tier` says how the two were matched. It is empty where the link is stamped already.
void compare(Comparison& comparison, Tenant const& tenant, Company const& company,
             std::optional<Tier> tier)
{
    if (tier && !adopt(comparison, tenant, company, *tier))
        return;
    repair(comparison, tenant, company);
    comparison.link = Link::Stamped;
}

void compare_linked(Comparison& comparison, Tenant const& tenant, Company const& company)
{
    if (company.ignored)
        leave_alone(comparison, tenant, company);
    else
        compare(comparison, tenant, company,
                is_stamped(company) ? std::nullopt : std::optional{Tier::Uuid});
}

/// Calls `work`, which adds all that is to be said of some tenants. Then counts them by what was
/// added.
void count_by_result(Comparison& comparison, std::size_t tenants, auto const& work)
{
    auto& plan = comparison.plan;
    auto const& stamps = comparison.stamps;
    auto const added = comparison.added;
    auto const stamped = stamps.size();
    auto const left_alone = plan.left_alone.size();
    comparison.is_off = false;
    work();
    bool const is_watched = comparison.policy.handling_of(DriftKind::Unstamped) != Handling::Off;
    if (plan.left_alone.size() > left_alone)
        plan.counts.left_alone += tenants;
    else if (comparison.added > added || (stamps.size() > stamped && is_watched))
        plan.counts.differing += tenants;
    else if (comparison.is_off || stamps.size() > stamped)
        plan.counts.unwatched += tenants;
    else
        plan.counts.whole += tenants;
}

/// Whether the tenant is looked after. One whose date is wrong is only said to be invalid.
bool is_compared(Comparison& comparison, Tenant const& tenant)
{
    if (scope_of(tenant, comparison.policy) != Scope::Tracked)
        return false;
    if (!is_dated_ahead(tenant))
        return true;
    count_by_result(comparison, 1, [&] {
        comparison.add_invalid(
            about(DriftKind::Invalid, tenant, nullptr),
            "the tenant's created_at lies in the future, more than a day ahead: correct "
            "it; until then nothing is done for the tenant");
    });
    return false;
}

/// Calls `work`, which adds all that is to be said of the tenant.
void account_for(Comparison& comparison, Tenant const& tenant, auto const& work)
{
    if (is_compared(comparison, tenant))
        count_by_result(comparison, 1, work);
}

/// Calls `work` once with those of the tenants that are looked after. False: there are none.
bool account_for_all(Comparison& comparison, std::vector<Tenant const*> tenants, auto const& work)
{
    std::erase_if(tenants, [&](auto const* one) { return !is_compared(comparison, *one); });
    if (!tenants.empty())
        count_by_result(comparison, tenants.size(), [&] { work(tenants); });
    return !tenants.empty();
}

/// A company whose link cannot be read is told even where no tenant of its group is looked after.
void compare_illegible(Comparison& comparison, Ambiguity const& ambiguity)
{
    if (account_for_all(comparison, ambiguity.tenants, [&](auto const& tenants) {
            report_illegible(comparison, tenants, ambiguity);
        }))
        return;
    for (auto const* company : ambiguity.companies) {
        if (!company->is_link_legible)
            report_unlinked(comparison, *company);
    }
}

void compare_tenants(Comparison& comparison, Matching const& matching)
{
    for (auto const& pair : comparison.state.pairs)
        account_for(comparison, pair.tenant,
                    [&] { compare_linked(comparison, pair.tenant, pair.company); });
    for (auto const& one : matching.adoptions)
        account_for(comparison, *one.tenant,
                    [&] { compare(comparison, *one.tenant, *one.company, one.tier); });
    for (auto const* tenant : matching.unmatched)
        account_for(comparison, *tenant, [&] { create(comparison, *tenant); });
    for (auto const& ambiguity : matching.ambiguities)
        account_for_all(comparison, ambiguity.tenants,
                        [&](auto const& tenants) { report(comparison, tenants, ambiguity); });
    for (auto const& ambiguity : matching.illegible)
        compare_illegible(comparison, ambiguity);
    for (auto const& crowd : comparison.state.crowds)
        account_for(comparison, crowd.tenant, [&] { report(comparison, crowd); });
}

/// Compares the companies that belong to no tenant.
void compare_companies(Comparison& comparison, Matching const& matching)
{
    for (auto const& orphan : comparison.state.orphans)
        clean_up(comparison, orphan);
    for (auto const* company : matching.unlinked)
        report_unlinked(comparison, *company);
}

void compare_all(Comparison& comparison, Matching const& matching)
{
    comparison.names.emplace(comparison.state);
    comparison.names->reserve(matching.unmatched.size());
    find_what_passes(comparison, matching);
    comparison.stamps.reserve(matching.adoptions.size());
    comparison.reserve(comparison.state.pairs.size() + matching.unmatched.size());
    compare_tenants(comparison, matching);
    compare_companies(comparison, matching);
}

/// Adds what needs neither side any more, and frees both sides first. On a first adoption nearly
/// everything is added here, so both sides and the plan would be in memory at once otherwise.
void add_the_rest(Comparison& comparison)
{
    auto& plan = comparison.plan;
    comparison.names.reset();
    comparison.state = {.occasion = comparison.state.occasion,
                        .often_changed = std::move(comparison.state.often_changed),
                        .sightings = std::move(comparison.state.sightings),
                        .compared = comparison.state.compared};
    comparison.reserve(comparison.stamps.size());
    for (auto& stamp : comparison.stamps)
        comparison.add(unstamped(std::move(stamp)));
    for (auto const& [scope, companies] : comparison.left_out)
        plan.remarks.push_back(left_out(scope, companies));
    if (auto const taken = comparison.names_taken; taken > 0)
        plan.remarks.push_back(fmt::format(
            "name_taken: {} new {} a distinct name, since another company has the tenant's own",
            taken, taken == 1 ? "customer gets" : "customers get"));
    comparison.settle_contests();
    comparison.restraints.add_to(comparison.remarks);
    for (auto& remark : comparison.remarks.texts())
        plan.remarks.push_back(std::move(remark));
}

void sort(Plan& plan)
{
    std::ranges::sort(plan.left_alone, {}, &Drift::tenant);
    std::ranges::sort(plan.remarks);
}

/// How many of the last run's sightings are not there any more. Several items can have one key.
std::size_t gone_since_last(Plan const& plan, std::map<DriftKey, Sighting> const& sightings)
{
    std::vector<DriftKey> still_there;
    auto const note = [&](DriftKey const& key) {
        if (sightings.contains(key))
            still_there.push_back(key);
    };
    for (auto const& drift : plan.drift) {
        for (auto const& key : earlier_keys_of(drift))  // not each tenant of a group was there
            note(key);
    }
    for (auto const& counted : plan.counted_keys) {
        for (auto const& key : earlier_keys_of(counted))
            note(key);
    }
    models::leave_one_of_each(still_there);
    return sightings.size() - still_there.size();
}

/// Compares the drift with what a run has noted. Of another run than the last one it is known how
/// much it left, but not what: drift that went and came back counts as gone and as new.
std::optional<SinceRun> since_run(Plan const& plan, State const& state)
{
    if (!state.compared)
        return std::nullopt;
    auto const& [ended, run, left] = *state.compared;
    SinceRun since{.ended = ended, .run = run};
    for (auto const& drift : plan.drift)
        ++(drift.seen && drift.seen->is_old ? since.as_before : since.fresh);
    for (auto const& one : plan.counted) {
        since.as_before += one.as_before;
        since.fresh += one.count - one.as_before;
    }
    since.gone =
        run ? left - std::min(left, since.as_before) : gone_since_last(plan, state.sightings);
    return since;
}

}  // namespace

Plan diff(State state, Policy const& policy, Room room)
{
    Comparison comparison{std::move(state), policy, room};
    if (auto const companies = comparison.state.tagged_as_of_old; companies > 0)
        comparison.plan.remarks.push_back(about_tags_of_old(companies));
    note_odd_words(comparison);
    compare_all(comparison, match(comparison.state));
    add_the_rest(comparison);
    cut(comparison.plan, room);
    sort(comparison.plan);
    comparison.plan.since = since_run(comparison.plan, comparison.state);
    return std::move(comparison.plan);
}

}  // namespace tracking::reconcile
