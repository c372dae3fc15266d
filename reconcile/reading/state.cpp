#include "reconcile/reading/state.hpp"

#include "reconcile/reading/look_alikes.hpp"
#include "reconcile/reading/wanted_contact.hpp"

#include "models/values/lists.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace tracking::reconcile {

namespace {

constexpr std::size_t kAskedForAtOnce = 10'000;

/// How many entries are worth reading again alone. Where there are more, a pass over everything
/// costs less.
constexpr std::size_t kMostReadAgain = 10'000;

/// A stream that shows its next company before it is taken.
class Ahead
{
public:
    explicit Ahead(models::CompanyStream& stream) : stream_{stream} { advance(); }

    models::Company const* peek() const { return more_ ? &company_ : nullptr; }

    models::Company take()
    {
        auto company = std::move(company_);
        company_ = {};
        advance();
        ++taken_;
        untyped_ += company.has_untyped_contact ? 1 : 0;
        if (!company.odd_word.empty())
            odd_words_.push_back({company.id, company.name, company.odd_word});
        return company;
    }

    std::size_t taken() const { return taken_; }
    std::size_t untyped() const { return untyped_; }
    std::vector<OddWord>& odd_words() { return odd_words_; }

private:
    void advance() { more_ = stream_.next(company_); }

