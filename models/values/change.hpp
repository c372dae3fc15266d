#pragma once

#include "models/values/boxed.hpp"
#include "models/values/change_kinds.hpp"
#include "models/values/restore.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace tracking::models {

/// Everything the job may do, in the order in which changes are applied: names and addresses are
/// given up before others take them. A first adoption has one
/// change for each tenant, so the large ones are boxed. A generic visitor calls unboxed().
using Change =
    std::variant<LinkCompany, IgnoreCompany, AdoptCompany, Boxed<RenameCompany>, ChangeContacts,
                 Boxed<CreateCustomer>, RepairTag, Boxed<RepairContact>, RetireContacts,
                 Boxed<Reactivate>, CleanUp, Untag, Boxed<DeleteCustomer>, Boxed<Restore>>;

/// The contacts that the change is to make.
std::vector<PlannedContact const*> contacts_of(CreateCustomer const& change);
std::vector<PlannedContact const*> contacts_of(RepairContact const& change);

/// The company with whose changes of the same kind this one has to be written at once, since names
/// or addresses go round among them.
std::optional<CompanyId> together_with(Change const& change);

/// Null where the change is of another kind.
template <class Kind>
Kind const* as(Change const& change)
{
    return std::visit(
        [](auto const& one) -> Kind const* {
            if constexpr (std::is_same_v<decltype(unboxed(one)), Kind const&>)
                return &unboxed(one);
            else
                return nullptr;
        },
        change);
}

/// One word each, as reports and the journal have it: `create`, `adopt`, `repair_tag`, ...
std::string_view name_of(Change const& change);
Effect effect_of(Change const& change);
/// A change of that kind with empty members; nothing for a word that names no kind.
std::optional<Change> blank_change(std::string_view name);
/// One of each kind with empty members, in the order of the variant.
std::vector<Change> blank_changes();
TenantId tenant_of(Change const& change);
CompanyId company_of(Change const& change);

// The same thing always gets the same id. So planning twice plans the same rows, and a row's id
// proves whether this job has made it. A row that belongs to another by now keeps its id; then a
// further attempt finds a free one.
CompanyId made_company_id(TenantId management, TenantId tenant, std::size_t attempt = 0);
ContactId made_contact_id(TenantId management, CompanyId company, std::string_view email);
ContactId next_contact_id(TenantId management, ContactId taken);
MappingId made_mapping_id(TenantId management, TagId tag, CompanyId company);

// Values that the platform's own code writes and no column default supplies.
inline constexpr std::string_view kAdminRole = "Admin";
inline constexpr std::string_view kAdminNotes = "Primary admin for PSA tenant";
std::string made_notes(std::string_view tag, std::string_view tenant_name);

}  // namespace tracking::models
