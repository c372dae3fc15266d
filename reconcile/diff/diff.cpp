#include "reconcile/diff/diff.hpp"

#include "reconcile/match/match.hpp"
#include "reconcile/match/name_registry.hpp"
#include "reconcile/policy/clean_up.hpp"
#include "reconcile/policy/restraints.hpp"
#include "reconcile/reading/wanted_contact.hpp"

#include "models/rules/company_rules.hpp"
#include "models/rules/rule_violation.hpp"
#include "models/rules/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <ranges>
#include <set>
#include <tuple>

namespace tracking::reconcile {

namespace {

using models::Company;
using models::CompanyId;
using models::Tenant;

/// What the models would refuse about a tenant's name; empty: nothing.
std::string objection_to(Tenant const& tenant)
{
    try {
        models::checked_company({.name = tenant.name});
        if (!tenant.has_name_for_index)
            throw models::RuleViolation{
                "company name", tenant.name,
                "shorten it: the index of the names takes no more than 2,600 bytes, compressed"};
        return {};
    } catch (models::RuleViolation const& violation) {
        return violation.what();
    }
}

std::string in_hours(std::chrono::seconds time)
{
    return fmt::format("{:.0f} h", std::chrono::duration<double, std::ratio<3600>>{time}.count());
}

/// A sentence on customers without tenant that the scope leaves alone, the first ones by name.
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

/// The contact that a company is to get, or what is in the way.
struct ContactPlan
{
    std::optional<models::PlannedContact> contact;
    std::optional<Drift> obstacle;
    bool is_fallback = false;
};

/// An adoption, as far as its drift tells of it.
struct Stamp
{
    models::AdoptCompany change;
    std::string tenant_name;
    Tier tier{};
    bool is_prospect = false;
};

class Differ
{
public:
    Differ(State state, Policy const& policy)
        : state_{std::move(state)}, policy_{policy}, holds_{policy}
    {
        plan_.counts = state_.counts;
        plan_.remainder = remainder_of(state_);
    }

    Plan run()
    {
        if (state_.tagged_as_of_old > 0)
            plan_.remarks.push_back(about_tags_of_old(state_.tagged_as_of_old));
        note_odd_words();
        compare_all(match(state_));
        // What is left to say takes no look at either side. On a first adoption that is nearly
        // everything, so that both sides and the plan would be in memory at once.
        holders_.reset();
        state_ = {.sightings = std::move(state_.sightings)};
        plan_.drift.reserve(plan_.drift.size() + stamps_.size());
        for (auto& stamp : stamps_)
            add(unstamped(std::move(stamp)));
        for (auto const& [scope, companies] : left_out_)
            plan_.remarks.push_back(left_out(scope, companies));
        for (auto& remark : holds_.remarks())
            plan_.remarks.push_back(std::move(remark));
        sort();
        return std::move(plan_);
    }

private:
    void compare_all(Matching const& matching)
    {
        holders_.emplace(state_);
        stamps_.reserve(matching.adoptions.size());
        plan_.drift.reserve(state_.pairs.size() + matching.unmatched.size());
        for (auto const& pair : state_.pairs)
            account_for(pair.tenant, [&] { compare_linked(pair.tenant, pair.company); });
        for (auto const& [tenant, company, tier] : matching.adoptions)
            account_for(*tenant, [&] { compare(*tenant, *company, tier); });
        for (auto const* tenant : matching.unmatched)
            account_for(*tenant, [&] { create(*tenant); });
        for (auto const& ambiguity : matching.ambiguities)
            account_for(*ambiguity.tenant, [&] { report(ambiguity); });
        for (auto const& ambiguity : matching.illegible)
            account_for(*ambiguity.tenant, [&] { report_illegible(ambiguity); });
        for (auto const& crowd : state_.crowds)
            account_for(crowd.tenant, [&] { report(crowd); });
        for (auto const& orphan : state_.orphans)
            clean_up(orphan);
        for (auto const* company : matching.unlinked)
            report_unlinked(*company);
        for (auto const& ambiguity : matching.illegible) {
            for (auto const* company : ambiguity.candidates) {
                if (!company->is_link_legible && told_illegible_.insert(company->id).second)
                    report_unlinked(*company);
            }
        }
    }

