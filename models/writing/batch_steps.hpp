#pragma once

// The frame in which the batch_*.cpp files write each kind of change, and the steps that they
// share. Only models/writing/ includes this file.

#include "models/values/lists.hpp"
#include "models/writing/batch.hpp"

#include <cstddef>
#include <functional>
#include <future>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace tracking::models {

/// One batch in its transaction. A change that is no longer open has its receipt; the open ones go
/// on to the next step.
class Batch
{
public:
    /// Rows that a change has made, as elements of JSON arrays. They hold the columns that were
    /// given; all others had their defaults. An undo of the change may delete these rows again.
    struct Made
    {
        std::string company;
        std::string contacts;
        std::string tag_mappings;
        std::string tag_definitions;
        std::string billing_profiles;
    };

    struct Item
    {
        Receipt receipt;
        bool is_open = true;
        std::optional<CompanyRow> row;  ///< locked, as it was found
        std::string image;              ///< of the company, as written
        std::string before;
        Made made{};
        std::vector<ProfileId> renamed_profiles{};  ///< those that had the company's former name
        std::string changed{};  ///< contacts as the change left them, as elements of a JSON array
        std::vector<WrittenContact> contacts{};
        std::vector<ContactId> gone{};
    };

    Batch(Transaction& transaction, Models const& all_models, std::span<Change const> batch)
        : tx{transaction}, models{all_models}, changes_{batch}, items_(batch.size())
    {}

    template <class Kind>
    Kind const& at(std::size_t i) const
    {
        return *as<Kind>(changes_[i]);
    }

    Change const& change(std::size_t i) const { return changes_[i]; }
    TenantId tenant(std::size_t i) const { return tenant_of(changes_[i]); }
    CompanyId company(std::size_t i) const { return company_of(changes_[i]); }
    Item& item(std::size_t i) { return items_[i]; }
    std::size_t size() const { return items_.size(); }

    void close(std::size_t i, Outcome outcome, std::string reason)
    {
        items_[i].receipt.outcome = outcome;
        items_[i].receipt.reason = std::move(reason);
        items_[i].is_open = false;
    }

    /// `visit(i)` may close the item.
    void for_each_open(auto const& visit)
    {
        for (std::size_t i = 0; i < items_.size(); ++i) {
            if (items_[i].is_open)
                visit(i);
        }
    }

    std::vector<CompanyId> open_companies();

    Transaction& tx;
    Models const& models;
    std::unordered_set<TenantId> living{};
    /// The definitions that there are of tags that the changes attach, by text.
    std::map<std::string, TagId> tags{};
    /// The keys of companies' `properties` that the changes write. Images have no others.
    std::vector<std::string> keys{};

private:
    std::span<Change const> changes_;
    std::vector<Item> items_;
};

/// Checks the premises of a batch of the kind that the second argument has, and writes the items
/// whose premises still hold.
void perform(Batch& batch, CreateCustomer const&);
void perform(Batch& batch, LinkCompany const&);
void perform(Batch& batch, IgnoreCompany const&);
void perform(Batch& batch, AdoptCompany const&);
void perform(Batch& batch, RepairTag const&);
void perform(Batch& batch, RepairContact const&);
void perform(Batch& batch, ChangeContacts const&);
void perform(Batch& batch, RetireContacts const&);
void perform(Batch& batch, RenameCompany const&);
void perform(Batch& batch, Reactivate const&);
void perform(Batch& batch, CleanUp const&);
void perform(Batch& batch, Untag const&);
void perform(Batch& batch, DeleteCustomer const&);
void perform(Batch& batch, Restore const&);

/// The premises of every change of a live tenant's customer.
void expect_customers(Batch& batch);

// --- premises: they close the items for which they do not hold

void expect_tenants_there(Batch& batch);
void expect_tenants_gone(Batch& batch);

/// Locks the companies' rows, so that what is checked now is still true when it is written. Changes
/// that write `properties` set Batch::keys before.
void lock_companies(Batch& batch);

// After lock_companies().

/// Closes the items whose company a person has protected since.
void expect_unprotected(Batch& batch);
void expect_links(Batch& batch);

/// Closes the item where its company has another link or name than was seen.
void expect_link_and_name(Batch& batch, std::size_t i, std::optional<ThingName> const& link_text,
                          ThingName const& name);

// --- steps

/// Makes the tenant's id the link of each open item. All other properties stay.
void stamp_links(Batch& batch);

/// Sets keys of the properties of each open item to what `patch_of` returns, a JSON object. Closes
/// items whose properties are no object.
void patch_properties(Batch& batch, std::function<std::string(std::size_t)> const& patch_of);

/// The addresses of items' contacts that were not added: somebody else has them by now.
using NotAdded = std::unordered_map<std::size_t, std::vector<std::string>>;

/// Adds the contacts that `planned` returns for each open item. get() waits, and notes them.
std::future<NotAdded> add_contacts(
    Batch& batch, std::function<std::vector<PlannedContact const*>(std::size_t)> const& planned);

/// Says so in the receipts of open items, after these words.
void note_not_added(Batch& batch, NotAdded const& not_added, std::string_view words);

/// Asks for Batch::tags. get() waits.
std::future<std::map<std::string, TagId>> ask_for_tags(Batch const& batch);

/// Attaches to each open item the tag that its change names. get() waits, and notes them.
std::future<void> attach_tags(Batch& batch);

/// Attaches one tag to those items' companies, whether the items are open or not. get() waits, and
/// notes them.
std::future<void> attach_tag(Batch& batch, std::string const& text, std::vector<std::size_t> items);

/// Gives the new name to the billing profiles that have the former name, and records them. So undo
/// renames these profiles and no others. The companies have been renamed before.
void rename_profiles(Batch& batch, std::span<ProfileName const> names);

/// Sets the companies of the open items. Items that needed no change are closed with the reason
/// `already`.
void set_companies(Batch& batch, Activity activity, std::string_view already);

/// Sets the contacts that `chosen` picks, and counts those that changed.
void set_contacts(Batch& batch, Activity activity,
                  std::function<bool(std::size_t, ContactRow const&)> const& chosen);

/// A contact that is to be changed, and to which open item it belongs.
struct FollowingOf
{
    std::size_t item;
    FollowingContact contact;
};

/// Gives the contacts other names and addresses; the caller has locked them. Returns how they were,
/// by item, as elements of a JSON array.
std::unordered_map<std::size_t, std::string> change_contacts(Batch& batch,
                                                             std::span<FollowingOf const> all);

/// The contacts that can have the address that they want: it is free, or given up by another one
/// that can. In the order of `all`.
std::vector<bool> can_follow(Batch& batch, std::span<FollowingOf const> all);

// --- words

/// Adds a member to a JSON object.
void add_to_image(std::string& image, std::string_view name, std::string_view value);

std::string in_quotes(std::string_view text);
std::string as_json(std::string_view text);
std::string as_json(std::vector<std::string> const& texts);
std::string optional_json(std::optional<std::string> const& text);  ///< null where there is none

template <class Id>
std::unordered_set<Id> set_of(std::vector<Id> const& ids)
{
    return {ids.begin(), ids.end()};
}

}  // namespace tracking::models
