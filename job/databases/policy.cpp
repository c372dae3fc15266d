#include "job/databases/policy.hpp"

#include <algorithm>
#include <map>

namespace tracking::job {

namespace {

reconcile::ChangePolicy reach_of(config::Policy policy)
{
    switch (policy) {
        case config::Policy::Sync:
            return reconcile::ChangePolicy::Sync;
        case config::Policy::UpsertOnly:
            return reconcile::ChangePolicy::UpsertOnly;
        case config::Policy::CreateOnly:
            return reconcile::ChangePolicy::CreateOnly;
    }
    return reconcile::ChangePolicy::CreateOnly;
}

reconcile::Handling handling_of(config::Handling handling)
{
    switch (handling) {
        case config::Handling::Apply:
            return reconcile::Handling::Apply;
        case config::Handling::Report:
            return reconcile::Handling::Report;
        case config::Handling::Off:
            return reconcile::Handling::Off;
    }
    return reconcile::Handling::Report;
}

reconcile::CleanupMode cleanup_of(config::CleanupMode mode)
{
    switch (mode) {
        case config::CleanupMode::Report:
            return reconcile::CleanupMode::Report;
        case config::CleanupMode::Untag:
            return reconcile::CleanupMode::Untag;
        case config::CleanupMode::Deactivate:
            return reconcile::CleanupMode::Deactivate;
        case config::CleanupMode::Delete:
            return reconcile::CleanupMode::Delete;
    }
    return reconcile::CleanupMode::Report;
}

/// The configuration knows every kind by the name that it has here; a test sees to it.
reconcile::DriftKind kind_named(std::string_view name)
{
    return reconcile::drift_kind_named(name).value();
}

reconcile::GuardLimit limit_from(config::GuardLimit const& limit)
{
    return {.number = static_cast<std::size_t>(limit.number),
            .ratio = limit.ratio,
            .floor = static_cast<std::size_t>(limit.floor)};
}

}  // namespace

models::Removal removal_of(config::CleanupMode mode)
{
    switch (mode) {
        case config::CleanupMode::Report:
        case config::CleanupMode::Deactivate:
            return models::Removal::None;
        case config::CleanupMode::Untag:
            return models::Removal::Tags;
        case config::CleanupMode::Delete:
            return models::Removal::Customers;
    }
    return models::Removal::Customers;
}

reconcile::Guards guards_from(config::Guards const& guards)
{
    return {.create = limit_from(guards.create),
            .change = limit_from(guards.change),
            .cleanup = limit_from(guards.cleanup)};
}

reconcile::Policy policy_from(config::Config const& config, models::TenantId management,
                              std::chrono::sys_seconds server_time)
{
    using std::chrono::duration_cast;
    using std::chrono::seconds;

    reconcile::Policy policy{
        .management = management,
        .canceled_tag = config.tag.canceled,
        .minimum_age = duration_cast<seconds>(config.minimum_age),
        .reach = reach_of(config.policy),
        .cleanup = cleanup_of(config.cleanup.mode),
        .grace = {.runs = config.grace.runs, .time = duration_cast<seconds>(config.grace.time)},
        .today = std::chrono::floor<std::chrono::days>(server_time)};
    std::map<std::string, std::string> const tags{{"psa", config.tag.psa},
                                                  {"algadesk", config.tag.algadesk}};
    for (auto const& [product, tag] : tags)
        policy.customer_tags.insert(tag);
    for (auto const& product : config.products)
        policy.tags.emplace(product, tags.at(product));
    for (auto const& tenant : config.exclude)
        policy.exclude.insert(models::TenantId::parse(tenant).value());
    for (auto const kind : reconcile::kDriftKinds)
        policy.handling.emplace(kind,
                                handling_of(config.drift.find(reconcile::name_of(kind))->second));
    for (auto const& waiver : config.waivers)
        policy.waivers.push_back({.item = waiver.item,
                                  .kind = kind_named(waiver.kind),
                                  .reason = waiver.reason,
                                  .until = waiver.until});
    return policy;
}

}  // namespace tracking::job