    /// Does `work`, which is to say all that there is to say of the tenant, and counts the tenant
    /// by what that came to.
    void account_for(Tenant const& tenant, auto const& work)
    {
        if (!is_tracked(tenant))
            return;
        auto const drift = plan_.drift.size();
        auto const stamps = stamps_.size();
        auto const left_alone = plan_.left_alone.size();
        is_off_ = false;
        if (is_dated_ahead(tenant))
            add_invalid(
                about(DriftKind::Invalid, tenant, nullptr),
                "the tenant's created_at lies in the future, more than a day ahead: correct "
                "it; until then nothing is done for the tenant");
        else
            work();
        auto& counts = plan_.counts;
        if (plan_.left_alone.size() > left_alone)
            ++counts.left_alone;
        else if (plan_.drift.size() > drift ||
                 (stamps_.size() > stamps && is_watched(DriftKind::Unstamped)))
            ++counts.differing;
        else if (is_off_ || stamps_.size() > stamps)
            ++counts.unwatched;
        else
            ++counts.whole;
    }

    bool is_watched(DriftKind kind) const { return policy_.handling_of(kind) != Handling::Off; }

    bool is_tracked(Tenant const& tenant) const
    {
        return scope_of(tenant, policy_) == Scope::Tracked;
    }

    void create(Tenant const& tenant)
    {
        auto drift = about(DriftKind::Missing, tenant, nullptr);
        if (auto objection = objection_to(tenant); !objection.empty()) {
            add_invalid(std::move(drift), std::move(objection));
            return;
        }
        auto name = tenant.name;
        if (auto const holder = holders_->of_name(name)) {
            name = distinct_name(tenant);
            drift.detail = fmt::format("name_taken: the name is held by {}; will be called \"{}\"",
                                       shown(*holder), models::printable(name));
        }
        if (auto const holder = holders_->of_name(name)) {
            add_invalid(std::move(drift),
                        fmt::format("\"{}\" is taken too, by {}; rename one of the companies",
                                    models::printable(name), shown(*holder)));
            return;
        }
        drift.tenant_age = tenant.age;
        auto const company = id_for(tenant);
        auto const planned = plan_contact(tenant, company, nullptr);
        drift.change = models::CreateCustomer{.tenant = tenant.id,
                                              .company = company,
                                              .name = name,
                                              .tenant_name = tenant.name,
                                              .product = tenant.product,
                                              .tag = tag_of(tenant),
                                              .contact = planned.contact};
        auto const held = add(std::move(drift));
        if (held == Restraint::None)
            holders_->add(name, {.planned_for = tenant.id});
        if (held && held != Restraint::Waived)
            follow_up(planned, tenant, company, *held);
    }

    CompanyId id_for(Tenant const& tenant) const
    {
        auto const found = state_.company_ids.find(tenant.id);
        return found == state_.company_ids.end()
                   ? models::made_company_id(policy_.management, tenant.id)
                   : found->second;
    }

    void compare_linked(Tenant const& tenant, Company const& company)
    {
        if (company.ignored)
            leave_alone(tenant, company);
        else
            compare(tenant, company,
                    is_stamped(company) ? std::nullopt : std::optional{Tier::Uuid});
    }

    /// Whoever wrote it wanted something of the job: better to leave one company too many alone.
    void note_odd_words()
    {
        constexpr std::size_t kNamed = 5;
        auto& all = state_.odd_words;
        for (auto const& company : state_.named) {
            if (company.odd_word)
                all.push_back({company.id, company.name, *company.odd_word});
        }
        if (all.empty())
            return;
        std::ranges::sort(all, {}, &OddWord::company);
        auto const same = std::ranges::unique(all, {}, &OddWord::company);
        all.erase(same.begin(), same.end());
        std::vector<std::string> names;
        for (auto const& [company, name, word] : all | std::views::take(kNamed))
            names.push_back(fmt::format("\"{}\" ({}) says {}", models::printable(name),
                                        company.str(), models::printable(word)));
        plan_.remarks.push_back(fmt::format(
            "the properties.reconcile of {} is not \"ignore\", and is taken for it, so that "
            "nothing is done to {}: {}{}. Write \"ignore\", or take the key away",
            all.size() == 1 ? "a company" : fmt::format("{} companies", all.size()),
            all.size() == 1 ? "it" : "them", fmt::join(names, ", "),
            all.size() > kNamed ? fmt::format(" and {} more", all.size() - kNamed) : ""));
        all = {};
    }

    void leave_alone(Tenant const& tenant, Company const& company)
    {
        auto drift = about(DriftKind::Ignored, tenant, &company);
        drift.detail = fmt::format(
            "left alone: the properties.reconcile of its customer says {}, so nothing is compared "
            "or changed",
            models::printable(company.odd_word.value_or("\"ignore\"")));
        plan_.left_alone.push_back(std::move(drift));
    }

