#pragma once

#include "models/values/company.hpp"
#include "models/values/tenant.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace tracking::reconcile {

/// What the customer of a tenant is called where another company holds the tenant's name. Names are
/// unique in the management tenant, but not among tenants.
std::string distinct_name(models::Tenant const& tenant);

/// Whether the company has the tenant's name, in its plain or its distinct form.
bool bears_name_of(models::Company const& company, models::Tenant const& tenant);

/// Who is to be the contact of a customer.
struct WantedContact
{
    std::string email;
    std::string full_name;
    std::optional<models::UserId> user{};
    bool is_fallback = false;  ///< the tenant's own address, as its admin has no usable one
};

/// The admin, else the tenant's own address. Nothing where neither is a usable address.
std::optional<WantedContact> wanted_contact(models::Tenant const& tenant);

/// The other admins with a usable address, where all admins are to be contacts: each address once,
/// and not that of the wanted contact.
std::vector<WantedContact> further_contacts(models::Tenant const& tenant);

/// Whether the link is the tenant's id as the platform writes it. The platform looks it up as text.
bool is_stamped(models::Company const& company);

/// What a link that cannot be read may name: the ids in it, and its texts and numbers.
struct Mentions
{
    std::vector<models::TenantId> ids;
    std::vector<std::string> names;
};

Mentions mentions_in(std::string const& link_text);

using Addresses = std::unordered_set<std::string_view>;

/// All e-mail addresses of the companies, as views into them.
Addresses addresses_of(std::vector<models::Company> const& companies);

/// Whether the company has the wanted contact. Where that is only a fallback, or there is none, any
/// contact will do.
bool has_wanted_contact(models::Company const& company, models::Tenant const& tenant);

/// Whether it has the further contacts as well.
bool has_all_contacts(models::Company const& company, models::Tenant const& tenant);

/// The address of a wanted contact of the company that is inactive; empty: there is none.
std::string inactive_contact(models::Company const& company, models::Tenant const& tenant);

/// Whether the company is inactive in any way: itself, by its tag, or by a wanted contact.
bool is_inactive(models::Company const& company, models::Tenant const& tenant);

/// Whether the company may have a contact of the job or the workflow that should not be as it is:
/// its address is another than the wanted one, or its name.
bool may_have_followers(models::Company const& company, models::Tenant const& tenant);

bool contains(std::vector<std::string> const& texts, std::string_view text);

}  // namespace tracking::reconcile
