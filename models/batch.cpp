#include "models/batch.hpp"

#include "models/rules/text.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

namespace tracking::models {

namespace {

std::string quoted(std::string_view text)
{
    return fmt::format("\"{}\"", printable(text));
}

std::string quoted_link(std::optional<std::string> const& text)
{
    return text ? quoted(*text) : "nothing";
}

std::string as_json(std::string_view text)
{
    return boost::json::serialize(boost::json::string_view{text.data(), text.size()});
}

template <class Id>
std::unordered_set<Id> set_of(std::vector<Id> const& ids)
{
    return {ids.begin(), ids.end()};
}

/// One batch on its way through its transaction. A change that is not `open` any more has its
/// receipt; the others go on to the next step.
class Batch
{
public:
    Batch(Transaction& tx, Models const& models, std::span<Change const> changes,
          std::unordered_set<TenantId> const& living)
        : tx_{tx}, models_{models}, changes_{changes}, living_{living}, items_(changes.size())
    {}

    void write()
    {
        std::visit([&]<class Kind>(Kind const&) { write_all<Kind>(); }, changes_.front());
    }

    std::vector<Written> result() &&
    {
        std::vector<Written> written;
        written.reserve(items_.size());
        for (auto& item : items_)
            written.push_back(
                {std::move(item.receipt), std::move(item.before), std::move(item.after)});
        return written;
    }

private:
    struct Item
    {
        Receipt receipt;
        bool is_open = true;
        std::optional<CompanyRow> row;
        std::string image;  // of the company, as written
        std::string before;
        std::string after;
    };

    template <class Kind>
    Kind const& at(std::size_t i) const
    {
        return std::get<Kind>(changes_[i]);
    }

    void close(std::size_t i, Outcome outcome, std::string reason)
    {
        items_[i].receipt.outcome = outcome;
        items_[i].receipt.reason = std::move(reason);
        items_[i].is_open = false;
    }

    void for_each_open(auto const& visit)
    {
        for (std::size_t i = 0; i < items_.size(); ++i) {
            if (items_[i].is_open)
                visit(i);
        }
    }

    std::vector<CompanyId> open_companies()
    {
        std::vector<CompanyId> ids;
        for_each_open([&](std::size_t i) { ids.push_back(company_of(changes_[i])); });
        return ids;
    }

    template <class Kind>
    void write_all()
    {
        check_tenants(std::is_same_v<Kind, CleanUp>);
        if constexpr (!std::is_same_v<Kind, CreateCustomer>)
            lock_rows<Kind>();
        if (open_companies().empty())
            return;
        perform<Kind>();
        if constexpr (!std::is_same_v<Kind, CreateCustomer>)
            reread_images();
        note_after_images();
    }

    void check_tenants(bool is_clean_up)
    {
        for_each_open([&](std::size_t i) {
            bool const lives = living_.contains(tenant_of(changes_[i]));
            if (lives && is_clean_up)
                close(i, Outcome::Stale, "expected the tenant to be gone, found it there");
            else if (!lives && !is_clean_up)
                close(i, Outcome::Stale, "expected the tenant to be there, found it gone");
        });
    }

    /// Holds the companies' rows, so that what is checked now is true when it is written.
    template <class Kind>
    void lock_rows()
    {
        std::unordered_map<CompanyId, CompanyRow> rows;
        for (auto& row : models_.companies.lock(tx_, open_companies()))
            rows.emplace(row.id, std::move(row));
        for_each_open([&](std::size_t i) {
            auto const found = rows.find(company_of(changes_[i]));
            if (found == rows.end()) {
                close(i, Outcome::Stale, "expected the company to be there, found it gone");
                return;
            }
            items_[i].before = fmt::format(R"({{"company": {}}})", found->second.image);
            items_[i].row = std::move(found->second);
            if constexpr (std::is_same_v<Kind, AdoptCompany>)
                check_unlinked(i);
            else
                check_linked(i);
        });
    }

