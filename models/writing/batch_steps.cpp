#include "models/writing/batch_steps.hpp"

#include "models/rules/text.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <utility>

namespace tracking::models {

namespace {

std::string quoted_link(std::optional<std::string> const& text)
{
    return text ? in_quotes(*text) : "nothing";
}

}  // namespace

std::vector<CompanyId> Batch::open_companies()
{
    std::vector<CompanyId> ids;
    for_each_open([&](std::size_t i) { ids.push_back(company(i)); });
    return ids;
}

void expect_tenants_there(Batch& batch)
{
    batch.for_each_open([&](std::size_t i) {
        if (!batch.living.contains(batch.tenant(i)))
            batch.close(i, Outcome::Stale, "expected the tenant to be there, found it gone");
    });
}

void expect_tenants_gone(Batch& batch)
{
    batch.for_each_open([&](std::size_t i) {
        if (batch.living.contains(batch.tenant(i)))
            batch.close(i, Outcome::Stale, "expected the tenant to be gone, found it there");
    });
}

void lock_companies(Batch& batch)
{
    std::unordered_map<CompanyId, CompanyRow> rows;
    for (auto& row : batch.models.companies.lock(batch.tx, batch.open_companies(), batch.keys))
        rows.emplace(row.id, std::move(row));
    batch.for_each_open([&](std::size_t i) {
        auto const found = rows.find(batch.company(i));
        if (found == rows.end()) {
            batch.close(i, Outcome::Stale, "expected the company to be there, found it gone");
            return;
        }
        batch.item(i).before = fmt::format(R"({{"company": {}}})", found->second.image);
        batch.item(i).row = std::move(found->second);
    });
}

void expect_unprotected(Batch& batch)
{
    batch.for_each_open([&](std::size_t i) {
        if (batch.item(i).row->ignored)
            batch.close(i, Outcome::Stale,
                        fmt::format("expected the company to be tracked, found that its "
                                    "properties.reconcile says {}",
                                    in_quotes(batch.item(i).row->word)));
    });
}

void expect_links(Batch& batch)
{
    batch.for_each_open([&](std::size_t i) {
        auto const& row = *batch.item(i).row;
        if (row.link() != batch.tenant(i))
            batch.close(i, Outcome::Stale,
                        fmt::format("expected the link to be the tenant's id, found {}",
                                    quoted_link(row.link_text)));
    });
}

void expect_link_and_name(Batch& batch, std::size_t i, std::optional<ThingName> const& link_text,
                          ThingName const& name)
{
    auto const& row = *batch.item(i).row;
    if (row.link_text != link_text)
        batch.close(i, Outcome::Stale,
                    fmt::format("expected the link to read {}, found {}", quoted_link(link_text),
                                quoted_link(row.link_text)));
    else if (row.name != name)
        batch.close(i, Outcome::Stale,
                    fmt::format("expected the company's name to be {}, found {}", in_quotes(name),
                                in_quotes(row.name)));
}

void expect_customers(Batch& batch)
{
    expect_tenants_there(batch);
    lock_companies(batch);
    expect_unprotected(batch);
    expect_links(batch);
}

void stamp_links(Batch& batch)
{
    patch_properties(batch, [&](std::size_t i) {
        return fmt::format(R"({{"tenant_id": "{}"}})", batch.tenant(i).str());
    });
}

void patch_properties(Batch& batch, std::function<std::string(std::size_t)> const& patch_of)
{
    std::vector<PropertiesPatch> patches;
    batch.for_each_open([&](std::size_t i) { patches.push_back({batch.company(i), patch_of(i)}); });
    auto const patched = set_of(batch.models.companies.patch_properties(batch.tx, patches));
    batch.for_each_open([&](std::size_t i) {
        if (patched.contains(batch.company(i)))
            batch.item(i).receipt.rows.companies = 1;
        else
            batch.close(i, Outcome::Stale,
                        "expected properties to be an object, found another type");
    });
}

namespace {

std::string contact_json(NewContact const& contact)
{
    auto const& record = contact.record;
    return fmt::format(
        R"({{"contact_name_id": "{}", "full_name": {}, "email": {}, "role": {}, "notes": {}}})",
        contact.id.str(), as_json(record.full_name), as_json(record.email),
        optional_json(record.role), optional_json(record.notes));
}

void note_contact(Batch& batch, std::size_t i, NewContact const& contact,
                  std::optional<UserId> const& user)
{
    auto& item = batch.item(i);
    item.receipt.rows.contacts += 1;
    item.contacts.push_back({.contact = contact.id,
                             .company = contact.company,
                             .tenant = batch.tenant(i),
                             .user = user,
                             .full_name = contact.record.full_name,
                             .email = contact.record.email});
    item.made.contacts += (item.made.contacts.empty() ? "" : ", ") + contact_json(contact);
}

/// The text of the tag that the change attaches; empty: none.
std::string tag_of(Change const& change)
{
    return std::visit(
        [](auto const& kind) -> std::string {
            auto const& one = unboxed(kind);
            using Kind = std::remove_cvref_t<decltype(one)>;
            if constexpr (std::is_same_v<Kind, CreateCustomer> || std::is_same_v<Kind, RepairTag>)
                return one.tag;
            else if constexpr (std::is_same_v<Kind, CleanUp> || std::is_same_v<Kind, Restore>)
                return one.canceled_tag;
            else
                return {};
        },
        change);
}

/// Records the mapping, and with the first one also the definition where that is new.
void note_tag(Batch& batch, std::size_t i, TagId tag, std::string const& text, bool is_new)
{
    auto& made = batch.item(i).made;
    made.tag_mappings = fmt::format(R"({{"mapping_id": "{}", "tag_id": "{}", "tag_text": {}}})",
                                    batch.models.tags.mapping_of(tag, batch.company(i)).str(),
                                    tag.str(), as_json(text));
    if (is_new)
        made.tag_definitions =
            fmt::format(R"({{"tag_id": "{}", "tag_text": {}}})", tag.str(), as_json(text));
}

}  // namespace

std::future<NotAdded> add_contacts(
    Batch& batch, std::function<std::vector<PlannedContact const*>(std::size_t)> const& planned)
{
    struct Wanted
    {
        std::size_t item;
        PlannedContact const* planned;
    };
    std::vector<Wanted> wanted;
    std::vector<NewContact> contacts;
    batch.for_each_open([&](std::size_t i) {
        for (auto const* const one : planned(i)) {
            wanted.push_back({i, one});
            contacts.push_back({.id = one->id,
                                .company = batch.company(i),
                                .record = checked_contact({.full_name = one->full_name,
                                                           .email = one->email,
                                                           .role = std::string{kAdminRole},
                                                           .notes = std::string{kAdminNotes}})});
        }
    });
    if (contacts.empty())
        return std::async(std::launch::deferred, [] { return NotAdded{}; });
    batch.models.contacts.avoid_taken_ids(batch.tx, contacts);
    auto created = batch.models.contacts.ask_to_create(batch.tx, contacts);
    return std::async(std::launch::deferred,
                      [&batch, wanted = std::move(wanted), contacts = std::move(contacts),
                       created = std::move(created)]() mutable {
                          auto const made = set_of(created.get());
                          NotAdded not_added;
                          for (std::size_t n = 0; n < wanted.size(); ++n) {
                              auto const& [i, one] = wanted[n];
                              if (made.contains(contacts[n].id))
                                  note_contact(batch, i, contacts[n], one->user);
                              else
                                  not_added[i].push_back(one->email);
                          }
                          return not_added;
                      });
}

void note_not_added(Batch& batch, NotAdded const& not_added, std::string_view words)
{
    batch.for_each_open([&](std::size_t i) {
        if (auto const found = not_added.find(i); found != not_added.end())
            batch.item(i).receipt.reason = fmt::format("{}: {} is another contact's by now", words,
                                                       fmt::join(found->second, " and "));
    });
}

std::future<std::map<std::string, TagId>> ask_for_tags(Batch const& batch)
{
    std::map<std::string, std::future<std::optional<TagId>>> asked;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        auto const text = tag_of(batch.change(i));
        if (!text.empty() && !asked.contains(text))
            asked.emplace(text, batch.models.tags.ask_to_find(batch.tx, text));
    }
    return std::async(std::launch::deferred, [asked = std::move(asked)]() mutable {
        std::map<std::string, TagId> found;
        for (auto& [text, answer] : asked) {
            if (auto const tag = answer.get())
                found.emplace(text, *tag);
        }
        return found;
    });
}

