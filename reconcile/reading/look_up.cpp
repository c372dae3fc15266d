#include "reconcile/reading/look_up.hpp"

#include "reconcile/reading/look_alikes.hpp"
#include "reconcile/reading/wanted_contact.hpp"

#include "models/values/lists.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <algorithm>
#include <future>
#include <iterator>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace tracking::reconcile {

namespace {

constexpr std::size_t kAskedForAtOnce = 10'000;

/// Hands on what is added, in portions, so that a first night never holds all of it.
template <class T, class Visit>
class Portions
{
public:
    explicit Portions(Visit visit) : visit_{std::move(visit)} {}

    void add(T one)
    {
        portion_.push_back(std::move(one));
        if (portion_.size() == kAskedForAtOnce)
            end();
    }

    /// Hands on what is left.
    void end()
    {
        if (!portion_.empty())
            visit_(std::exchange(portion_, {}));
    }

private:
    Visit visit_;
    std::vector<T> portion_;
};

template <class T>
auto portions_of(auto visit)
{
    return Portions<T, decltype(visit)>{std::move(visit)};
}

/// The second choices of tenants whose first choice may be taken, by a company that was found or by
/// another tenant of that name. No loose company has the name of any of `tenants`.
std::vector<std::string> second_choices(State const& state,
                                        std::vector<models::Tenant const*> const& tenants)
{
    boost::unordered_flat_set<std::string_view> claimed;  // in one piece: a first night claims all
    std::unordered_set<std::string_view> contested;
    auto const claim = [&](std::string_view name) {
        if (!claimed.insert(name).second)
            contested.insert(name);
    };
    for (auto const& company : state.named)
        claim(company.name);
    for (auto const* tenant : tenants)
        claim(tenant->name);
    std::vector<std::string> names;
    for (auto const* tenant : tenants) {
        if (contested.contains(tenant->name))
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
    auto names = portions_of<std::string>([&](std::vector<std::string> const& portion) {
        std::ranges::move(lookup.named(portion), std::back_inserter(state.named));
    });
    std::vector<models::Tenant const*> tenants;
    std::vector<std::string> seconds;
    auto const want = [&](models::Tenant const& tenant, bool is_contested) {
        if (!loose.contains(tenant.name)) {
            tenants.push_back(&tenant);
            names.add(tenant.name);
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
    names.end();
    std::ranges::move(second_choices(state, tenants), std::back_inserter(seconds));
    for (auto& name : seconds)
        names.add(std::move(name));
    names.end();
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
        auto const ids = models::each_of(tenants, [&](models::TenantId tenant) {
            return models::made_company_id(management, tenant, attempt);
        });
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
    auto tenants = portions_of<models::TenantId>([&](std::vector<models::TenantId> portion) {
        find_ids(state, lookup, state.occasion.management, std::move(portion));
    });
    for (auto const& tenant : state.open) {
        if (scope_of(tenant, policy) == Scope::Tracked)
            tenants.add(tenant.id);
    }
    tenants.end();
}

std::vector<models::CompanyId> companies_of(std::vector<Pair const*> const& pairs)
{
    return models::each_of(pairs, [](Pair const* pair) { return pair->company.id; });
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
    auto pairs = portions_of<Pair const*>(visit);
    for (auto const& pair : state.pairs) {
        if (!pair.company.ignored && scope_of(pair.tenant, policy) == Scope::Tracked &&
            is_meant(pair))
            pairs.add(&pair);
    }
    pairs.end();
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

std::vector<models::EmailHolder> holders_of_wanted(State const& state,
                                                   models::CompanyLookup& lookup)
{
    std::vector<models::EmailHolder> holders;
    auto emails = portions_of<std::string>([&](std::vector<std::string> const& portion) {
        std::ranges::move(lookup.holders_of(portion), std::back_inserter(holders));
    });
    auto const known = addresses_of(state.loose);  // who holds these is known
    auto const add = [&](std::string email) {
        if (!known.contains(email))
            emails.add(std::move(email));
    };
    auto const want = [&](models::Tenant const& tenant) {
        if (auto contact = wanted_contact(tenant))
            add(std::move(contact->email));
        for (auto& contact : further_contacts(tenant))
            add(std::move(contact.email));
    };
    for (auto const& tenant : state.open)
        want(tenant);
    for (auto const& [tenant, company] : state.pairs) {
        if (!has_all_contacts(company, tenant))
            want(tenant);
    }
    for (auto const& [company, people] : state.people) {
        for (auto const& user : people.users)
            add(user.email);
    }
    emails.end();
    return holders;
}

/// Only what differs can be changed again.
void look_up_often_changed(State& state, models::PeopleLookup& lookup)
{
    if (state.pairs.empty() && state.loose.empty() && state.orphans.empty())
        return;
    for (auto const& often : lookup.often_changed())
        state.often_changed.emplace(std::pair{often.company, often.change}, often.runs);
}

}  // namespace

void look_up(State& state, Lookups const& lookups, Policy const& policy)
{
    look_up_often_changed(state, lookups.people);
    look_up_clean_ups(state, lookups.people, policy);
    look_up_people(state, lookups.people, policy);
    // The server passes over all contacts for the holders, and over all companies for look-alikes.
    // Where no thread can be started, one follows the other.
    auto const beside =
        lookups.beside ? std::launch::async | std::launch::deferred : std::launch::deferred;
    auto holders = std::async(beside, [&] {
        return holders_of_wanted(state, lookups.beside ? *lookups.beside : lookups.companies);
    });
    look_up_names(state, lookups.companies);
    look_up_ids(state, lookups.companies, policy);
    look_up_look_alikes(state, lookups.companies, policy);
    models::leave_one_of_each(state.named, &models::Company::id);
    state.holders = holders.get();
}

}  // namespace tracking::reconcile