    models::CompanyStream& stream_;
    models::Company company_;
    bool more_ = false;
    std::size_t taken_ = 0;
    std::size_t untyped_ = 0;
    std::vector<OddWord> odd_words_;
};

void count_scope(Counts& counts, Scope scope)
{
    switch (scope) {
        case Scope::Tracked:
            ++counts.in_scope;
            break;
        case Scope::OtherProduct:
            ++counts.other_product;
            break;
        case Scope::Excluded:
            ++counts.excluded;
            break;
        case Scope::Young:
            ++counts.young;
            break;
        case Scope::Suspended:
            ++counts.suspended;
            break;
    }
}

/// How many tenants have each name. The keys are views into the companies.
using Bearers = std::unordered_map<std::string_view, int>;

/// Zero for each name and link of a loose company, since a tenant may have it as its name.
Bearers bearers_for(std::vector<models::Company> const& loose)
{
    Bearers bearers;
    for (auto const& company : loose) {
        if (company.ignored)
            continue;
        bearers.try_emplace(company.name, 0);
        if (company.link_text)
            bearers.try_emplace(*company.link_text, 0);
    }
    return bearers;
}

/// Takes the next company and all others that are linked to the same tenant, which is gone. An
/// inactive company is settled, whoever deactivated it. It is remembered only beside an orphan of
/// the same tenant.
void take_orphans(State& state, Ahead& companies)
{
    auto const tenant = companies.peek()->link;
    auto const orphans_before = state.orphans.size();
    std::vector<models::CompanyId> settled;
    std::vector<models::CompanyId> ignored;
    while (companies.peek() && companies.peek()->link == tenant) {
        auto company = companies.take();
        if (company.ignored)
            ignored.push_back(company.id);
        else if (company.inactive)
            settled.push_back(company.id);
        else
            state.orphans.push_back(std::move(company));
    }
    state.counts.ignored += ignored.size();
    state.counts.settled += settled.size();
    if (state.orphans.size() == orphans_before)
        return;
    state.beside.settled += settled.size();
    state.beside.companies.insert(state.beside.companies.end(), settled.begin(), settled.end());
    state.beside.companies.insert(state.beside.companies.end(), ignored.begin(), ignored.end());
}

using Addresses = std::unordered_set<std::string_view>;

/// All e-mail addresses of the companies, as views into them.
Addresses addresses_of(std::vector<models::Company> const& companies)
{
    Addresses addresses;
    for (auto const& company : companies)
        addresses.insert(company.emails.begin(), company.emails.end());
    return addresses;
}

/// Whether a loose company may be this tenant's.
bool may_be_recognised(Bearers const& bearers, Addresses const& loose, models::Tenant const& tenant)
{
    if (bearers.contains(tenant.name))
        return true;
    auto const contact = wanted_contact(tenant);
    return contact && loose.contains(contact->email);
}

/// A company is compared with its people once it is linked. A first adoption holds very many.
void forget_active_contacts(models::Company& company)
{
    std::erase_if(company.notable, [](auto const& contact) { return !contact.inactive; });
    company.notable.shrink_to_fit();
}

void place(State& state, models::Tenant const& tenant, Scope scope,
           std::vector<models::Company> companies, Keep const& keep)
{
    ++state.counts.tracked;
    // A person who sets "ignore" on one of two companies has decided that the other is the
    // customer.
    std::vector<models::CompanyId> ignored;
    if (!std::ranges::all_of(companies, &models::Company::ignored))
        std::erase_if(companies, [&](auto const& company) {
            if (company.ignored)
                ignored.push_back(company.id);
            return company.ignored;
        });
    if (companies.size() > 1)
        state.crowds.push_back({tenant, std::move(companies)});
    else if (keep(tenant, &companies.front()))
        state.pairs.push_back({tenant, std::move(companies.front())});
    else {
        state.counts.whole += scope == Scope::Tracked ? 1 : 0;
        return;
    }
    state.beside.companies.insert(state.beside.companies.end(), ignored.begin(), ignored.end());
}

/// Keeps the tenant without its own address where the admin has the same: that is only a fallback.
void keep_open(State& state, models::Tenant tenant)
{
    if (tenant.admin && tenant.admin->email == tenant.email)
        tenant.email.clear();
    state.open.push_back(tenant);  // a copy has no spare capacity
}

/// Calls `ask` with at most kAskedForAtOnce texts at a time.
void in_portions(std::vector<std::string> const& texts, auto const& ask)
{
    std::span<std::string const> const all{texts};
    for (std::size_t at = 0; at < all.size(); at += kAskedForAtOnce)
        ask(all.subspan(at, std::min(kAskedForAtOnce, all.size() - at)));
}

void ask_for_names(State& state, models::CompanyLookup& lookup,
                   std::vector<std::string> const& names)
{
    in_portions(names, [&](auto portion) {
        for (auto& company : lookup.named(portion))
            state.named.push_back(std::move(company));
    });
}

/// The second choices of tenants whose first choice may be taken, by a company that was found or by
/// another tenant of that name. No loose company has the name of any of `tenants`.
std::vector<std::string> second_choices(State const& state,
                                        std::vector<models::Tenant const*> const& tenants)
{
    std::unordered_map<std::string_view, int> claims;
    for (auto const& company : state.named)
        ++claims[company.name];
    for (auto const* tenant : tenants)
        ++claims[tenant->name];
    std::vector<std::string> names;
    for (auto const* tenant : tenants) {
        if (claims[tenant->name] > 1)
            names.push_back(distinct_name(*tenant));
    }
    return names;
}

/// Looks up who holds the names. Where a loose company has the name, that is known already. Then
/// the second choice is looked up at once, unless the tenant may just adopt that company.
void look_up_names(State& state, models::CompanyLookup& lookup)
{
    // Names are unique, so who holds these is known. A company that says "ignore" is never adopted,
    // so its name is looked up like any other.
    std::unordered_set<std::string_view> loose;
    for (auto const& company : state.loose) {
        if (!company.ignored)
            loose.insert(company.name);
    }
    std::vector<models::Tenant const*> tenants;
    std::vector<std::string> names;
    std::vector<std::string> seconds;
    auto const want = [&](models::Tenant const& tenant, bool is_contested) {
        if (!loose.contains(tenant.name)) {
            tenants.push_back(&tenant);
            names.push_back(tenant.name);
        } else if (is_contested) {
            seconds.push_back(distinct_name(tenant));
        }
    };
    for (auto const& tenant : state.open)
        want(tenant, state.bearers.contains(tenant.name));
    for (auto const& [tenant, company] : state.pairs) {
        if (company.name != tenant.name)
            want(tenant, !bears_name_of(company, tenant));
    }
    ask_for_names(state, lookup, names);
    std::ranges::move(second_choices(state, tenants), std::back_inserter(seconds));
    ask_for_names(state, lookup, seconds);
    // Tenants of one name in different portions find a company twice.
    models::leave_one_of_each(state.named, &models::Company::id);
}

/// Notes a company that the job has made for the tenant, if it is nobody's now.
void note_made(State& state, models::Company company, models::TenantId tenant)
{
    if (company.link || company.ignored)
        return;
    state.made.emplace(company.id, tenant);
    if (!company.link_text && company.tags.empty())  // others are loose, and known
        state.named.push_back(std::move(company));
}

/// Finds a free id for each tenant's new company. The first id is taken where the company that was
/// made for the tenant belongs to another one now.
void find_ids(State& state, models::CompanyLookup& lookup, models::TenantId management,
              std::vector<models::TenantId> tenants)
{
    for (std::size_t attempt = 0; !tenants.empty(); ++attempt) {
        std::vector<models::CompanyId> ids;
        for (auto const& tenant : tenants)
            ids.push_back(models::made_company_id(management, tenant, attempt));
        std::unordered_map<models::CompanyId, models::Company> taken;
        for (auto& company : lookup.with_ids(ids))
            taken.emplace(company.id, std::move(company));
        std::vector<models::TenantId> others;
        for (std::size_t i = 0; i < ids.size(); ++i) {
            auto const found = taken.find(ids[i]);
            if (found != taken.end()) {
                others.push_back(tenants[i]);
                note_made(state, std::move(found->second), tenants[i]);
            } else if (attempt > 0) {
                state.company_ids.emplace(tenants[i], ids[i]);
            }
        }
        tenants = std::move(others);
    }
}

void look_up_ids(State& state, models::CompanyLookup& lookup, Policy const& policy)
{
    std::vector<models::TenantId> portion;
    for (auto const& tenant : state.open) {
        if (scope_of(tenant, policy) == Scope::Tracked)
            portion.push_back(tenant.id);
        if (portion.size() == kAskedForAtOnce)
            find_ids(state, lookup, state.occasion.management, std::exchange(portion, {}));
    }
    find_ids(state, lookup, state.occasion.management, std::move(portion));
}

std::vector<models::CompanyId> companies_of(std::vector<Pair const*> const& pairs)
{
    std::vector<models::CompanyId> ids;
    for (auto const* pair : pairs)
        ids.push_back(pair->company.id);
    return ids;
}

/// Users are asked for by the addresses of the contacts, and by the journal's memory of them.
void add_people(State& state, models::PeopleLookup& lookup, std::vector<Pair const*> const& pairs)
{
    auto const companies = companies_of(pairs);
    models::UsersSought sought;
    std::unordered_map<models::TenantId, models::CompanyId> company_of;
    for (auto const* pair : pairs) {
        sought.tenants.push_back(pair->tenant.id);
        company_of.emplace(pair->tenant.id, pair->company.id);
    }
    for (auto& contact : lookup.own_contacts(companies)) {
        sought.emails.push_back(contact.email);
        state.people[contact.company].contacts.push_back(std::move(contact));
    }
    for (auto& written : lookup.written(companies)) {
        if (written.user)
            sought.ids.push_back(*written.user);
        state.people[written.company].written.push_back(std::move(written));
    }
    for (auto& user : lookup.users(sought))
        state.people[company_of.at(user.tenant)].users.push_back(std::move(user));
}

/// The pairs that `is_meant` picks, of tenants in scope, a portion at a time.
void for_each_portion(State const& state, Policy const& policy, auto const& is_meant,
                      auto const& visit)
{
    std::vector<Pair const*> portion;
    for (auto const& pair : state.pairs) {
        if (pair.company.ignored || scope_of(pair.tenant, policy) != Scope::Tracked ||
            !is_meant(pair))
            continue;
        portion.push_back(&pair);
        if (portion.size() == kAskedForAtOnce)
            visit(std::exchange(portion, {}));
    }
    if (!portion.empty())
        visit(portion);
}

void look_up_clean_ups(State& state, models::PeopleLookup& lookup, Policy const& policy)
{
    for_each_portion(
        state, policy, [](Pair const& pair) { return pair.company.inactive; },
        [&](std::vector<Pair const*> const& pairs) {
            for (auto& past : lookup.clean_ups(companies_of(pairs)))
                state.clean_ups.emplace(past.company, std::move(past));
        });
}

void look_up_people(State& state, models::PeopleLookup& lookup, Policy const& policy)
{
    for_each_portion(
        state, policy,
        [](Pair const& pair) { return may_have_followers(pair.company, pair.tenant); },
        [&](std::vector<Pair const*> const& pairs) { add_people(state, lookup, pairs); });
}

void look_up_holders(State& state, models::CompanyLookup& lookup)
{
    std::vector<std::string> emails;
    auto const known = addresses_of(state.loose);  // who holds these is known
    auto const want = [&](models::Tenant const& tenant) {
        if (auto contact = wanted_contact(tenant); contact && !known.contains(contact->email))
            emails.push_back(std::move(contact->email));
        for (auto& contact : further_contacts(tenant)) {
            if (!known.contains(contact.email))
                emails.push_back(std::move(contact.email));
        }
    };
    for (auto const& tenant : state.open)
        want(tenant);
    for (auto const& [tenant, company] : state.pairs) {
        if (!has_all_contacts(company, tenant))
            want(tenant);
    }
    for (auto const& [company, people] : state.people) {
        for (auto const& user : people.users) {
            if (!known.contains(user.email))
                emails.push_back(user.email);
        }
    }
    in_portions(emails, [&](auto portion) {
        for (auto& holder : lookup.holders_of(portion))
            state.holders.push_back(std::move(holder));
    });
}

/// Only what differs can be changed again.
void look_up_often_changed(State& state, models::PeopleLookup& lookup)
{
    if (state.pairs.empty() && state.loose.empty() && state.orphans.empty())
        return;
    for (auto const& often : lookup.often_changed())
        state.often_changed.emplace(often.company, often.runs);
}

}  // namespace

