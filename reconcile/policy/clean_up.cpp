#include "reconcile/policy/clean_up.hpp"

namespace tracking::reconcile {

namespace {

models::DeleteCustomer deletion_of(models::Company const& orphan, Policy const& policy,
                                   models::BlastRadius const& radius)
{
    return {.tenant = *orphan.link,
            .company = orphan.id,
            .name = orphan.name,
            .own_tags = policy.own_tags(),
            .contacts = radius.contacts.size(),
            .tags = radius.tags,
            .billing_profiles = radius.billing_profiles};
}

}  // namespace

std::optional<models::Change> clean_up_of(models::Company const& orphan, Policy const& policy,
                                          models::BlastRadius const* radius)
{
    switch (policy.cleanup) {
        case CleanupMode::Report:
            return std::nullopt;
        case CleanupMode::Untag:
            if (orphan.tags.empty())
                return std::nullopt;
            return models::Untag{.tenant = *orphan.link, .company = orphan.id, .tags = orphan.tags};
        case CleanupMode::Delete:
            if (radius && radius->is_clear())
                return deletion_of(orphan, policy, *radius);
            [[fallthrough]];
        case CleanupMode::Deactivate:
            return models::CleanUp{
                .tenant = *orphan.link, .company = orphan.id, .canceled_tag = policy.canceled_tag};
    }
    return std::nullopt;
}

}  // namespace tracking::reconcile
