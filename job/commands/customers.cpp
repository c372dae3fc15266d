#include "job/commands/commands.hpp"
#include "job/databases/reader.hpp"
#include "job/invocation/opening.hpp"
#include "job/process/interruption.hpp"
#include "job/process/shown_text.hpp"
#include "job/report/masking.hpp"
#include "job/report/wording.hpp"
#include "job/run/reading.hpp"

#include "models/rules/text.hpp"
#include "reconcile/diff/diff.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/json.hpp>

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace tracking::job {

namespace {

namespace json = boost::json;
using models::Company;
using models::Tenant;

/// A company that is linked to a tenant. There is one of each customer, so it has only what is
/// printed.
struct Customer
{
    Customer(Tenant const& of, Company const& by, reconcile::Policy const& policy)
        : tenant{of.id},
          company{by.id},
          tenant_name{of.name},
          company_name{by.name},
          product{of.product},
          tags{by.tags},
          emails{by.emails},
          state{by.ignored    ? "ignored"
                : by.inactive ? "inactive"
                              : "active"},
          is_compared{!by.ignored && reconcile::scope_of(of, policy) == reconcile::Scope::Tracked}
    {}

    models::TenantId tenant;
    models::CompanyId company;
    std::string tenant_name;
    std::string company_name;
    models::Product product;
    std::vector<std::string> tags;
    std::vector<std::string> emails;
    std::string_view state;
    bool is_compared;
};

/// What is wrong with the customers, by tenant: kinds of drift.
using Differences = std::unordered_map<models::TenantId, std::vector<std::string_view>>;

struct List
{
    std::vector<Customer> customers;  ///< by tenant, then by company
    Differences differences;
    std::size_t differing = 0;
    std::vector<std::string> doubts;  ///< why it may be incomplete

    std::vector<std::string_view> differences_of(Customer const& customer) const
    {
        auto const found = differences.find(customer.tenant);
        return found == differences.end() ? std::vector<std::string_view>{} : found->second;
    }
};

List read_list(Databases& databases, config::Config const& config, Phases& phases)
{
    auto const& policy = config.policy;
    List list;
    auto state = databases.connections.persist([&] {
        list.customers.clear();
        return Reader{databases}.read(
            policy,
            [&](Tenant const& tenant, Company const* company) {
                stop_if_interrupted();
                if (!company)
                    return false;
                list.customers.emplace_back(tenant, *company, policy);
                return !reconcile::is_in_order(tenant, *company, policy);
            },
            Pace::Fast, phases);
    });
    list.doubts = doubts_about_source(databases, state.counts, config);
    for (auto const& crowd : state.crowds) {
        for (auto const& company : crowd.companies)
            list.customers.emplace_back(crowd.tenant, company, policy);
    }
    std::ranges::sort(list.customers, {}, [](Customer const& customer) {
        return std::tuple{customer.tenant, customer.company};
    });
    for (auto const& drift : reconcile::diff(std::move(state), policy).drift) {
        if (drift.tenant)
            list.differences[*drift.tenant].push_back(name_of(drift.kind));
    }
    list.differing = static_cast<std::size_t>(std::ranges::count_if(
        list.customers,
        [&](Customer const& customer) { return list.differences.contains(customer.tenant); }));
    return list;
}

/// Names can hold addresses too, so that all that is printed of a customer is masked at once.
std::string shown(std::string const& text, bool is_masked)
{
    return is_masked ? mask_addresses(text) : text;
}

json::value shown(json::value document, bool is_masked)
{
    return is_masked ? with_masked_addresses(std::move(document)) : document;
}

json::object object_of(Customer const& customer, std::vector<std::string_view> const& drift)
{
    return {{"tenant", {{"id", customer.tenant.str()}, {"name", customer.tenant_name}}},
            {"product", customer.product.code()},
            {"company", {{"id", customer.company.str()}, {"name", customer.company_name}}},
            {"state", customer.state},
            {"compared", customer.is_compared},
            {"drift", json::value_from(drift)},
            {"tags", json::value_from(customer.tags)},
            {"contacts", json::value_from(customer.emails)}};
}

void print_json(List const& list, bool is_masked)
{
    std::cout << R"({"format": "customer-reconcile/customers", "version": 1, "customers": [)";
    std::string_view separator = "\n";
    for (auto const& customer : list.customers)
        std::cout << std::exchange(separator, ",\n")
                  << shown(object_of(customer, list.differences_of(customer)), is_masked);
    std::cout << "\n], \"count\": " << list.customers.size()
              << ", \"differing\": " << list.differing
              << ", \"doubts\": " << shown(json::value_from(list.doubts), is_masked) << "}\n";
}

std::string lines_of(Customer const& customer, std::vector<std::string_view> const& drift)
{
    auto lines =
        fmt::format("\"{}\"\n    tenant   {}\n    company  {}  \"{}\"\n    state    {}{}\n",
                    models::printable(customer.tenant_name), customer.tenant.str(),
                    customer.company.str(), models::printable(customer.company_name),
                    customer.state, customer.is_compared ? "" : ", not compared");
    if (!drift.empty())
        lines += fmt::format("    drift    {}\n", fmt::join(drift, ", "));
    for (auto const& tag : customer.tags)
        lines += fmt::format("    tag      {}\n", models::printable(tag));
    for (auto const& email : customer.emails)
        lines += fmt::format("    contact  {}\n", models::printable(email));
    return lines;
}

void print_text(List const& list, bool is_masked)
{
    for (auto const& customer : list.customers)
        std::cout << shown(lines_of(customer, list.differences_of(customer)), is_masked);
    std::cout << counted(list.customers.size(), "customer", "customers");
    if (list.differing > 0)
        std::cout << fmt::format(", {} with drift: customer-reconcile plan", list.differing);
    std::cout << '\n';
    for (auto const& doubt : list.doubts)
        std::cout << "The list may be incomplete: " << shown(doubt, is_masked) << '\n';
}

}  // namespace

Ending customers(Invocation& invocation)
{
    auto const& config = invocation.config();
    auto databases = open_databases(invocation, models::Role::Reader);
    auto const list = read_list(databases, config, invocation.phases);
    bool const is_masked = wants_masking(config.personal_data, STDOUT_FILENO);
    if (invocation.wants_json())
        print_json(list, is_masked);
    else
        print_text(list, is_masked);
    return Ending::Ok;
}

}  // namespace tracking::job