    /// `tier` is how the two found each other where the link is still to be stamped.
    void compare(Tenant const& tenant, Company const& company, std::optional<Tier> tier)
    {
        if (tier && !adopt(tenant, company, *tier))
            return;
        compare_tags(tenant, company);
        compare_contact(tenant, company);
        compare_name(tenant, company);
        if (company.inactive)
            reactivate(tenant, company);
        link_ = Link::Stamped;
    }

    /// False: there is nothing else to compare. Either the link cannot be stamped at all, or
    /// everything is in order then.
    bool adopt(Tenant const& tenant, Company const& company, Tier tier)
    {
        if (!company.can_carry_link) {
            add_invalid(about(DriftKind::Unstamped, tenant, &company),
                        "the company's properties are no JSON object, so a link cannot be added "
                        "without losing them; repair the row");
            return false;
        }
        Stamp stamp{.change = {.tenant = tenant.id,
                               .company = company.id,
                               .name = company.name,
                               .link_text = company.link_text},
                    .tenant_name = tenant.name,
                    .tier = tier,
                    .is_prospect = company.prospect};
        if (is_whole_but_for_link(tenant, company, policy_)) {
            stamps_.push_back(std::move(stamp));
            return false;
        }
        auto const held = add(unstamped(std::move(stamp)));
        // A link in another spelling holds as it is.
        link_ = held == Restraint::None || tier == Tier::Uuid ? Link::Stamped : Link::HeldBack;
        return true;
    }

    static Drift unstamped(Stamp stamp)
    {
        auto const& link_text = stamp.change.link_text;
        Drift drift{.kind = DriftKind::Unstamped,
                    .tenant = stamp.change.tenant,
                    .tenant_name = std::move(stamp.tenant_name),
                    .company = stamp.change.company,
                    .company_name = stamp.change.name};
        auto const reads =
            link_text ? fmt::format("\"{}\"", models::printable(*link_text)) : "nothing";
        if (stamp.tier == Tier::Uuid)
            drift.detail = fmt::format(
                "the link is the tenant's id in another spelling, which the platform does not "
                "find: "
                "it reads {}",
                reads);
        else
            drift.detail = fmt::format("recognised by its {}; the link reads {}",
                                       stamp.tier == Tier::Name ? "name" : "admin's e-mail", reads);
        if (stamp.is_prospect)
            drift.detail +=
                "; it stays a prospect, which the platform's list of clients hides by default: set "
                "its lifecycle_status there";
        drift.change = std::move(stamp.change);
        return drift;
    }

    void compare_tags(Tenant const& tenant, Company const& company)
    {
        auto const& wanted = tag_of(tenant);
        for (auto const& tag : company.tags) {
            if (tag != wanted)
                plan_.remarks.push_back(
                    fmt::format("company {} carries the tag \"{}\" of another product than its "
                                "tenant's; it is left there",
                                shown(company), tag));
        }
        if (contains(company.tags, wanted))
            return;
        auto drift = about(DriftKind::Untagged, tenant, &company);
        drift.detail = fmt::format("lacks the tag \"{}\"", wanted);
        drift.change = models::RepairTag{.tenant = tenant.id, .company = company.id, .tag = wanted};
        add(std::move(drift));
    }

    void compare_contact(Tenant const& tenant, Company const& company)
    {
        if (has_wanted_contact(company, tenant))
            return;
        auto const planned = plan_contact(tenant, company.id, &company);
        if (!planned.contact) {
            if (company.emails.empty())
                follow_up(planned, tenant, company.id, Restraint::None);
            return;
        }
        auto drift = about(DriftKind::ContactMissing, tenant, &company);
        drift.detail = company.emails.empty() ? "has no contact"
                                              : "the tenant's admin is not among its contacts";
        drift.change = models::RepairContact{
            .tenant = tenant.id, .company = company.id, .contact = *planned.contact};
        if (auto const held = add(std::move(drift)))
            follow_up(planned, tenant, company.id, *held);
    }

    void compare_name(Tenant const& tenant, Company const& company)
    {
        if (bears_name_of(company, tenant))
            return;
        auto drift = about(DriftKind::Renamed, tenant, &company);
        if (auto objection = objection_to(tenant); !objection.empty()) {
            add_invalid(std::move(drift), std::move(objection));
            return;
        }
        auto const name = holders_->of_name(tenant.name) ? distinct_name(tenant) : tenant.name;
        drift.detail = fmt::format("the company is called \"{}\"", models::printable(company.name));
        if (auto const holder = holders_->of_name(name)) {
            drift.detail += fmt::format("; \"{}\" is taken too, by {}", models::printable(name),
                                        shown(*holder));
            add(std::move(drift));
            return;
        }
        drift.change = models::RenameCompany{
            .tenant = tenant.id, .company = company.id, .from = company.name, .to = name};
        if (add(std::move(drift)) == Restraint::None)
            holders_->add(name, {.company = &company});
    }

