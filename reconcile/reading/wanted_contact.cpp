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

bool has_wanted_contact(models::Company const& company, models::Tenant const& tenant)
{
    if (tenant.admin && contains(company.emails, tenant.admin->email))
        return true;  // the usual case by far, and the cheapest to check
    auto const wanted = wanted_contact(tenant);
    if (!wanted || wanted->is_fallback)
        return !company.emails.empty();
    return contains(company.emails, wanted->email);
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

bool has_inactive_contact(models::Company const& company, std::string_view email)
{
    return std::ranges::any_of(company.notable, [&](auto const& contact) {
        return contact.inactive && contact.email == email;
    });
}

bool is_inactive(models::Company const& company, models::Tenant const& tenant)
{
    if (company.inactive || company.canceled)
        return true;
    if (std::ranges::none_of(company.notable, &models::NotableContact::inactive))
        return false;
    auto const wanted = wanted_contact(tenant);
    return wanted && has_inactive_contact(company, wanted->email);
}

bool may_have_followers(models::Company const& company, models::Tenant const& tenant)
{
    using Maker = models::NotableContact::Maker;
    return std::ranges::any_of(company.notable, [&](models::NotableContact const& contact) {
        if (contact.inactive || contact.maker == Maker::Person)
            return false;
        if (tenant.admin && contact.email == tenant.admin->email)
            return contact.maker == Maker::Job && contact.full_name != tenant.admin->full_name;
        auto const wanted = wanted_contact(tenant);
        return !wanted || contact.email != wanted->email;
    });
}

bool contains(std::vector<std::string> const& texts, std::string_view text)
{
    return std::ranges::find(texts, text) != texts.end();
}

}  // namespace tracking::reconcile
