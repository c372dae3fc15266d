#include "reconcile/match/candidates.hpp"

#include "reconcile/reading/wanted_contact.hpp"

#include "models/looks/looks.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

namespace tracking::reconcile {

namespace {

bool mentions(std::string const& link_text, models::Tenant const& tenant)
{
    auto const [ids, names] = mentions_in(link_text);
    return std::ranges::find(ids, tenant.id) != ids.end() || contains(names, tenant.name);
}

/// What a tenant's candidates are compared with.
struct Sought
{
    models::Tenant const& tenant;
    std::optional<WantedContact> contact;
    std::string look;
};

bool looks_alike(models::Company const& company, std::string const& look)
{
    return !look.empty() && (models::look_of(company.name) == look ||
                             (company.link_text && models::look_of(*company.link_text) == look));
}

/// A link that is a UUID is a sign for the tenant of that id only.
std::optional<Sign> sign_of(models::Company const& company, Sought const& sought,
                            State const& state)
{
    auto const& [tenant, contact, look] = sought;
    if (company.link)
        return company.link == tenant.id ? std::optional{Sign::Uuid} : std::nullopt;
    auto const made = state.made.find(company.id);
    if (made != state.made.end() && made->second == tenant.id)
        return Sign::Made;
    if (!company.is_link_legible && mentions(*company.link_text, tenant))
        return Sign::Mention;
    if (company.name == tenant.name || company.link_text == tenant.name)
        return Sign::Name;
    if (contact && contains(company.emails, contact->email))
        return Sign::Email;
    if (looks_alike(company, look))
        return Sign::Look;
    return std::nullopt;
}

}  // namespace

std::string_view name_of(Sign sign)
{
    switch (sign) {
        case Sign::Uuid:
            return "uuid";
        case Sign::Made:
            return "id";
        case Sign::Mention:
            return "link";
        case Sign::Name:
            return "name";
        case Sign::Email:
            return "e-mail";
        case Sign::Look:
            return "looks";
    }
    return "unknown";
}

std::vector<Candidate> candidates_of(models::Tenant const& tenant, State const& state)
{
    Sought const sought{tenant, wanted_contact(tenant), models::look_of(tenant.name)};
    std::vector<Candidate> candidates;
    for_each_company(state, [&](models::Company const& company) {
        if (auto const sign = sign_of(company, sought, state))
            candidates.push_back({&company, *sign});
    });
    std::ranges::sort(candidates, {}, [](Candidate const& one) {
        return std::tuple{one.sign, one.company->id};
    });
    auto const is_same = [](Candidate const& one, Candidate const& next) {
        return one.company->id == next.company->id;
    };
    candidates.erase(std::unique(candidates.begin(), candidates.end(), is_same), candidates.end());
    return candidates;
}

}  // namespace tracking::reconcile
