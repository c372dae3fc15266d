// Taking back what a run did to a customer. Nothing is taken away that was touched since: rows that
// the run has made are compared with how they were made, column by column.

#include "models/batch_steps.hpp"
#include "models/made_rows.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>

namespace tracking::models {

namespace {

/// What the column `properties` holds; nothing: it is NULL, which is no JSON null.
using Properties = std::optional<json::value>;

Properties properties_from(std::string const& text)
{
    return text.empty() ? Properties{} : json::parse(text);
}

Properties properties_in(std::string const& image)
{
    auto const row = json::parse(image);
    auto const* const found = row.get_object().if_contains("properties");
    if (!found)
        return json::value(nullptr);
    return found->is_null() ? Properties{} : *found;
}

bool is_object(Properties const& properties)
{
    return properties && properties->is_object();
}

/// One batch of restores on its way; what each item could not take back is gathered as it goes.
class Restoration
{
public:
    explicit Restoration(Batch& batch) : batch_{batch}, notes_(batch.size()), pieces_(batch.size())
    {}

    void run()
    {
        put_companies_back();
        lock_companies(batch_);
        remove_companies();
        restore_fields();
        restore_contacts();
        put_rows_back();
        take_rows_away();
        take_definitions_away();
        conclude();
    }

private:
    /// What becomes of an item's before-image beside the company.
    struct Pieces
    {
        json::object removed;
        std::vector<std::string> set_inactive, set_active;
        std::size_t done = 0;
    };

    Restore const& at(std::size_t i) const { return batch_.at<Restore>(i); }

    void note(std::size_t i, std::string reason) { notes_[i].push_back(std::move(reason)); }

    /// Open items that keep their company.
    void for_each_kept(auto const& visit)
    {
        batch_.for_each_open([&](std::size_t i) {
            if (batch_.item(i).row && !is_removed_[i])
                visit(i);
        });
    }

    // --- companies that the run has deleted

    void put_companies_back()
    {
        is_removed_.assign(batch_.size(), false);
        batch_.for_each_open([&](std::size_t i) {
            if (!at(i).has_removed_company)
                return;
            auto const company = batch_.company(i);
            if (!batch_.models.companies.lock(batch_.tx, std::array{company}).empty()) {
                batch_.close(i, Outcome::AlreadyPresent, "the company is there already");
                return;
            }
            put_back(i);
            batch_.item(i).made.company = elements(parsed(at(i).removed), "companies");
            batch_.item(i).made.billing_profiles =
                elements(parsed(at(i).removed), "billing_profiles");
            batch_.item(i).receipt.rows.companies = 1;
            is_new_.insert(company);
        });
    }

    /// Puts back what `removed` holds; definitions first, since mappings refer to them.
    void put_back(std::size_t i)
    {
        auto const rows = parsed(at(i).removed);
        auto& item = batch_.item(i);
        for (auto const& definition : rows_of(rows, "tag_definitions")) {
            batch_.models.tags.define(batch_.tx, text_of(definition, "tag_text"));
            item.made.tag_definitions = json::serialize(definition);
        }
        batch_.models.removal.restore(batch_.tx, at(i).removed);
        item.made.contacts = elements(rows, "contacts");
        item.made.tag_mappings = elements(rows, "tag_mappings");
        item.receipt.rows.contacts += rows_of(rows, "contacts").size();
        item.receipt.rows.tags += rows_of(rows, "tag_mappings").size();
        ++pieces_[i].done;
    }

    static std::string elements(json::value const& rows, std::string_view table)
    {
        std::string all;
        for (auto const& row : rows_of(rows, table))
            all += (all.empty() ? "" : ", ") + json::serialize(row);
        return all;
    }

    // --- companies that the run has made