    void reactivate(Tenant const& tenant, Company const& company)
    {
        auto drift = about(DriftKind::Inactive, tenant, &company);
        drift.detail = "the tenant is live, its company is inactive";
        auto const contact = wanted_contact(tenant);
        drift.change = models::Reactivate{.tenant = tenant.id,
                                          .company = company.id,
                                          .email = contact ? contact->email : std::string{}};
        add(std::move(drift));
    }

    /// `company` is null while it is only planned. An address that the company itself holds already
    /// is an additional one of another contact.
    ContactPlan plan_contact(Tenant const& tenant, CompanyId id, Company const* company) const
    {
        auto const wanted = wanted_contact(tenant);
        if (!wanted) {
            auto drift = about(DriftKind::NoAdmin, tenant, company);
            drift.detail = tenant.admin
                               ? fmt::format("the admin's e-mail \"{}\" is not valid",
                                             models::printable(tenant.admin->email))
                               : "the tenant has neither an active admin nor a valid e-mail";
            return {.obstacle = std::move(drift)};
        }
        if (auto const holder = holders_->of_email(wanted->email)) {
            auto drift = about(DriftKind::EmailTaken, tenant, company);
            drift.detail =
                fmt::format("{} is a contact of {}", models::printable(wanted->email),
                            holder->company ? fmt::format("company \"{}\" ({})",
                                                          models::printable(holder->company_name),
                                                          holder->company->str())
                                            : "no company");
            return {.obstacle = std::move(drift)};
        }
        auto const contact = models::made_contact_id(policy_.management, id, wanted->email);
        return {.contact =
                    models::PlannedContact{
                        .id = contact, .full_name = wanted->full_name, .email = wanted->email},
                .is_fallback = wanted->is_fallback};
    }

    /// What is said about a contact, once it is known what becomes of the change that brings it.
    void follow_up(ContactPlan const& planned, Tenant const& tenant, CompanyId company,
                   Restraint held)
    {
        if (planned.obstacle)
            add(*planned.obstacle);
        if (!planned.contact)
            return;
        if (held == Restraint::None)
            holders_->add({planned.contact->email, company, tenant.name});
        if (planned.is_fallback)
            plan_.remarks.push_back(
                fmt::format("tenant \"{}\" ({}) has {}: its own address serves as contact",
                            models::printable(tenant.name), tenant.id.str(),
                            tenant.admin ? "an admin without a valid e-mail" : "no active admin"));
    }

    void clean_up(Company const& company)
    {
        if (company.link == policy_.management) {
            report_unlinked(company);
            return;
        }
        if (auto const scope = scope_of_orphan(company, policy_); scope != Scope::Tracked) {
            ++plan_.counts.out_of_scope;
            left_out_[scope].push_back(shown(company));
            return;
        }
        Drift drift{.kind = DriftKind::Orphaned,
                    .tenant = company.link,
                    .company = company.id,
                    .company_name = company.name};
        drift.detail = "its tenant is gone";
        auto const* const radius = blast_radius_of(company);
        if (radius)
            drift.blast_radius = *radius;
        drift.change = clean_up_of(company, policy_, radius);
        if (!drift.change && policy_.cleanup == CleanupMode::Untag) {
            ++plan_.counts.settled;
            return;
        }
        if (!drift.change) {
            drift.restraint = Restraint::Report;
            drift.restraint_reason = "cleanup.mode: report";
        } else {
            if (radius && !radius->is_clear())
                drift.detail +=
                    radius->touched.empty()
                        ? "; it cannot be deleted, because of " + models::listed(*radius)
                        : "; it cannot be deleted: " + models::objections_to_removal(*radius);
            apply_grace(drift, earlier_sighting_of(drift).value_or(Sighting{}));
        }
        add(std::move(drift));
    }

    models::BlastRadius const* blast_radius_of(Company const& company) const
    {
        auto const found = state_.blast_radii.find(company.id);
        return found == state_.blast_radii.end() ? nullptr : &found->second;
    }

    std::optional<Sighting> earlier_sighting_of(Drift const& drift) const
    {
        auto const found = state_.sightings.find(key_of(drift));
        return found == state_.sightings.end() ? std::nullopt : std::optional{found->second};
    }

