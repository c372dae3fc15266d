#include "reconcile/policy/policy.hpp"

#include <algorithm>

namespace tracking::reconcile {

Handling Policy::handling_of(DriftKind kind) const
{
    auto const found = handling.find(kind);
    return found == handling.end() ? Handling::Apply : found->second;
}

std::vector<std::string> Policy::own_tags() const
{
    std::vector<std::string> own{customer_tags.begin(), customer_tags.end()};
    own.push_back(canceled_tag);
    return own;
}

bool is_dated_ahead(models::Tenant const& tenant)
{
    return tenant.age && *tenant.age < -std::chrono::hours{24};
}

Scope scope_of(models::Tenant const& tenant, Policy const& policy)
{
    if (policy.exclude.contains(tenant.id))
        return Scope::Excluded;
    if (!policy.tags.contains(tenant.product))
        return Scope::OtherProduct;
    if (tenant.suspended)
        return Scope::Suspended;
    // A tenant without a creation time is older than the column.
    if (tenant.age && !is_dated_ahead(tenant) && *tenant.age < policy.minimum_age)
        return Scope::Young;
    return Scope::Tracked;
}

Scope scope_of_orphan(models::Company const& orphan, Policy const& policy)
{
    if (orphan.link && policy.exclude.contains(*orphan.link))
        return Scope::Excluded;
    auto const is_of_product = [&](std::string const& tag) {
        return std::ranges::any_of(policy.tags, [&](auto const& one) { return one.second == tag; });
    };
    auto const is_customer = [&](std::string const& tag) {
        return policy.customer_tags.contains(tag);
    };
    if (std::ranges::any_of(orphan.tags, is_customer) &&
        std::ranges::none_of(orphan.tags, is_of_product))
        return Scope::OtherProduct;
    return Scope::Tracked;
}

bool reaches(ChangePolicy reach, DriftKind kind)
{
    switch (reach) {
        case ChangePolicy::Sync:
            return true;
        case ChangePolicy::UpsertOnly:
            return kind != DriftKind::Orphaned;
        case ChangePolicy::CreateOnly:
            return kind == DriftKind::Missing;
    }
    return false;
}

}  // namespace tracking::reconcile
