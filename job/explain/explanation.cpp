#include "job/explain/explanation.hpp"

#include "job/process/shown_text.hpp"
#include "job/report/wording.hpp"

#include "models/rules/text.hpp"
#include "models/rules/utc.hpp"
#include "reconcile/match/candidates.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace tracking::job {

namespace {

std::string_view in_words(reconcile::Scope scope)
{
    switch (scope) {
        case reconcile::Scope::Tracked:
            return "tracked";
        case reconcile::Scope::OtherProduct:
            return "left out: its product is not tracked";
        case reconcile::Scope::Excluded:
            return "left out: excluded by the configuration";
        case reconcile::Scope::Young:
            return "left out for now: younger than minimum-age";
        case reconcile::Scope::Suspended:
            return "left as it is: suspended";
    }
    return "";
}

void for_each_tenant(reconcile::State const& state, auto const& visit)
{
    for (auto const& pair : state.pairs)
        visit(pair.tenant);
    for (auto const& crowd : state.crowds)
        visit(crowd.tenant);
    for (auto const& tenant : state.open)
        visit(tenant);
}

template <class Id>
bool contains(std::vector<Id> const& ids, Id const& id)
{
    return std::ranges::find(ids, id) != ids.end();
}

template <class Id>
bool contains_any(std::vector<Id> const& ids, std::vector<reconcile::Named<Id>> const& all)
{
    return std::ranges::any_of(all, [&](auto const& one) { return contains(ids, one.id); });
}

}  // namespace

Explanation::Explanation(Question const& subject, reconcile::State const& state,
                         reconcile::Terms const& terms, std::chrono::sys_seconds read_at,
                         bool is_masked, ExplainPage& page)
    : page_{page},
      subject_{subject},
      state_{state},
      policy_{terms.policy},
      decision_{reconcile::decide(state, terms)},
      read_at_{read_at},
      is_masked_{is_masked}
{}

bool Explanation::print()
{
    for_each_tenant(state_, [&](models::Tenant const& tenant) {
        if (subject_.is(tenant))
            print_tenant(tenant);
    });
    reconcile::for_each_company(state_, [&](models::Company const& company) {
        if (subject_.is(company))
            print_company(company);
    });
    if (tenants_.empty() && companies_.empty())
        return false;
    print_verdict();
    return true;
}

void Explanation::print_tenant(models::Tenant const& tenant)
{
    tenants_.push_back(tenant.id);
    page_.begin("tenant", tenant.id.str(), tenant.name);
    auto const scope = reconcile::scope_of(tenant, policy_);
    page_.line("scope", in_words(scope));
    if (scope != reconcile::Scope::Tracked)
        silence_ = {"left out", "nothing is done about it"};
    else if (!is_whole(tenant))
        silence_ = {"not watched", "what differs is of kinds that are off (drift.KIND)"};
    page_.line("product", tenant.product.code());
    page_.line(
        "age",
        tenant.age
            ? fmt::format("{:.1f} days",
                          std::chrono::duration<double, std::ratio<86400>>{*tenant.age}.count())
            : "not known");
    auto const contact = reconcile::wanted_contact(tenant);
    page_.line("contact",
               !contact
                   ? "none: neither an active admin nor a valid e-mail"
                   : person(*contact) + (contact->is_fallback ? ", the tenant's own address" : ""));
    for (auto const& further : reconcile::further_contacts(tenant))
        page_.line("contact", person(further));
    page_.candidates(reconcile::candidates_of(tenant, state_));
}

std::string Explanation::person(reconcile::WantedContact const& contact) const
{
    return fmt::format("{} <{}>", is_masked_ ? "***" : models::printable(contact.full_name),
                       models::printable(contact.email));
}

bool Explanation::is_whole(models::Tenant const& tenant) const
{
    bool const is_all_watched = std::ranges::none_of(policy_.handling, [](auto const& handling) {
        return handling.second == reconcile::Handling::Off;
    });
    return std::ranges::any_of(state_.pairs, [&](reconcile::Pair const& pair) {
        return pair.tenant.id == tenant.id &&
               (is_all_watched || reconcile::is_in_order(tenant, pair.company, policy_));
    });
}

