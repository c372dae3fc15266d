#include "reconcile/reading/wanted_contact.hpp"

#include "models/rules/contact_rules.hpp"
#include "models/rules/email.hpp"
#include "models/rules/json_text.hpp"
#include "models/rules/text.hpp"

#include <algorithm>

namespace tracking::reconcile {

namespace {

/// Every text and number in a JSON value.
void add_names(std::vector<std::string>& names, models::json::value const& value)
{
    if (auto const* const list = value.if_array()) {
        for (auto const& one : *list)
            add_names(names, one);
    } else if (auto const* const object = value.if_object()) {
        for (auto const& [key, one] : *object)
            add_names(names, one);
    } else if (auto const* const text = value.if_string(); text && !text->starts_with('\0')) {
        names.emplace_back(*text);
    } else if (!value.is_null()) {
        names.push_back(models::json_text(value));
    }
}

/// The admin with that address; null: there is none.
models::Admin const* admin_with(models::Tenant const& tenant, std::string_view email)
{
    if (tenant.admin && tenant.admin->email == email)
        return &*tenant.admin;
    auto const& others = tenant.further_admins;
    auto const found = std::ranges::find(others, email, &models::Admin::email);
    return found == others.end() ? nullptr : &*found;
}

}  // namespace

std::string distinct_name(models::Tenant const& tenant)
{
    return tenant.name + " (" + tenant.id.str().substr(0, 8) + ")";
}

bool bears_name_of(models::Company const& company, models::Tenant const& tenant)
{
    return company.name == tenant.name ||
           (company.name.size() > tenant.name.size() && company.name == distinct_name(tenant));
}

std::optional<WantedContact> wanted_contact(models::Tenant const& tenant)
{
    if (tenant.admin) {
        auto email = models::normalize_email(tenant.admin->email);
        if (models::is_valid_email(email))
            return WantedContact{.email = std::move(email),
                                 .full_name = tenant.admin->full_name,
                                 .user = tenant.admin->user};
    }
    auto email = models::normalize_email(tenant.email);
    if (!models::is_valid_email(email))
        return std::nullopt;
    auto name = models::admin_full_name({}, {}, email);
    return WantedContact{
        .email = std::move(email), .full_name = std::move(name), .is_fallback = true};
}

std::vector<WantedContact> further_contacts(models::Tenant const& tenant)
{
    std::vector<WantedContact> further;
    if (tenant.further_admins.empty())
        return further;
    auto const first = wanted_contact(tenant);
    for (auto const& admin : tenant.further_admins) {
        bool const is_known =
            (first && first->email == admin.email) ||
            std::ranges::find(further, admin.email, &WantedContact::email) != further.end();
        if (!is_known && models::is_valid_email(admin.email))
            further.push_back(
                {.email = admin.email, .full_name = admin.full_name, .user = admin.user});
    }
    return further;
}

Addresses addresses_of(std::vector<models::Company> const& companies)
{
    Addresses addresses;
    for (auto const& company : companies)
        addresses.insert(company.emails.begin(), company.emails.end());
    return addresses;
}

bool has_wanted_contact(models::Company const& company, models::Tenant const& tenant)
{
    if (tenant.admin && contains(company.emails, tenant.admin->email))
        return true;  // the usual case by far, and the cheapest to check
    auto const wanted = wanted_contact(tenant);
    if (!wanted || wanted->is_fallback)
        return !company.emails.empty();
    return contains(company.emails, wanted->email);
}

bool has_all_contacts(models::Company const& company, models::Tenant const& tenant)
{
    return has_wanted_contact(company, tenant) &&
           std::ranges::all_of(further_contacts(tenant), [&](WantedContact const& one) {
               return contains(company.emails, one.email);
           });
}

Mentions mentions_in(std::string const& link_text)
{
    Mentions mentions;
    for (auto const& bytes : models::uuids_in(link_text))
        mentions.ids.emplace_back(bytes);
    auto const reading = models::read_json(link_text);
    if (!reading.error)
        add_names(mentions.names, reading.value);
    return mentions;
}

bool is_stamped(models::Company const& company)
{
    return company.link && company.link_text == company.link->str();
}

std::string inactive_contact(models::Company const& company, models::Tenant const& tenant)
{
    auto const is_inactive_here = [&](WantedContact const& wanted) {
        return std::ranges::any_of(company.notable, [&](auto const& contact) {
            return contact.inactive && contact.email == wanted.email;
        });
    };
    if (std::ranges::none_of(company.notable, &models::NotableContact::inactive))
        return {};
    auto wanted = further_contacts(tenant);
    if (auto first = wanted_contact(tenant))
        wanted.insert(wanted.begin(), std::move(*first));
    auto const found = std::ranges::find_if(wanted, is_inactive_here);
    return found == wanted.end() ? std::string{} : found->email;
}

bool is_inactive(models::Company const& company, models::Tenant const& tenant)
{
    return company.inactive || company.canceled || !inactive_contact(company, tenant).empty();
}

bool may_have_followers(models::Company const& company, models::Tenant const& tenant)
{
    using Maker = models::NotableContact::Maker;
    return std::ranges::any_of(company.notable, [&](models::NotableContact const& contact) {
        if (contact.inactive || contact.maker == Maker::Person)
            return false;
        if (auto const* const admin = admin_with(tenant, contact.email))
            return contact.maker == Maker::Job && contact.full_name != admin->full_name;
        auto const wanted = wanted_contact(tenant);
        return !wanted || contact.email != wanted->email;
    });
}

bool contains(std::vector<std::string> const& texts, std::string_view text)
{
    return std::ranges::find(texts, text) != texts.end();
}

}  // namespace tracking::reconcile
