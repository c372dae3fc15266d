#include "job/report/past_change.hpp"

#include "job/text/json_at.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <utility>
#include <vector>

namespace tracking::job {

namespace {

namespace json = boost::json;
using reconcile::DriftKind;
std::vector<models::PlannedContact> contacts_made(json::value const& after)
{
    std::vector<models::PlannedContact> contacts;
    for (std::size_t i = 0; i < size_at(after, "/made/contacts"); ++i) {
        auto const made = at(after, fmt::format("/made/contacts/{}", i));
        if (auto const id = models::ContactId::parse(text_at(made, "/contact_name_id")))
            contacts.push_back({.id = *id,
                                .full_name = text_at(made, "/full_name"),
                                .email = text_at(made, "/email")});
    }
    return contacts;
}

/// The first of the contacts is moved out of the list; empty: there is none.
std::optional<models::PlannedContact> take_first(std::vector<models::PlannedContact>& contacts)
{
    if (contacts.empty())
        return std::nullopt;
    auto first = std::move(contacts.front());
    contacts.erase(contacts.begin());
    return first;
}

/// Fills in a change from the journal's images, and returns the kind of its drift.
struct FillFromImages
{
    json::value const& before;
    json::value const& after;

    DriftKind operator()(models::CreateCustomer& change) const
    {
        change.name = name_after();
        change.tenant_name = name_after();
        change.product = text_at(after, "/company/properties/subscription_type");
        change.tag = tag_made();
        change.further_contacts = contacts_made(after);
        change.contact = take_first(change.further_contacts);
        return DriftKind::Missing;
    }
    DriftKind operator()(models::LinkCompany& change) const { return fill_link(change); }
    DriftKind operator()(models::AdoptCompany& change) const { return fill_link(change); }
    DriftKind operator()(models::IgnoreCompany& change) const
    {
        change.name = name_before();
        return change.tenant == models::TenantId{} ? DriftKind::Unlinked : DriftKind::Duplicate;
    }
    DriftKind operator()(models::RepairTag& change) const
    {
        change.tag = tag_made();
        return DriftKind::Untagged;
    }
    DriftKind operator()(models::RepairContact& change) const
    {
        change.further_contacts = contacts_made(after);
        change.contact = take_first(change.further_contacts).value_or(models::PlannedContact{});
        return DriftKind::ContactMissing;
    }
    DriftKind operator()(models::ChangeContacts& change) const
    {
        auto const was = at(before, "/changed_contacts");
        auto const is = at(after, "/changed_contacts");
        for (std::size_t i = 0; i < size_at(before, "/changed_contacts"); ++i) {
            auto const former = at(was, fmt::format("/{}", i));
            auto const now = at(is, fmt::format("/{}", i));
            change.contacts.push_back(
                {.id = models::ContactId::parse(text_at(now, "/id")).value_or(models::ContactId{}),
                 .user = models::UserId::parse(text_at(now, "/user")).value_or(models::UserId{}),
                 .former_name = text_at(former, "/full_name"),
                 .former_email = text_at(former, "/email"),
                 .full_name = text_at(now, "/full_name"),
                 .email = text_at(now, "/email")});
        }
        return DriftKind::ContactChanged;
    }
    DriftKind operator()(models::RetireContacts& change) const
    {
        for (auto const& email : texts_at(before, "/emails"))
            change.contacts.push_back({.id = {}, .email = email});
        return DriftKind::ContactStale;
    }
    DriftKind operator()(models::RenameCompany& change) const
    {
        change.from = name_before();
        change.to = name_after();
        return DriftKind::Renamed;
    }
    DriftKind operator()(models::Reactivate& change) const
    {
        if (auto const tags = texts_at(before, "/tags"); !tags.empty())
            change.canceled_tag = tags.front();
        change.was_inactive = at(before, "/company/is_inactive") == json::value(true);
        return at(before, "/returned") == json::value(true) ? DriftKind::Returned
                                                            : DriftKind::Inactive;
    }
    DriftKind operator()(models::CleanUp& change) const
    {
        change.canceled_tag = tag_made();
        return DriftKind::Orphaned;
    }
    DriftKind operator()(models::Untag& change) const
    {
        change.tags = texts_at(before, "/tags");
        return DriftKind::Orphaned;
    }
    DriftKind operator()(models::DeleteCustomer& change) const
    {
        change.name = name_before();
        change.contacts = size_at(before, "/rows/contacts");
        change.tags = size_at(before, "/rows/tag_mappings");
        change.billing_profiles = size_at(before, "/rows/billing_profiles");
        return DriftKind::Orphaned;
    }
    DriftKind operator()(models::Restore& change) const
    {
        change.name = name_after();
        change.has_made_company = at(after, "/company").is_null();
        return DriftKind::Undone;
    }

private:
    DriftKind fill_link(auto& change) const
    {
        change.name = name_before();
        if (auto link = text_at(before, "/company/properties/tenant_id"); !link.empty())
            change.link_text = std::move(link);
        return DriftKind::Unstamped;
    }
    std::string name_before() const { return text_at(before, "/company/name"); }
    std::string name_after() const { return text_at(after, "/company/name"); }
    std::string tag_made() const { return text_at(after, "/made/tag_mappings/0/tag_text"); }
};

}  // namespace

std::optional<Told> told(models::PastChange const& past, json::value const& before,
                         json::value const& after)
{
    auto change = models::blank_change(past.change);
    if (!change)
        return std::nullopt;
    auto const fill = [&](auto& one) {
        one.tenant = past.tenant;
        one.company = past.company;
        return FillFromImages{before, after}(one);
    };
    auto const kind = std::visit([&](auto& one) { return fill(models::unboxed(one)); }, *change);
    return Told{kind, std::move(*change)};
}

}  // namespace tracking::job