    void check_linked(std::size_t i)
    {
        auto const& link = items_[i].row->link_text;
        if (!link || TenantId::parse(*link) != tenant_of(changes_[i]))
            close(i, Outcome::Stale,
                  fmt::format("expected the link to be the tenant's id, found {}",
                              quoted_link(link)));
    }

    void check_unlinked(std::size_t i)
    {
        auto const& planned = at<AdoptCompany>(i);
        auto const& row = *items_[i].row;
        if (row.link_text && TenantId::parse(*row.link_text) == planned.tenant)
            close(i, Outcome::AlreadyPresent, "the link is the tenant's id already");
        else if (row.link_text != planned.link_text)
            close(i, Outcome::Stale,
                  fmt::format("expected the link to read {}, found {}",
                              quoted_link(planned.link_text), quoted_link(row.link_text)));
        else if (row.name != planned.name)
            close(i, Outcome::Stale,
                  fmt::format("expected the company's name to be {}, found {}",
                              quoted(planned.name), quoted(row.name)));
    }

    template <class Kind>
    void perform();

    // --- create

    void create_companies()
    {
        std::vector<NewCompany> wanted;
        for_each_open([&](std::size_t i) {
            auto const& one = at<CreateCustomer>(i);
            auto properties = fmt::format(R"({{"tenant_id": "{}", "subscription_type": {}}})",
                                          one.tenant.str(), as_json(one.product));
            items_[i].image =
                fmt::format(R"({{"name": {}, "properties": {}, "is_inactive": false}})",
                            as_json(one.name), properties);
            wanted.push_back(
                {.id = one.company,
                 .record = checked_company(
                     {.name = one.name,
                      .notes = fmt::format("{} - Tenant: {}", one.tag, one.tenant_name)}),
                 .properties = std::move(properties)});
        });
        auto const created = set_of(models_.companies.create(tx_, wanted));
        explain_uncreated(created);
        for_each_open([&](std::size_t i) { items_[i].receipt.rows.companies = 1; });
    }

    /// Says of those that were not created what stands in their place.
    void explain_uncreated(std::unordered_set<CompanyId> const& created)
    {
        std::vector<std::string> names;
        std::vector<CompanyId> ids;
        for_each_open([&](std::size_t i) {
            auto const& one = at<CreateCustomer>(i);
            if (created.contains(one.company))
                return;
            names.push_back(one.name);
            ids.push_back(one.company);
        });
        if (ids.empty())
            return;
        auto holders = models_.companies.find_named(tx_, names);
        for (auto& row : models_.companies.lock(tx_, ids))
            holders.push_back(std::move(row));
        for_each_open([&](std::size_t i) {
            if (!created.contains(company_of(changes_[i])))
                close_uncreated(i, holders);
        });
    }

    void close_uncreated(std::size_t i, std::vector<CompanyRow> const& holders)
    {
        auto const& one = at<CreateCustomer>(i);
        auto const holder = std::ranges::find_if(holders, [&](CompanyRow const& row) {
            return row.name == one.name || row.id == one.company;
        });
        if (holder == holders.end())
            close(i, Outcome::Stale, "expected name and id to be free, found one of them taken");
        else if (holder->link_text && TenantId::parse(*holder->link_text) == one.tenant)
            close(i, Outcome::AlreadyPresent,
                  fmt::format("company {} is the tenant's already", holder->id.str()));
        else
            close(i, Outcome::Stale,
                  fmt::format("expected name and id to be free, found company {} ({})",
                              quoted(holder->name), holder->id.str()));
    }

    // --- contacts

    /// Adds the contact that `planned` names for each open item, if any; returns who was added.
    std::unordered_set<ContactId> add_contacts(auto const& planned, std::string_view tag)
    {
        std::vector<NewContact> wanted;
        for_each_open([&](std::size_t i) {
            PlannedContact const* const contact = planned(i);
            if (contact)
                wanted.push_back({.id = contact->id,
                                  .company = company_of(changes_[i]),
                                  .record = checked_contact(
                                      {.full_name = contact->full_name,
                                       .email = contact->email,
                                       .role = "Admin",
                                       .notes = fmt::format("Primary admin for {} tenant", tag)})});
        });
        auto const added =
            wanted.empty() ? std::vector<ContactId>{} : models_.contacts.create(tx_, wanted);
        auto ids = set_of(added);
        for_each_open([&](std::size_t i) {
            PlannedContact const* const contact = planned(i);
            items_[i].receipt.rows.contacts += contact && ids.contains(contact->id) ? 1 : 0;
        });
        return ids;
    }