    void remove_companies()
    {
        std::vector<CompanyId> ids;
        std::vector<std::string> own_tags;
        batch_.for_each_open([&](std::size_t i) {
            if (!at(i).has_made_company)
                return;
            ids.push_back(batch_.company(i));
            own_tags = at(i).own_tags;
        });
        if (ids.empty())
            return;
        std::map<CompanyId, BlastRadius> radii;
        for (auto& one : batch_.models.removal.lock(batch_.tx, ids, own_tags))
            radii.emplace(one.company, std::move(one));
        auto const images = batch_.models.removal.images(batch_.tx, ids);
        std::vector<BlastRadius> clear;
        batch_.for_each_open([&](std::size_t i) {
            if (!at(i).has_made_company)
                return;
            auto const& radius = radii.at(batch_.company(i));
            auto const rows = json::parse(images.at(batch_.company(i)));
            auto const made = parsed(at(i).made);
            auto touched = made_rows_.differences(made, rows);
            if (!radius.is_clear())
                touched.push_back("it is referred to by " + listed(radius));
            if (!touched.empty()) {
                keep(i, touched);
                return;
            }
            is_removed_[i] = true;
            pieces_[i].removed = rows.get_object();
            ++pieces_[i].done;
            batch_.item(i).image = "null";
            batch_.item(i).receipt.rows = {.companies = 1,
                                           .contacts = rows_of(rows, "contacts").size(),
                                           .tags = rows_of(rows, "tag_mappings").size()};
            clear.push_back(radius);
        });
        if (!clear.empty())
            batch_.models.removal.remove(batch_.tx, clear, own_tags);
    }

    /// It was touched: company and contacts become inactive, as for a tenant that is gone.
    void keep(std::size_t i, std::vector<std::string> const& touched)
    {
        note(i, fmt::format("kept and made inactive, not removed: {}", fmt::join(touched, "; ")));
        auto const company = std::array{batch_.company(i)};
        auto const& models = batch_.models;
        auto& item = batch_.item(i);
        item.receipt.rows.companies +=
            models.companies.set_activity(batch_.tx, company, Activity::Inactive).size();
        std::vector<ContactId> active;
        auto const made =
            ids_in<ContactId>(rows_of(parsed(at(i).made), "contacts"), "contact_name_id");
        for (auto const& contact : models.contacts.of(batch_.tx, company)) {
            if (!contact.inactive && std::ranges::find(made, contact.id) != made.end())
                active.push_back(contact.id);
        }
        set_contacts_of(i, active, Activity::Inactive);
        attach_tag(batch_, at(i).canceled_tag, std::array{i});
        pieces_[i].done += item.receipt.rows.companies + item.receipt.rows.tags;
    }

    // --- columns

    void restore_fields()
    {
        std::vector<CompanyName> names;
        std::vector<PropertiesPatch> properties;
        std::vector<CompanyId> active;
        std::vector<CompanyId> inactive;
        for_each_kept([&](std::size_t i) {
            auto const& wanted = at(i);
            auto const& row = *batch_.item(i).row;
            if (wanted.renamed && row.name == wanted.renamed->by)
                names.push_back({row.id, wanted.renamed->was});
            else if (wanted.renamed && row.name != wanted.renamed->was)
                note(i, fmt::format("the name was {}, and is {}", quoted(wanted.renamed->by),
                                    quoted(row.name)));
            if (wanted.properties)
                add_properties(i, properties);
            if (wanted.was_inactive && row.inactive != *wanted.was_inactive)
                (*wanted.was_inactive ? inactive : active).push_back(row.id);
        });
        auto const renamed = set_of(batch_.models.companies.rename(batch_.tx, names));
        auto written = renamed;
        auto const add = [&](std::vector<CompanyId> const& ids) {
            written.insert(ids.begin(), ids.end());
        };
        add(batch_.models.companies.replace_properties(batch_.tx, properties));
        add(batch_.models.companies.set_activity(batch_.tx, active, Activity::Active));
        add(batch_.models.companies.set_activity(batch_.tx, inactive, Activity::Inactive));
        for_each_kept([&](std::size_t i) {
            auto const id = batch_.company(i);
            auto const wants_name = std::ranges::find(names, id, &CompanyName::id) != names.end();
            if (wants_name && !renamed.contains(id))
                note(i, fmt::format("the name {} is taken", quoted(at(i).renamed->was)));
            if (written.contains(id)) {
                batch_.item(i).receipt.rows.companies = 1;
                ++pieces_[i].done;
            }
        });
    }

