#include "reconcile/reading/state.hpp"

#include "reconcile/reading/wanted_contact.hpp"

#include "models/values/change.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace tracking::reconcile {

namespace {

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
    constexpr std::array kCounts{&Counts::in_scope, &Counts::other_product, &Counts::excluded,
                                 &Counts::young, &Counts::suspended};
    static_assert(kCounts.size() == static_cast<std::size_t>(Scope::Suspended) + 1);
    ++(counts.*kCounts.at(static_cast<std::size_t>(scope)));
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

}  // namespace

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
           contains(company.tags, policy.tag_of(tenant.product.code())) &&
           company.name == tenant.name && has_all_contacts(company, tenant) &&
           !may_have_followers(company, tenant);
}

models::CompanyId id_of_new_company(State const& state, models::TenantId tenant)
{
    auto const found = state.company_ids.find(tenant);
    return found == state.company_ids.end()
               ? models::made_company_id(state.occasion.management, tenant)
               : found->second;
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

}  // namespace tracking::reconcile