    /// This reading is a sighting too.
    void apply_grace(Drift& drift, Sighting const& seen) const
    {
        auto const [runs, time] = policy_.grace;
        if (seen.runs + 1 >= runs && seen.age >= time)
            return;
        drift.restraint = Restraint::Grace;
        drift.due_in = std::max(std::chrono::seconds{0}, time - seen.age);
        drift.restraint_reason =
            fmt::format("grace: seen by {} of {} runs, for {} of {}", std::min(seen.runs + 1, runs),
                        runs, in_hours(seen.age), in_hours(time));
    }

    void report(Ambiguity const& ambiguity)
    {
        auto drift = about(DriftKind::Ambiguous, *ambiguity.tenant, nullptr);
        drift.detail = fmt::format("matches by {}, but not uniquely:",
                                   ambiguity.tier == Tier::Name ? "name" : "the admin's e-mail");
        for (auto const* company : ambiguity.candidates) {
            drift.detail += " company " + shown(*company);
            drift.candidates.push_back(company->id);
        }
        add(std::move(drift));
    }

    /// A company may be this tenant's, but its link cannot be read: neither is it overwritten, nor
    /// is another company made beside it.
    void report_illegible(Ambiguity const& ambiguity)
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
        add(std::move(drift));
        told_illegible_.insert((*first)->id);
    }

    static std::string illegible_link(Company const& company)
    {
        return fmt::format(
            "the company's link reads {}, which is neither one id nor a name: a person has to say "
            "whose it is",
            models::printable(company.link_text.value()));
    }

    /// The first by id is taken for the customer, the others are reported; none of them is touched.
    void report(Crowd const& crowd)
    {
        auto const& companies = crowd.companies;
        auto const by_id = [](Company const& a, Company const& b) { return a.id < b.id; };
        auto const first = std::ranges::min_element(companies, by_id);
        if (first->ignored) {  // then all of them do
            leave_alone(crowd.tenant, *first);
            return;
        }
        for (auto const& company : companies) {
            if (company.id == first->id || company.ignored)
                continue;
            auto drift = about(DriftKind::Duplicate, crowd.tenant, &company);
            drift.detail = "the tenant is tracked by company " + shown(*first) + " too";
            add(std::move(drift));
        }
    }

    void report_unlinked(Company const& company)
    {
        if (company.inactive) {
            ++plan_.counts.settled;
            return;
        }
        Drift drift{
            .kind = DriftKind::Unlinked, .company = company.id, .company_name = company.name};
        if (!company.is_link_legible) {
            add_invalid(std::move(drift), illegible_link(company));
            return;
        }
        drift.detail = company.link == policy_.management
                           ? "is linked to the management tenant itself"
                       : company.link_text
                           ? fmt::format("the link \"{}\" names no tenant without a customer",
                                         models::printable(*company.link_text))
                           : "carries a customer tag, but matches no tenant without a customer";
        add(std::move(drift));
    }

    std::string const& tag_of(Tenant const& tenant) const
    {
        return policy_.tags.find(tenant.product)->second;
    }

    static Drift about(DriftKind kind, Tenant const& tenant, Company const* company)
    {
        Drift drift{.kind = kind, .tenant = tenant.id, .tenant_name = tenant.name};
        if (company) {
            drift.company = company->id;
            drift.company_name = company->name;
        }
        return drift;
    }

    void add_invalid(Drift drift, std::string detail)
    {
        drift.kind = DriftKind::Invalid;
        drift.detail = std::move(detail);
        add(std::move(drift));
    }

    /// Puts it into the plan. Returns what holds it; nothing where its kind is off.
    std::optional<Restraint> add(Drift drift)
    {
        if (!holds_.admit(drift, link_)) {
            is_off_ = true;
            return std::nullopt;
        }
        drift.seen = earlier_sighting_of(drift);
        plan_.drift.push_back(std::move(drift));
        return plan_.drift.back().restraint;
    }

    void sort()
    {
        std::ranges::sort(plan_.drift, {}, [](Drift const& drift) {
            return std::tuple{drift.kind, drift.tenant, drift.company};
        });
        std::ranges::sort(plan_.left_alone, {}, &Drift::tenant);
        std::ranges::sort(plan_.remarks);
    }

    State state_;
    Policy const& policy_;
    std::optional<NameRegistry> holders_;
    Restraints holds_;
    std::map<Scope, std::vector<std::string>> left_out_;  ///< customers whose tenant is gone
    Link link_ = Link::Stamped;
    bool is_off_ = false;  ///< there was something to say of the tenant, of a kind that is off
    std::set<CompanyId> told_illegible_;
    std::vector<Stamp> stamps_;  ///< of adoptions after which everything is in order
    Plan plan_;
};

}  // namespace

Plan diff(State state, Policy const& policy)
{
    return Differ{std::move(state), policy}.run();
}

}  // namespace tracking::reconcile
