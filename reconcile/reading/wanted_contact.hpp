#pragma once

#include "models/values/company.hpp"
#include "models/values/tenant.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::reconcile {

/// What the customer of a tenant is called where somebody else holds the tenant's name: names are
/// unique in the management tenant, but not among tenants.
std::string distinct_name(models::Tenant const& tenant);

/// Either form of the name counts as the tenant's.
bool bears_name_of(models::Company const& company, models::Tenant const& tenant);

/// Who is to be the contact, and where that comes from.
struct WantedContact
{
    std::string email;
    std::string full_name;
    bool is_fallback = false;  ///< the tenant's own address, for want of an admin
};

/// The admin; else the address of the tenant itself; nothing where neither has a usable address.
std::optional<WantedContact> wanted_contact(models::Tenant const& tenant);

/// The link is the tenant's id as the platform writes it, which looks it up as a text.
bool is_stamped(models::Company const& company);

/// What a link that is not legible may name: the ids in it, and the texts and numbers.
struct Mentions
{
    std::vector<models::TenantId> ids;
    std::vector<std::string> names;
};

Mentions mentions_in(std::string const& link_text);

/// The wanted contact is there, or somebody is and there is only a fallback to offer.
bool has_wanted_contact(models::Company const& company, models::Tenant const& tenant);

bool contains(std::vector<std::string> const& texts, std::string_view text);

}  // namespace tracking::reconcile