std::string Explanation::origin_of(models::Company const& company, std::string const& email)
{
    using Maker = models::NotableContact::Maker;
    auto const found = std::ranges::find(company.notable, email, &models::NotableContact::email);
    if (found == company.notable.end())
        return ", made by a person";
    auto const* const maker = found->maker == Maker::Job        ? "the job"
                              : found->maker == Maker::Workflow ? "the old workflow"
                                                                : "a person";
    return fmt::format(", made by {}{}", maker, found->inactive ? ", inactive" : "");
}

void Explanation::print_company(models::Company const& company)
{
    if (std::ranges::find(companies_, company.id) != companies_.end())
        return;
    companies_.push_back(company.id);
    page_.begin("company", company.id.str(), company.name);
    page_.line("link", company.link_text ? models::printable(*company.link_text) : "none");
    page_.line("state", fmt::format("{}{}", company.inactive ? "inactive" : "active",
                                    company.canceled ? fmt::format(", carries the tag \"{}\"",
                                                                   policy_.canceled_tag)
                                                     : ""));
    page_.line("tags",
               company.tags.empty() ? "none" : fmt::format("{}", fmt::join(company.tags, ", ")));
    if (company.emails.empty())
        page_.line("contacts", "none");
    for (auto const& email : company.emails)
        page_.line("contact", models::printable(email) + origin_of(company, email));
    if (company.ignored && tenants_.empty())
        silence_ = {"ignored", "it is left alone, and nobody's candidate"};
    if (company.ignored)
        page_.line("ignore",
                   company.odd_word.empty()
                       ? "properties.reconcile says so: the job does not touch it"
                       : fmt::format("properties.reconcile says {}, which is taken for \"ignore\": "
                                     "the job does not touch it",
                                     models::printable(company.odd_word)));
}

void Explanation::print_verdict() const
{
    bool is_in_order = true;
    page_.begin_verdict(decision_.refusals);
    for (auto const& drift : decision_.plan.left_alone) {
        if (!concerns(drift))
            continue;
        is_in_order = false;
        page_.line("left alone", drift.detail);
    }
    for (auto const& drift : decision_.plan.drift) {
        if (!concerns(drift))
            continue;
        is_in_order = false;
        page_.line(reconcile::name_of(drift.kind),
                   drift.detail.empty() ? "no customer" : drift.detail);
        page_.line("age", drift.seen || drift.tenant_age ? age_of(drift) : "new to the journal");
        if (drift.due_in)
            page_.line("due", models::utc_text(read_at_ + *drift.due_in) +
                                  ", if enough runs have seen it");
        if (drift.change && !decision_.plan.is_in_doubt)
            page_.line("guard", guard_state(*drift.change));
        page_.line("", next_step(drift));
        for (auto const& command : ways_out(drift))
            page_.line("", command);
    }
    if (!is_in_order)
        return;
    auto const& [label, text] = silence_;
    page_.line(label, text);
}

bool Explanation::concerns(reconcile::Drift const& drift) const
{
    if (subject_.is(drift) || (drift.tenant && contains(tenants_, *drift.tenant)) ||
        (drift.company && contains(companies_, *drift.company)))
        return true;
    auto const* const group = reconcile::group_of(drift);
    return group &&
           (contains_any(tenants_, group->tenants) || contains_any(companies_, group->companies));
}

std::string Explanation::guard_state(models::Change const& change) const
{
    auto const kind = reconcile::guarded_kind_of(change);
    auto const verdict = std::ranges::find(decision_.guards, kind, &reconcile::GuardVerdict::kind);
    return fmt::format("{}: {} due, the limit is {}{}", reconcile::name_of(kind), verdict->due,
                       verdict->limit,
                       verdict->is_tripped() ? ": tripped, all of them are held" : "");
}

std::string Explanation::next_step(reconcile::Drift const& drift) const
{
    if (drift.is_due())
        return fmt::format("next: `customer-reconcile apply` will {}",
                           models::name_of(*drift.change));
    if (drift.restraint == reconcile::Restraint::None)
        return fmt::format("next: left alone until a person decides: {}",
                           reconcile::row_of(drift.kind).advice);
    return "held: " + sentence(drift.restraint_reason);
}

}  // namespace tracking::job