    /// Key by key: what a person has put beside the link, or in its place, stays.
    void add_properties(std::size_t i, std::vector<PropertiesPatch>& patches)
    {
        auto const& [by_text, was_text] = *at(i).properties;
        auto const by = properties_from(by_text);
        auto const was = properties_from(was_text);
        auto now = properties_in(batch_.item(i).row->image);
        if (now == was)
            return;
        if (now == by) {
            patches.push_back({batch_.company(i), was_text});
            return;
        }
        if (!is_object(by) || !is_object(now)) {
            note(i, "the properties are no object any more");
            return;
        }
        bool is_changed = false;
        auto& current = now->get_object();
        for (auto const& [key, ours] : by->get_object()) {
            auto const* const former =
                is_object(was) ? was->get_object().if_contains(key) : nullptr;
            if (former && *former == ours)
                continue;
            auto const* const found = current.if_contains(key);
            if (!found || *found != ours) {
                if (!found ? former != nullptr : !former || *found != *former)
                    note(i, fmt::format("properties.{} was {}, and is {}",
                                        std::string_view{key.data(), key.size()}, shown(ours),
                                        found ? shown(*found) : "gone"));
                continue;
            }
            if (former)
                current[key] = *former;
            else
                current.erase(key);
            is_changed = true;
        }
        if (!is_changed)
            return;
        bool const was_null = !is_object(was) && current.empty();
        patches.push_back({batch_.company(i), was_null ? was_text : json::serialize(current)});
    }

    // --- contacts that were switched

    void restore_contacts()
    {
        for_each_kept([&](std::size_t i) {
            auto const& wanted = at(i);
            if (wanted.deactivated.empty() && wanted.activated.empty())
                return;
            auto const company = std::array{batch_.company(i)};
            auto const there = batch_.models.contacts.of(batch_.tx, company);
            set_contacts_of(i, still(i, there, wanted.deactivated, true), Activity::Active);
            set_contacts_of(i, still(i, there, wanted.activated, false), Activity::Inactive);
        });
    }

    /// Those that are as the run left them.
    std::vector<ContactId> still(std::size_t i, std::vector<ContactRow> const& there,
                                 std::vector<ContactId> const& ids, bool inactive)
    {
        std::vector<ContactId> unchanged;
        for (auto const& id : ids) {
            auto const found = std::ranges::find(there, id, &ContactRow::id);
            if (found == there.end())
                note(i, fmt::format("contact {} is not the company's any more", id.str()));
            else if (found->inactive == inactive)
                unchanged.push_back(id);
        }
        return unchanged;
    }

    void set_contacts_of(std::size_t i, std::vector<ContactId> const& ids, Activity activity)
    {
        if (ids.empty())
            return;
        auto const set = batch_.models.contacts.set_activity(batch_.tx, ids, activity);
        batch_.item(i).receipt.rows.contacts += set.size();
        pieces_[i].done += set.size();
        for (auto const& id : set)
            (activity == Activity::Inactive ? pieces_[i].set_inactive : pieces_[i].set_active)
                .push_back(fmt::format(R"("{}")", id.str()));
    }

    // --- contacts and mappings

    void put_rows_back()
    {
        for_each_kept([&](std::size_t i) {
            if (!at(i).has_removed_company && !at(i).removed.empty())
                put_back(i);
        });
    }

    void take_rows_away()
    {
        std::vector<CompanyId> ids;
        for_each_kept([&](std::size_t i) {
            if (!at(i).has_made_company && !at(i).made.empty())
                ids.push_back(batch_.company(i));
        });
        if (ids.empty())
            return;
        auto const images = batch_.models.removal.images(batch_.tx, ids);
        for_each_kept([&](std::size_t i) {
            if (at(i).has_made_company || at(i).made.empty())
                return;
            auto const rows = json::parse(images.at(batch_.company(i)));
            auto const made = parsed(at(i).made);
            take_contacts_away(i, rows_of(made, "contacts"), rows_of(rows, "contacts"));
            take_mappings_away(i, rows_of(made, "tag_mappings"), rows_of(rows, "tag_mappings"));
        });
    }