std::future<void> attach_tags(Batch& batch)
{
    std::map<std::string, std::vector<std::size_t>> by_text;
    batch.for_each_open([&](std::size_t i) { by_text[tag_of(batch.change(i))].push_back(i); });
    auto attached = each_of(
        by_text, [&](auto& of) { return attach_tag(batch, of.first, std::move(of.second)); });
    return std::async(std::launch::deferred, [attached = std::move(attached)]() mutable {
        for (auto& one : attached)
            one.get();
    });
}

std::future<void> attach_tag(Batch& batch, std::string const& text, std::vector<std::size_t> items)
{
    auto const& tags = batch.models.tags;
    auto const known = batch.tags.find(text);
    bool const is_new = known == batch.tags.end();
    auto const tag = is_new ? tags.define(batch.tx, text) : known->second;
    auto const companies = each_of(items, [&](std::size_t i) { return batch.company(i); });
    return std::async(std::launch::deferred,
                      [&batch, tag, text, items = std::move(items), is_first = is_new,
                       attached = tags.ask_to_attach(batch.tx, tag, companies)]() mutable {
                          auto const tagged = set_of(attached.get());
                          for (auto const i : items) {
                              if (!tagged.contains(batch.company(i)))
                                  continue;
                              batch.item(i).receipt.rows.tags += 1;
                              note_tag(batch, i, tag, text, std::exchange(is_first, false));
                          }
                      });
}