Remainder remainder_of(State const& state)
{
    if (state.pairs.size() + state.crowds.size() + state.open.size() + state.loose.size() +
            state.orphans.size() >
        kMostReadAgain)
        return {};
    Remainder rest{.others = state.counts, .bearers = state.bearers};
    auto const add = [&](std::vector<models::Company> const& companies) {
        for (auto const& company : companies)
            rest.companies.push_back(company.id);
    };
    for (auto const& [tenant, company] : state.pairs) {
        rest.tenants.push_back(tenant.id);
        rest.companies.push_back(company.id);
    }
    for (auto const& [tenant, companies] : state.crowds) {
        rest.tenants.push_back(tenant.id);
        add(companies);
    }
    for (auto const& tenant : state.open)
        rest.tenants.push_back(tenant.id);
    add(state.loose);
    add(state.orphans);
    rest.companies.insert(rest.companies.end(), state.beside.companies.begin(),
                          state.beside.companies.end());
    // The tenant of an orphan may be back.
    for (auto const& orphan : state.orphans)
        rest.tenants.push_back(*orphan.link);
    rest.others.tracked -= state.pairs.size() + state.crowds.size();
    rest.others.in_scope = rest.others.whole;  // all but the whole ones are read again
    rest.others.companies -= std::min(rest.others.companies, rest.companies.size());
    rest.others.settled -= state.beside.settled;
    return rest;
}