    // --- tags

    /// Attaches to each open item the tag that `tag_of` names; one definition a text.
    void attach_tags(auto const& tag_of)
    {
        std::map<std::string, std::vector<CompanyId>> by_text;
        for_each_open(
            [&](std::size_t i) { by_text[tag_of(i)].push_back(company_of(changes_[i])); });
        std::unordered_set<CompanyId> tagged;
        for (auto const& [text, companies] : by_text) {
            auto const attached =
                models_.tags.attach(tx_, models_.tags.define(tx_, text), companies);
            tagged.insert(attached.begin(), attached.end());
        }
        for_each_open([&](std::size_t i) {
            items_[i].receipt.rows.tags += tagged.contains(company_of(changes_[i])) ? 1 : 0;
        });
    }

    // --- activity

    /// Sets the contacts that `chosen` picks; counts them where they changed.
    void set_contacts(Activity activity, auto const& chosen)
    {
        std::unordered_map<CompanyId, std::size_t> item_of;
        for_each_open([&](std::size_t i) { item_of.emplace(company_of(changes_[i]), i); });
        std::vector<ContactId> ids;
        std::unordered_map<ContactId, std::size_t> owner;
        std::map<std::size_t, std::string> images;
        for (auto const& contact : models_.contacts.of(tx_, open_companies())) {
            auto const i = item_of.at(contact.company);
            if (contact.inactive == (activity == Activity::Inactive) || !chosen(i, contact))
                continue;
            ids.push_back(contact.id);
            owner.emplace(contact.id, i);
            auto& image = images[i];
            image += fmt::format(R"({}"{}")", image.empty() ? "" : ", ", contact.id.str());
        }
        for (auto const& id : models_.contacts.set_activity(tx_, ids, activity))
            ++items_[owner.at(id)].receipt.rows.contacts;
        for (auto const& [i, image] : images)
            items_[i].before =
                fmt::format(R"({{"company": {}, "{}_contacts": [{}]}})", items_[i].row->image,
                            activity == Activity::Inactive ? "active" : "inactive", image);
    }

    /// Those that are so already are done; the others are set.
    void set_companies(Activity activity, std::string_view already)
    {
        auto const changed =
            set_of(models_.companies.set_activity(tx_, open_companies(), activity));
        for_each_open([&](std::size_t i) {
            if (changed.contains(company_of(changes_[i])))
                items_[i].receipt.rows.companies = 1;
            else
                close(i, Outcome::AlreadyPresent, std::string{already});
        });
    }

    void reread_images()
    {
        std::unordered_map<CompanyId, std::string> images;
        for (auto& row : models_.companies.lock(tx_, open_companies()))
            images.emplace(row.id, std::move(row.image));
        for_each_open([&](std::size_t i) { items_[i].image = images.at(company_of(changes_[i])); });
    }

    /// What the journal keeps of the company as the change left it.
    void note_after_images()
    {
        for_each_open([&](std::size_t i) {
            auto const& rows = items_[i].receipt.rows;
            items_[i].after = fmt::format(
                R"({{"company": {}, "rows": {{"companies": {}, "contacts": {}, "tags": {}}}}})",
                items_[i].image, rows.companies, rows.contacts, rows.tags);
        });
    }

