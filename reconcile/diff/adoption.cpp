// Customers that were recognised by something other than their link.

#include "reconcile/diff/comparison.hpp"

#include "models/rules/text.hpp"

#include <fmt/format.h>

namespace tracking::reconcile {

namespace {

std::string recognition_of(Stamp const& stamp)
{
    auto const& link_text = stamp.change.link_text;
    auto const reads = link_text ? fmt::format("\"{}\"", models::printable(*link_text)) : "nothing";
    if (stamp.tier == Tier::Uuid)
        return fmt::format(
            "the link is the tenant's id in another spelling, which the platform does not find: "
            "it reads {}",
            reads);
    if (stamp.tier == Tier::Made)
        return fmt::format(
            "its id is the one that this job makes for the tenant; the link reads {}", reads);
    return fmt::format("recognised by its {}; the link reads {}",
                       stamp.tier == Tier::Name ? "name" : "admin's e-mail", reads);
}

}  // namespace

bool adopt(Comparison& comparison, models::Tenant const& tenant, models::Company const& company,
           Tier tier)
{
    if (!company.can_carry_link) {
        comparison.add_invalid(
            about(DriftKind::Unstamped, tenant, &company),
            "the company's properties are no JSON object, so a link cannot be added without losing "
            "them; repair the row");
        return false;
    }
    Stamp stamp{.change = {.tenant = tenant.id,
                           .company = company.id,
                           .name = company.name,
                           .link_text = company.link_text},
                .tenant_name = tenant.name,
                .tier = tier,
                .is_prospect = company.prospect};
    if (is_whole_but_for_link(tenant, company, comparison.policy)) {
        comparison.stamps.push_back(std::move(stamp));
        return false;
    }
    auto const held = comparison.add(unstamped(std::move(stamp)));
    // A link in another spelling still names the tenant, so repairs need not wait for the stamp.
    bool const holds = held == Restraint::None || tier == Tier::Uuid;
    comparison.link = holds ? Link::Stamped : Link::HeldBack;
    return true;
}

Drift unstamped(Stamp stamp)
{
    Drift drift{.kind = DriftKind::Unstamped,
                .tenant = stamp.change.tenant,
                .tenant_name = std::move(stamp.tenant_name),
                .company = stamp.change.company,
                .company_name = stamp.change.name,
                .detail = recognition_of(stamp)};
    if (stamp.is_prospect)
        drift.detail +=
            "; it stays a prospect, which the platform's list of clients hides by default: set "
            "its lifecycle_status there";
    drift.change = std::move(stamp.change);
    return drift;
}

}  // namespace tracking::reconcile