void complete(State& state, Remainder const& remainder)
{
    auto counts = remainder.others;
    counts.tracked += state.counts.tracked;
    counts.companies += state.counts.companies;
    counts.settled += state.counts.settled;
    counts.in_scope += state.counts.in_scope;
    counts.whole += state.counts.whole;
    state.counts = counts;
    // The job never changes how many tenants have a name.
    auto bearers = remainder.bearers;
    bearers.merge(state.bearers);
    state.bearers = std::move(bearers);
}

bool is_in_order(models::Tenant const& tenant, models::Company const& company, Policy const& policy)
{
    if (scope_of(tenant, policy) != Scope::Tracked)
        return true;
    return !company.ignored && !is_dated_ahead(tenant) && is_stamped(company) &&
           is_whole_but_for_link(tenant, company, policy);
}

bool is_whole_but_for_link(models::Tenant const& tenant, models::Company const& company,
                           Policy const& policy)
{
    return !is_inactive(company, tenant) && company.tags.size() == 1 &&
           contains(company.tags, policy.tag_of(tenant.product)) && company.name == tenant.name &&
           has_all_contacts(company, tenant) && !may_have_followers(company, tenant);
}

State merge(Occasion const& occasion, models::CompanyStream& company_stream,
            models::TenantStream& tenants, Policy const& policy, Keep const& keep)
{
    State state{.occasion = occasion};
    Ahead companies{company_stream};
    while (companies.peek() && !companies.peek()->link) {
        state.loose.push_back(companies.take());
        forget_active_contacts(state.loose.back());
        state.counts.ignored += state.loose.back().ignored ? 1 : 0;
    }
    auto bearers = bearers_for(state.loose);
    auto const loose = addresses_of(state.loose);
    for (models::Tenant tenant; tenants.next(tenant);) {
        auto const scope = scope_of(tenant, policy);
        ++state.counts.tenants;
        count_scope(state.counts, scope);
        if (auto const known = bearers.find(tenant.name); known != bearers.end())
            ++known->second;
        while (companies.peek() && *companies.peek()->link < tenant.id)
            take_orphans(state, companies);
        std::vector<models::Company> linked;
        while (companies.peek() && companies.peek()->link == tenant.id) {
            linked.push_back(companies.take());
            state.counts.ignored += linked.back().ignored ? 1 : 0;
        }
        if (!linked.empty())
            place(state, tenant, scope, std::move(linked), keep);
        else if (scope == Scope::Tracked || may_be_recognised(bearers, loose, tenant) ||
                 keep(tenant, nullptr))
            keep_open(state, std::move(tenant));
    }
    while (companies.peek())
        take_orphans(state, companies);
    for (auto const& [name, count] : bearers) {
        if (count > 1)
            state.bearers.emplace(name, count);
    }
    state.counts.companies = companies.taken();
    state.counts.untyped = companies.untyped();
    state.odd_words = std::move(companies.odd_words());
    return state;
}

void look_up(State& state, Lookups const& lookups, Policy const& policy)
{
    look_up_often_changed(state, lookups.people);
    look_up_clean_ups(state, lookups.people, policy);
    look_up_people(state, lookups.people, policy);
    look_up_names(state, lookups.companies);
    look_up_ids(state, lookups.companies, policy);
    look_up_look_alikes(state, lookups.companies, policy);
    models::leave_one_of_each(state.named, &models::Company::id);
    look_up_holders(state, lookups.companies);
}

}  // namespace tracking::reconcile