    void take_contacts_away(std::size_t i, json::array const& made, json::array const& found)
    {
        std::vector<ContactId> ids;
        for (auto const& row : made) {
            json::array there;
            std::ranges::copy_if(found, std::back_inserter(there), [&](json::value const& one) {
                return text_of(one, "contact_name_id") == text_of(row, "contact_name_id");
            });
            auto touched = made_rows_.differences_of_contacts({row}, there);
            for (auto& reason : touched)
                note(i, std::move(reason));
            if (touched.empty())
                ids.push_back(ContactId::parse(text_of(row, "contact_name_id")).value());
        }
        if (ids.empty())
            return;
        auto const free = batch_.models.contacts.unreferenced(batch_.tx, ids);
        for (auto const& id : ids) {
            if (std::ranges::find(free, id) == free.end())
                note(i, fmt::format("contact {} is referred to by other rows", id.str()));
        }
        batch_.item(i).receipt.rows.contacts +=
            batch_.models.contacts.remove(batch_.tx, free).size();
        keep_image(i, "contacts", "contact_name_id", found, set_of(free));
    }

    void take_mappings_away(std::size_t i, json::array const& made, json::array const& found)
    {
        auto const gone =
            set_of(batch_.models.tags.remove(batch_.tx, ids_in<MappingId>(made, "mapping_id")));
        for (auto const& row : made) {
            if (!gone.contains(MappingId::parse(text_of(row, "mapping_id")).value()))
                note(i, fmt::format("the tag {} was taken off already",
                                    quoted(text_of(row, "tag_text"))));
        }
        batch_.item(i).receipt.rows.tags += gone.size();
        keep_image(i, "tag_mappings", "mapping_id", found, gone);
    }

    /// What was taken away is kept as it was.
    template <class Id>
    void keep_image(std::size_t i, std::string_view table, std::string_view key,
                    json::array const& found, std::unordered_set<Id> const& gone)
    {
        json::array removed;
        for (auto const& row : found) {
            if (auto const id = Id::parse(text_of(row, key)); id && gone.contains(*id))
                removed.push_back(row);
        }
        pieces_[i].done += removed.size();
        if (!removed.empty())
            pieces_[i].removed[json::string_view{table.data(), table.size()}] = std::move(removed);
    }

    /// Last of all, when no mapping of the batch is left. One that others use stays: no harm done.
    void take_definitions_away()
    {
        batch_.for_each_open([&](std::size_t i) {
            if (at(i).made.empty())
                return;
            auto const made = rows_of(parsed(at(i).made), "tag_definitions");
            if (made.empty())
                return;
            auto const ids = ids_in<TagId>(made, "tag_id");
            if (!batch_.models.tags.remove_unused(batch_.tx, ids).empty())
                pieces_[i].removed["tag_definitions"] = made;
        });
    }

    // --- receipts and images

    void conclude()
    {
        // lock_companies() has closed what was put back before it, if that is not there: it is.
        batch_.for_each_open([&](std::size_t i) {
            auto const reasons = fmt::format("{}", fmt::join(notes_[i], "; "));
            if (pieces_[i].done == 0) {
                batch_.close(i, reasons.empty() ? Outcome::AlreadyPresent : Outcome::Stale,
                             reasons.empty() ? "nothing is left of it" : reasons);
                return;
            }
            batch_.item(i).receipt.reason = reasons;
            batch_.item(i).before = before_image(i);
        });
    }

    std::string before_image(std::size_t i) const
    {
        auto const& item = batch_.item(i);
        auto const& pieces = pieces_[i];
        auto image = is_new_.contains(batch_.company(i))
                         ? std::string{R"({"company": null)"}
                         : fmt::format(R"({{"company": {})", item.row->image);
        if (!pieces.removed.empty())
            image += fmt::format(R"(, "rows": {})", json::serialize(pieces.removed));
        // Under the name of what they were before.
        if (!pieces.set_inactive.empty())
            image +=
                fmt::format(R"(, "active_contacts": [{}])", fmt::join(pieces.set_inactive, ", "));
        if (!pieces.set_active.empty())
            image +=
                fmt::format(R"(, "inactive_contacts": [{}])", fmt::join(pieces.set_active, ", "));
        return image + "}";
    }

    Batch& batch_;
    std::vector<std::vector<std::string>> notes_;
    std::vector<Pieces> pieces_;
    std::vector<bool> is_removed_;
    std::unordered_set<CompanyId> is_new_;
    MadeRows made_rows_{batch_.tx, batch_.models.companies};
};

}  // namespace

template <>
void perform<Restore>(Batch& batch)
{
    Restoration{batch}.run();
}

}  // namespace tracking::models
