#include "reconcile/state.hpp"

#include "reconcile/wants.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_set>

namespace tracking::reconcile {

namespace {

constexpr std::size_t kNamesAtOnce = 10'000;

/// The lists of what is read again get long, and where they are long a pass over everything costs
/// less.
constexpr std::size_t kMostReadAgain = 10'000;

/// A stream with a look at what comes next.
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
        return company;
    }

    std::size_t taken() const { return taken_; }

private:
    void advance() { more_ = stream_.next(company_); }

    models::CompanyStream& stream_;
    models::Company company_;
    bool more_ = false;
    std::size_t taken_ = 0;
};

void count_scope(Counts& counts, Scope scope)
{
    switch (scope) {
        case Scope::Tracked:
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

void take_loose(State& state, Ahead& companies)
{
    while (companies.peek() && !companies.peek()->link) {
        auto company = companies.take();
        state.bearers.try_emplace(company.name, 0);
        if (company.link_text)
            state.bearers.try_emplace(*company.link_text, 0);
        state.loose.push_back(std::move(company));
    }
}

/// Takes all companies that are linked to the next one's tenant, which is not there. An inactive
/// one is settled, whoever made it so: nothing to remember, where it has no orphan beside it.
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

/// Views into the companies.
Addresses addresses_of(std::vector<models::Company> const& companies)
{
    Addresses addresses;
    for (auto const& company : companies)
        addresses.insert(company.emails.begin(), company.emails.end());
    return addresses;
}

/// Whether a loose company may be this tenant's.
bool may_be_recognised(State const& state, Addresses const& loose, models::Tenant const& tenant)
{
    if (state.bearers.contains(tenant.name))
        return true;
    auto const contact = wanted_contact(tenant);
    return contact && loose.contains(contact->email);
}

void place(State& state, models::Tenant const& tenant, std::vector<models::Company> companies,
           Keep const& keep)
{
    ++state.counts.tracked;
    // A person who says "ignore" of one of two companies has decided which one it is.
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
    else
        return;
    state.beside.companies.insert(state.beside.companies.end(), ignored.begin(), ignored.end());
}

/// Calls `ask` with at most kNamesAtOnce texts at a time.
void in_portions(std::vector<std::string> const& texts, auto const& ask)
{
    std::span<std::string const> const all{texts};
    for (std::size_t at = 0; at < all.size(); at += kNamesAtOnce)
        ask(all.subspan(at, std::min(kNamesAtOnce, all.size() - at)));
}

void ask_for_names(State& state, models::CompanyLookup& lookup,
                   std::vector<std::string> const& names)
{
    in_portions(names, [&](auto portion) {
        for (auto& company : lookup.named(portion))
            state.named.push_back(std::move(company));
    });
}

/// Namesakes in different portions bring the same company twice.
void forget_repetitions(std::vector<models::Company>& companies)
{
    std::ranges::sort(companies, {}, &models::Company::id);
    auto const again = std::ranges::unique(companies, {}, &models::Company::id);
    companies.erase(again.begin(), again.end());
}

/// A tenant whose name a company is to get.
struct Naming
{
    models::Tenant const* tenant;
    bool is_open = false;
};

/// A loose company has the name, and is not just what this tenant will adopt.
bool is_held_by_loose(State const& state, std::unordered_set<std::string_view> const& loose,
                      Naming const& naming)
{
    auto const& name = naming.tenant->name;
    return loose.contains(name) && !(naming.is_open && state.bearers.at(name) <= 1);
}

/// The second choice matters only to those whose first may be gone; same-named tenants that are
/// both open compete for one name.
std::vector<std::string> second_choices(State const& state,
                                        std::unordered_set<std::string_view> const& loose,
                                        std::vector<Naming> const& namings)
{
    std::unordered_map<std::string_view, int> claims;
    for (auto const& company : state.named)
        ++claims[company.name];
    for (auto const& naming : namings)
        ++claims[naming.tenant->name];
    std::vector<std::string> names;
    for (auto const& naming : namings) {
        if (claims[naming.tenant->name] > 1 || is_held_by_loose(state, loose, naming))
            names.push_back(distinct_name(*naming.tenant));
    }
    return names;
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
    // An orphan's tenant may be back.
    for (auto const& orphan : state.orphans)
        rest.tenants.push_back(*orphan.link);
    rest.others.tracked -= state.pairs.size() + state.crowds.size();
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
    state.counts = counts;
    // How many have a name is not changed by what the job does.
    for (auto& [name, bearers] : state.bearers) {
        if (auto const known = remainder.bearers.find(name); known != remainder.bearers.end())
            bearers = known->second;
    }
}

bool is_in_order(models::Tenant const& tenant, models::Company const& company, Policy const& policy)
{
    if (company.ignored || scope_of(tenant, policy) != Scope::Tracked)
        return true;
    return !company.inactive && company.tags.size() == 1 &&
           contains(company.tags, policy.tags.find(tenant.product)->second) &&
           bears_name_of(company, tenant) && has_wanted_contact(company, tenant);
}

State merge(models::CompanyStream& company_stream, models::TenantStream& tenants,
            Policy const& policy, Keep const& keep)
{
    State state;
    Ahead companies{company_stream};
    take_loose(state, companies);
    auto const loose = addresses_of(state.loose);
    for (models::Tenant tenant; tenants.next(tenant);) {
        auto const scope = scope_of(tenant, policy);
        ++state.counts.tenants;
        count_scope(state.counts, scope);
        if (auto const bearers = state.bearers.find(tenant.name); bearers != state.bearers.end())
            ++bearers->second;
        while (companies.peek() && *companies.peek()->link < tenant.id)
            take_orphans(state, companies);
        std::vector<models::Company> linked;
        while (companies.peek() && companies.peek()->link == tenant.id) {
            linked.push_back(companies.take());
            state.counts.ignored += linked.back().ignored ? 1 : 0;
        }
        if (!linked.empty())
            place(state, tenant, std::move(linked), keep);
        else if (scope == Scope::Tracked || may_be_recognised(state, loose, tenant) ||
                 keep(tenant, nullptr))
            state.open.push_back(tenant);
    }
    while (companies.peek())
        take_orphans(state, companies);
    state.counts.companies = companies.taken();
    return state;
}

void look_up(State& state, models::CompanyLookup& lookup)
{
    std::vector<Naming> namings;
    std::vector<std::string> names;
    std::vector<std::string> emails;
    std::unordered_set<std::string_view> loose;  // names of those that are known: they are unique
    for (auto const& company : state.loose)
        loose.insert(company.name);
    auto const want_name = [&](Naming const& naming) {
        namings.push_back(naming);
        if (!loose.contains(naming.tenant->name))
            names.push_back(naming.tenant->name);
    };
    auto const known = addresses_of(state.loose);  // who holds these need not be asked
    auto const want_contact = [&](models::Tenant const& tenant) {
        if (auto contact = wanted_contact(tenant); contact && !known.contains(contact->email))
            emails.push_back(std::move(contact->email));
    };
    for (auto const& tenant : state.open) {
        want_name({&tenant, true});
        want_contact(tenant);
    }
    for (auto const& [tenant, company] : state.pairs) {
        if (!bears_name_of(company, tenant))
            want_name({&tenant});
        if (!has_wanted_contact(company, tenant))
            want_contact(tenant);
    }
    ask_for_names(state, lookup, names);
    ask_for_names(state, lookup, second_choices(state, loose, namings));
    forget_repetitions(state.named);
    in_portions(emails, [&](auto portion) {
        for (auto& holder : lookup.holders_of(portion))
            state.holders.push_back(std::move(holder));
    });
}

}  // namespace tracking::reconcile