    Transaction& tx_;
    Models const& models_;
    std::span<Change const> changes_;
    std::unordered_set<TenantId> const& living_;
    std::vector<Item> items_;
};

template <>
void Batch::perform<CreateCustomer>()
{
    create_companies();
    auto const contact = [&](std::size_t i) {
        auto const& planned = at<CreateCustomer>(i).contact;
        return planned ? &*planned : nullptr;
    };
    auto const added = add_contacts(contact, "PSA");
    attach_tags([&](std::size_t i) { return at<CreateCustomer>(i).tag; });
    for_each_open([&](std::size_t i) {
        if (contact(i) && !added.contains(contact(i)->id))
            items_[i].receipt.reason = fmt::format(
                "made without contact: {} is another contact's by now", contact(i)->email);
    });
}

template <>
void Batch::perform<AdoptCompany>()
{
    std::vector<PropertiesPatch> patches;
    for_each_open([&](std::size_t i) {
        patches.push_back({company_of(changes_[i]),
                           fmt::format(R"({{"tenant_id": "{}"}})", tenant_of(changes_[i]).str())});
    });
    auto const stamped = set_of(models_.companies.patch_properties(tx_, patches));
    for_each_open([&](std::size_t i) {
        if (stamped.contains(company_of(changes_[i])))
            items_[i].receipt.rows.companies = 1;
        else
            close(i, Outcome::Stale, "expected properties to be an object, found another type");
    });
}

template <>
void Batch::perform<RepairTag>()
{
    attach_tags([&](std::size_t i) { return at<RepairTag>(i).tag; });
    for_each_open([&](std::size_t i) {
        if (items_[i].receipt.rows.tags == 0)
            close(i, Outcome::AlreadyPresent, "the company carries the tag already");
    });
}

template <>
void Batch::perform<RepairContact>()
{
    auto const added =
        add_contacts([&](std::size_t i) { return &at<RepairContact>(i).contact; }, "PSA");
    std::unordered_map<CompanyId, std::vector<std::string>> emails;
    if (added.size() < open_companies().size()) {
        for (auto const& contact : models_.contacts.of(tx_, open_companies()))
            emails[contact.company].push_back(contact.email);
    }
    for_each_open([&](std::size_t i) {
        auto const& planned = at<RepairContact>(i);
        auto const& own = emails[planned.company];
        if (added.contains(planned.contact.id))
            return;
        if (std::ranges::find(own, planned.contact.email) != own.end())
            close(i, Outcome::AlreadyPresent, "the company has that contact already");
        else
            close(i, Outcome::Stale,
                  fmt::format("expected {} to be free, found it another contact's",
                              planned.contact.email));
    });
}

template <>
void Batch::perform<RenameCompany>()
{
    std::vector<CompanyName> names;
    for_each_open([&](std::size_t i) {
        auto const& one = at<RenameCompany>(i);
        auto const& found = items_[i].row->name;
        if (found == one.from)
            names.push_back({one.company, one.to});
        else if (found == one.to)
            close(i, Outcome::AlreadyPresent, "the company has that name already");
        else
            close(i, Outcome::Stale,
                  fmt::format("expected the name to be {}, found {}", quoted(one.from),
                              quoted(found)));
    });
    auto const renamed = set_of(models_.companies.rename(tx_, names));
    for_each_open([&](std::size_t i) {
        if (renamed.contains(company_of(changes_[i])))
            items_[i].receipt.rows.companies = 1;
        else
            close(i, Outcome::Stale,
                  fmt::format("expected the name {} to be free, found it taken",
                              quoted(at<RenameCompany>(i).to)));
    });
}

template <>
void Batch::perform<Reactivate>()
{
    set_companies(Activity::Active, "the company is active already");
    set_contacts(Activity::Active, [&](std::size_t i, ContactRow const& contact) {
        return contact.email == at<Reactivate>(i).email;
    });
}

template <>
void Batch::perform<CleanUp>()
{
    set_companies(Activity::Inactive, "the company is inactive already");
    set_contacts(Activity::Inactive, [](std::size_t, ContactRow const&) { return true; });
    attach_tags([&](std::size_t i) { return at<CleanUp>(i).canceled_tag; });
}

}  // namespace

std::vector<Written> write_batch(Transaction& tx, Models const& models,
                                 std::span<Change const> batch,
                                 std::unordered_set<TenantId> const& living)
{
    Batch work{tx, models, batch, living};
    work.write();
    return std::move(work).result();
}

}  // namespace tracking::models
