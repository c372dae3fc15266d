#include "reconcile/policy/policy.hpp"

#include "models/values/lists.hpp"

#include <algorithm>

namespace tracking::reconcile {

std::map<DriftKind, Handling> usual_handling()
{
    std::map<DriftKind, Handling> handling;
    for (auto const kind : kDriftKinds)
        handling.emplace(kind, row_of(kind).usual);
    return handling;
}

bool Policy::tracks(std::string_view product) const
{
    return std::ranges::find(products, product) != products.end();
}

std::string const& Policy::tag_of(std::string_view product) const
{
    return tags.find(product)->second;
}

Handling Policy::handling_of(DriftKind kind) const
{
    auto const found = handling.find(kind);
    return found == handling.end() ? Handling::Apply : found->second;
}

std::vector<std::string> Policy::customer_tags() const
{
    auto sorted = models::each_of(tags, [](auto const& one) { return one.second; });
    std::ranges::sort(sorted);
    return sorted;
}

std::vector<std::string> Policy::own_tags() const
{
    auto own = customer_tags();
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
    if (!policy.tracks(tenant.product.code()))
        return Scope::OtherProduct;
    if (tenant.suspended)
        return Scope::Suspended;
    // A tenant without a creation time is older than the column that holds it.
    if (tenant.age && !is_dated_ahead(tenant) && *tenant.age < policy.minimum_age)
        return Scope::Young;
    return Scope::Tracked;
}

Scope scope_of_orphan(models::Company const& orphan, Policy const& policy)
{
    if (orphan.link && policy.exclude.contains(*orphan.link))
        return Scope::Excluded;
    auto is_customer = false;
    for (auto const& [product, tag] : policy.tags) {
        if (std::ranges::find(orphan.tags, tag) == orphan.tags.end())
            continue;
        if (policy.tracks(product))
            return Scope::Tracked;
        is_customer = true;
    }
    return is_customer ? Scope::OtherProduct : Scope::Tracked;
}

bool reaches(ChangePolicy reach, DriftKind kind)
{
    switch (reach) {
        case ChangePolicy::Sync:
            return true;
        case ChangePolicy::UpsertOnly:
            return row_of(kind).remedy != Remedy::CleanUp;
        case ChangePolicy::CreateOnly:
            return row_of(kind).remedy == Remedy::Create;
    }
    return false;
}

}  // namespace tracking::reconcile
