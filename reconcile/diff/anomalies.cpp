// What only a person can decide: it is reported, and nothing is changed.

#include "reconcile/diff/comparison.hpp"

#include "models/looks/looks.hpp"
#include "models/rules/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

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

/// A drift that names all of the group. `main` may be null.
Drift about_all(DriftKind kind, std::vector<models::Tenant const*> const& tenants,
                std::vector<Company const*> const& companies, Company const* main)
{
    Group group;
    for (auto const* tenant : tenants)
        group.tenants.push_back({tenant->id, tenant->name});
    for (auto const* company : companies)
        group.companies.push_back({company->id, company->name});
    std::ranges::sort(group.tenants, {}, &Named<models::TenantId>::id);
    auto drift = about(kind, *tenants.front(), main);
    drift.tenant = group.tenants.front().id;
    drift.tenant_name = group.tenants.front().name;
    drift.group = std::move(group);
    return drift;
}

std::string counted(std::size_t count, std::string_view one, std::string_view many)
{
    return count == 1 ? fmt::format("one {}", one) : fmt::format("{} {}", count, many);
}

std::string_view sign_of(Tier tier)
{
    switch (tier) {
        case Tier::Uuid:
            return "link";
        case Tier::Made:
            return "id";
        case Tier::Name:
            return "name";
        case Tier::Email:
            return "the admin's e-mail";
        case Tier::Look:
            return "looks";
    }
    return "";
}

/// Says in which code points the first names differ that look alike; empty where none do.
std::string differences_in(Ambiguity const& ambiguity)
{
    constexpr std::size_t kShown = 3;
    std::map<std::string, models::Tenant const*> tenants;
    for (auto const* tenant : ambiguity.tenants)
        tenants.emplace(models::look_of(tenant->name), tenant);
    std::string all;
    std::size_t shown = 0;
    for (auto const* company : ambiguity.companies) {
        auto const& text = company->link_text.value_or(company->name);
        for (auto const& written : {company->name, text}) {
            auto const alike = tenants.find(models::look_of(written));
            if (shown == kShown || alike == tenants.end() || written == alike->second->name)
                continue;
            auto const [theirs, wanted] = models::difference_between(written, alike->second->name);
            all += fmt::format("; {} {} differs: {} where the tenant has {}",
                               written == company->name ? "company" : "the link of company",
                               tracking::reconcile::shown(*company), theirs, wanted);
            ++shown;
            break;
        }
    }
    return all;
}

/// How many others may belong together, too; empty where there are none.
std::string others_of(Ambiguity const& ambiguity)
{
    auto const others = ambiguity.companies.size() - 1;
    return others == 0 ? ""
                       : fmt::format("; {} in question too",
                                     counted(others, "other company is", "other companies are"));
}

}  // namespace

void report(Comparison& comparison, std::vector<models::Tenant const*> const& tenants,
            Ambiguity const& ambiguity)
{
    std::vector<std::string_view> signs;
    for (auto const tier : ambiguity.tiers)
        signs.push_back(sign_of(tier));
    auto drift = about_all(DriftKind::Ambiguous, tenants, ambiguity.companies, nullptr);
    drift.detail = fmt::format(
        "{} {} by {}, but not uniquely",
        tenants.size() == 1 ? "matches" : fmt::format("{} tenants match", tenants.size()),
        counted(ambiguity.companies.size(), "company", "companies"), fmt::join(signs, " or "));
    if (ambiguity.tiers.contains(Tier::Look))
        drift.detail += differences_in(ambiguity);
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

void report_illegible(Comparison& comparison, std::vector<models::Tenant const*> const& tenants,
                      Ambiguity const& ambiguity)
{
    auto const first = std::ranges::find(ambiguity.companies, false,
                                         [](auto const* one) { return one->is_link_legible; });
    auto drift = about_all(DriftKind::Invalid, tenants, ambiguity.companies, *first);
    drift.detail = fmt::format(
        "{}{}; {} no other company beside it", illegible_link(**first), others_of(ambiguity),
        tenants.size() == 1 ? "the tenant gets" : fmt::format("{} tenants get", tenants.size()));
    comparison.add(std::move(drift));
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
