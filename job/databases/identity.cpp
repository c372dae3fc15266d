#include "job/databases/identity.hpp"

#include "job/databases/rights.hpp"

#include "config/notation/shell_word.hpp"
#include "models/journal/journal_model.hpp"
#include "models/rules/text.hpp"
#include "models/values/errors.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tracking::job {

namespace {

std::string shown(std::string const& name, models::TenantId id)
{
    return fmt::format("\"{}\" ({})", models::printable(name), id.str());
}

bool is_hidden(models::Transaction& tx, models::SchemaProfile const& profile)
{
    return std::ranges::any_of(
        models::inspect_session(tx, profile, models::Side::Management).tables_with_row_security,
        [](std::string const& table) { return table.ends_with("tenants"); });
}

/// Of several tenants with the configured name, the one that a person has pinned: any tenant can
/// take a name.
std::optional<models::NamedTenant> pinned_namesake(models::Transaction& tx,
                                                   models::SchemaProfile const& profile,
                                                   config::Config const& config)
{
    using models::JournalModel;
    if (config.management_tenant_id ||
        JournalModel::installed_version(tx) != JournalModel::kVersion)
        return std::nullopt;
    auto const pin = models::pin_of(tx);
    if (!pin)
        return std::nullopt;
    for (auto const& tenant : models::find_tenants(tx, profile, pin->tenant.str())) {
        if (tenant.id == pin->tenant && tenant.name == config.management_tenant_name)
            return tenant;
    }
    return std::nullopt;
}

models::NamedTenant find(models::Transaction& tx, models::SchemaProfile const& profile,
                         config::Config const& config)
{
    try {
        return models::find_management_tenant(tx, profile, config.management_tenant_id,
                                              config.management_tenant_name);
    } catch (models::ManagementTenantUnknown const&) {
        if (is_hidden(tx, profile))
            throw AccessDenied{
                "row security hides rows of tenants from the role, and the management tenant is "
                "not among those that it shows: use a role with BYPASSRLS"};
        if (auto const tenant = pinned_namesake(tx, profile, config))
            return *tenant;
        throw;
    }
}

}  // namespace

models::NamedTenant configured_tenant(models::Transaction& tx, models::SchemaProfile const& profile,
                                      config::Config const& config)
{
    auto tenant = find(tx, profile, config);
    if (config.is_management_tenant_named && tenant.name != config.management_tenant_name)
        throw models::ManagementTenantUnknown{fmt::format(
            "management.tenant-id {} is the tenant \"{}\", and management.tenant-name says \"{}\": "
            "one of the two is wrong; `customer-reconcile config show` tells where they come from",
            tenant.id.str(), models::printable(tenant.name),
            models::printable(config.management_tenant_name))};
    return tenant;
}

std::string command_to_pin(models::NamedTenant const& next, std::string const& former)
{
    return fmt::format(
        "customer-reconcile init --management-tenant-id={} --management-tenant-name={} "
        "--instead-of={}",
        next.id.str(), config::quoted_for_shell(next.name), config::quoted_for_shell(former));
}

void require_pinned(models::NamedTenant const& configured, models::Pin const& pin)
{
    if (configured.id == pin.tenant)
        return;
    throw models::ManagementTenantUnknown{fmt::format(
        "the configuration names the management tenant {}, and the journal in this database knows "
        "{}: nothing is done for another one. Correct management.tenant-id and "
        "management.tenant-name; where it is really another one from now on, say so:\n  {}",
        shown(configured.name, configured.id), shown(pin.name, pin.tenant),
        command_to_pin(configured, pin.name))};
}

std::optional<models::CustomerHolder> other_holder_of_customers(
    models::Transaction& tx, models::SchemaProfile const& profile,
    models::NamedTenant const& tenant, config::Config const& config)
{
    auto const tags = config.policy.customer_tags();
    auto const held = models::count_customers(tx, profile, tenant.id, tags);
    if (held.tagged + held.linked > 0)
        return std::nullopt;
    return models::other_holder(tx, profile, tenant.id, tags);
}

std::string doubt_about(models::NamedTenant const& tenant, models::CustomerHolder const& holder)
{
    return fmt::format(
        "the management tenant {} has no customer, neither tagged nor linked, and the tenant {} "
        "has {}: is the configured one the right one? Correct management.tenant-id; where it is "
        "right, say so:\n  {}",
        shown(tenant.name, tenant.id), shown(holder.name, holder.tenant), holder.customers,
        command_to_pin(tenant, holder.name));
}

std::string lag_of(models::Standby const& standby)
{
    auto const behind = standby.behind
                            ? fmt::format("the last transaction that it has replayed is {} s old",
                                          standby.behind->count())
                            : std::string{"it has replayed no transaction yet"};
    if (standby.is_paused)
        return "the source is a standby whose replay is paused; " + behind;
    if (standby.has_replayed_all)
        return "the source is a standby that has replayed all that its primary has sent";
    return "the source is a standby; " + behind;
}

}  // namespace tracking::job
