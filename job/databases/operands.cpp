#include "job/databases/operands.hpp"

#include "job/report/wording.hpp"
#include "models/reading/suggestions.hpp"
#include "models/values/lists.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace tracking::job {

namespace {

std::string shown(std::string const& name, auto const& id)
{
    return fmt::format("{} ({})", in_quotes(name), id.str());
}

/// The only element of `found`. @throws NotIdentified where there is none, or more than one
template <class Found>
Found only_one(std::vector<Found> found, std::string_view what, std::string const& text,
               std::vector<std::string> const& others)
{
    if (found.empty())
        throw NotIdentified{fmt::format(
            "no {} has the id or the exact name {}{}", what, in_quotes(text),
            others.empty() ? "" : fmt::format("; did you mean {}?", fmt::join(others, ", ")))};
    if (found.size() == 1)
        return std::move(found.front());
    auto const ids = models::each_of(found, [](Found const& one) { return one.id.str(); });
    throw NotIdentified{fmt::format(
        "{} is the name of {} {}; take the id of one: {}", in_quotes(text), found.size(),
        what == "tenant" ? "tenants" : "companies", fmt::join(ids, ", "))};
}

/// An SQL statement that sets one company's properties, such as to `properties - 'tenant_id'`.
std::string statement(Databases const& databases, models::CompanyId company,
                      std::string_view properties)
{
    return fmt::format("{} SET properties = {} WHERE tenant = '{}' AND {} = '{}'",
                       databases.facts.profile.fill("UPDATE {companies}"), properties,
                       databases.facts.tenant.str(), databases.facts.profile.fill("{company_id}"),
                       company.str());
}

std::vector<models::NamedTenant> tenants_by(Databases& databases, std::string const& text)
{
    return databases.connections.look_up_source(
        [&](auto& tx) { return models::find_tenants(tx, databases.facts.source_profile, text); });
}

/// The id of the only one that fits, or of the only one that is called so but for capitals.
std::optional<std::string> meant(std::vector<models::Suggestion> const& fitting,
                                 std::string const& text, std::vector<std::string>& others)
{
    auto const is_called_so = [&](models::Suggestion const& one) {
        return std::ranges::equal(one.name, text, [](unsigned char a, unsigned char b) {
            return std::tolower(a) == std::tolower(b);
        });
    };
    for (auto const& one : fitting)
        others.push_back(fmt::format("{} ({})", in_quotes(one.name), one.id));
    bool const is_clear =
        fitting.size() == 1 || (std::ranges::count_if(fitting, is_called_so) == 1);
    return is_clear ? std::optional{fitting.front().id} : std::nullopt;
}

}  // namespace

std::optional<models::NamedTenant> linked_tenant(Databases& databases,
                                                 models::CompanyRow const& company)
{
    auto const link = company.link();
    if (!link || link == databases.facts.tenant)
        return std::nullopt;
    auto const found = tenants_by(databases, link->str());
    auto const same = std::ranges::find(found, *link, &models::NamedTenant::id);
    return same == found.end() ? std::nullopt : std::optional{*same};
}

bool has_tenant(Databases& databases, std::string const& text)
{
    return !tenants_by(databases, text).empty();
}

std::optional<std::string> meant_tenant(Databases& databases, std::string const& text,
                                        std::vector<std::string>& others)
{
    return meant(databases.connections.look_up_source([&](auto& tx) {
        return models::suggested_tenants(tx, databases.facts.source_profile, text);
    }),
                 text, others);
}

std::optional<std::string> meant_company(Databases& databases, std::string const& text,
                                         std::vector<std::string>& others)
{
    return meant(databases.connections.look_up([&](auto& tx) {
        return models::suggested_companies(tx, databases.facts.profile, databases.facts.tenant,
                                           text);
    }),
                 text, others);
}

Operands find_operands(Databases& databases, std::string const& tenant, std::string const& company)
{
    std::vector<std::string> others;
    auto tenants = tenants_by(databases, tenant);
    if (tenants.empty())
        if (auto const id = meant_tenant(databases, tenant, others))
            tenants = tenants_by(databases, *id);
    return {.tenant = only_one(std::move(tenants), "tenant", tenant, others),
            .company = find_company(databases, company)};
}

models::CompanyRow find_company(Databases& databases, std::string const& company)
{
    models::CompanyModel const model{databases.facts.profile, databases.facts.tenant};
    auto const find = [&](std::string const& text) {
        return databases.connections.look_up([&](auto& tx) { return model.find(tx, text); });
    };
    std::vector<std::string> others;
    auto companies = find(company);
    if (companies.empty())
        if (auto const id = meant_company(databases, company, others))
            companies = find(*id);
    return only_one(std::move(companies), "company", company, others);
}

std::vector<std::string> objections_to_link(Databases& databases, Operands const& operands)
{
    auto const& tenant = operands.tenant;
    auto const& company = operands.company;
    std::vector<std::string> objections;
    if (tenant.id == databases.facts.tenant)
        objections.push_back(
            fmt::format("{} is the management tenant, which is never its own "
                        "customer",
                        shown(tenant.name, tenant.id)));
    if (!company.can_carry_link)
        objections.push_back(
            fmt::format("the properties of company {} are no JSON object, so a "
                        "link cannot be added without losing them; repair the row",
                        shown(company.name, company.id)));
    auto const other = linked_tenant(databases, company);
    if (other && other->id != tenant.id)
        objections.push_back(fmt::format(
            "company {} is the customer of tenant {}, which is there; where that is wrong, first "
            "take its link away:\n{}",
            shown(company.name, company.id), shown(other->name, other->id),
            statement(databases, company.id, "properties - 'tenant_id'")));
    models::CompanyModel const model{databases.facts.profile, databases.facts.tenant};
    auto const customers = databases.connections.look_up(
        [&](auto& tx) { return model.linked_to(tx, std::array{tenant.id}); });
    for (auto const& customer : customers) {
        if (customer.id != company.id)
            objections.push_back(fmt::format(
                "tenant {} has a customer: company {}; where that is not the right one, first tell "
                "the job to ignore it:\n{}",
                shown(tenant.name, tenant.id), shown(customer.name, customer.id),
                way_to_ignore(customer.id)));
    }
    return objections;
}

std::vector<std::string> objections_to_match(reconcile::Matching const& matching,
                                             Operands const& operands)
{
    std::vector<std::string> objections;
    for (auto const& [tenant, company, tier] : matching.adoptions) {
        bool const is_tenant = tenant->id == operands.tenant.id;
        bool const is_company = company->id == operands.company.id;
        auto const by = tier == reconcile::Tier::Name ? "its name" : "the admin's e-mail";
        if (is_tenant && !is_company)
            objections.push_back(fmt::format(
                "tenant {} has a customer, recognised by {}: company {}; where that is not the "
                "right one, first tell the job to ignore it:\n{}",
                shown(tenant->name, tenant->id), by, shown(company->name, company->id),
                way_to_ignore(company->id)));
        if (is_company && !is_tenant)
            objections.push_back(fmt::format(
                "company {} is the customer of tenant {}, which is there, recognised by {}; where "
                "that is wrong, first link that tenant to its own company:\ncustomer-reconcile "
                "link "
                "{} COMPANY --reason \"...\"",
                shown(company->name, company->id), shown(tenant->name, tenant->id), by,
                tenant->id.str()));
    }
    return objections;
}

}  // namespace tracking::job