void rename_profiles(Batch& batch, std::span<ProfileName const> names)
{
    std::unordered_map<CompanyId, std::size_t> item_of;
    batch.for_each_open([&](std::size_t i) { item_of.emplace(batch.company(i), i); });
    for (auto const& renamed : batch.models.profiles.rename(batch.tx, names))
        batch.item(item_of.at(renamed.company)).renamed_profiles.push_back(renamed.profile);
}

void set_companies(Batch& batch, Activity activity, std::string_view already)
{
    auto const changed =
        set_of(batch.models.companies.set_activity(batch.tx, batch.open_companies(), activity));
    batch.for_each_open([&](std::size_t i) {
        if (changed.contains(batch.company(i)))
            batch.item(i).receipt.rows.companies = 1;
        else
            batch.close(i, Outcome::AlreadyPresent, std::string{already});
    });
}

void set_contacts(Batch& batch, Activity activity,
                  std::function<bool(std::size_t, ContactRow const&)> const& chosen)
{
    std::unordered_map<CompanyId, std::size_t> item_of;
    batch.for_each_open([&](std::size_t i) { item_of.emplace(batch.company(i), i); });
    std::vector<ContactId> ids;
    std::unordered_map<ContactId, std::size_t> owner;
    std::map<std::size_t, std::string> images;
    std::map<std::size_t, std::string> unset;
    auto const add = [](std::string& list, ContactId const& id) {
        list += fmt::format(R"({}"{}")", list.empty() ? "" : ", ", id.str());
    };
    auto const& contacts = batch.models.contacts;
    for (auto const& contact : contacts.of(batch.tx, batch.open_companies())) {
        auto const i = item_of.at(contact.company);
        if (contact.inactive == (activity == Activity::Inactive) || !chosen(i, contact))
            continue;
        ids.push_back(contact.id);
        owner.emplace(contact.id, i);
        add(images[i], contact.id);
        if (contact.is_unset)
            add(unset[i], contact.id);
    }
    for (auto const& id : contacts.set_activity(batch.tx, ids, activity))
        ++batch.item(owner.at(id)).receipt.rows.contacts;
    for (auto const& [i, image] : images) {
        auto& before = batch.item(i).before;
        add_to_image(before,
                     activity == Activity::Inactive ? "active_contacts" : "inactive_contacts",
                     "[" + image + "]");
        add_to_image(before, "unset_contacts", "[" + unset[i] + "]");
    }
}

void add_to_image(std::string& image, std::string_view name, std::string_view value)
{
    image.pop_back();
    image += fmt::format(R"(, "{}": {}}})", name, value);
}

std::string in_quotes(std::string_view text)
{
    return fmt::format("\"{}\"", printable(text));
}

std::string as_json(std::string_view text)
{
    return boost::json::serialize(boost::json::string_view{text.data(), text.size()});
}

std::string as_json(std::vector<std::string> const& texts)
{
    return boost::json::serialize(boost::json::value_from(texts));
}

std::string optional_json(std::optional<std::string> const& text)
{
    return text ? as_json(*text) : "null";
}

}  // namespace tracking::models
