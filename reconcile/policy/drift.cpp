#include "reconcile/policy/drift.hpp"

#include "models/rules/text.hpp"
#include "models/values/enum_table.hpp"

#include <fmt/format.h>

namespace tracking::reconcile {

namespace {

static_assert(models::has_row_for_each(kRestraintTable, &RestraintRow::restraint,
                                       Restraint::Selection));

template <class Id>
void add_keys(std::set<std::string>& keys, std::vector<Named<Id>> const& all)
{
    for (auto const& [id, name] : all) {
        keys.insert(id.str());
        keys.insert(item_key(name));
    }
}

}  // namespace

std::string about_tags_of_old(std::size_t companies)
{
    return fmt::format(
        "{} {} a customer tag with tagged_type \"company\", as the platform's migration to clients "
        "leaves it; its own pages read \"client\" only, so the customer is `untagged`",
        companies, companies == 1 ? "company carries" : "companies carry");
}

std::vector<DriftKey> keys_of(Drift const& drift)
{
    DriftKey const key{.kind = drift.kind,
                       .tenant = drift.tenant.value_or(models::TenantId{}),
                       .company = drift.company.value_or(models::CompanyId{})};
    auto const* const group = group_of(drift);
    if (!group)
        return {key};
    std::vector<DriftKey> keys(group->tenants.size(), key);
    for (std::size_t i = 0; i < keys.size(); ++i)
        keys[i].tenant = group->tenants[i].id;
    return keys;
}

std::string item_key(std::string_view item)
{
    auto const trimmed = models::trim(item);
    auto const id = models::parse_uuid(trimmed);
    return id ? models::format_uuid(*id) : std::string{trimmed};
}

std::set<std::string> item_keys_of(Drift const& drift)
{
    std::set<std::string> keys{item_key(drift.tenant_name), item_key(drift.company_name)};
    if (drift.tenant)
        keys.insert(drift.tenant->str());
    if (drift.company)
        keys.insert(drift.company->str());
    if (drift.change)
        keys.insert(models::company_of(*drift.change).str());  // also of one that is only planned
    if (auto const* const group = group_of(drift)) {
        add_keys(keys, group->tenants);
        add_keys(keys, group->companies);
    }
    keys.erase("");
    return keys;
}

std::string item_id_of(Drift const& drift)
{
    return drift.company && drift.tenant_name.empty() ? drift.company->str()
                                                      : models::tenant_of(*drift.change).str();
}

Group const* group_of(Drift const& drift)
{
    return drift.group ? &models::unboxed(*drift.group) : nullptr;
}

}  // namespace tracking::reconcile
