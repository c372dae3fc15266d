#pragma once

// Undoes what a run did to customers. Only models/writing/batch_restore*.cpp include this file.

#include "models/crm/made_rows.hpp"
#include "models/writing/batch_steps.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace tracking::models {

/// One batch of restores in its transaction. For each item it collects what could not be undone.
/// Rows that were touched since are not deleted: rows that the run has made are compared, column by
/// column, with how they were made.
class Restoration
{
public:
    explicit Restoration(Batch& batch) : batch_{batch}, notes_(batch.size()), pieces_(batch.size())
    {}

    void run();

private:
    /// The parts of an item's before-image other than the company.
    struct Pieces
    {
        json::object removed;
        std::vector<std::string> set_inactive, set_active;
        std::string changed;  ///< contacts as they were, as elements of a JSON array
        std::size_t done = 0;
    };

    Restore const& at(std::size_t i) const { return batch_.at<Restore>(i); }

    void note(std::size_t i, std::string reason) { notes_[i].push_back(std::move(reason)); }

    /// Visits the open items that keep their company.
    void for_each_kept(auto const& visit)
    {
        batch_.for_each_open([&](std::size_t i) {
            if (batch_.item(i).row && !is_removed_[i])
                visit(i);
        });
    }

    // batch_restore.cpp: whole companies, receipts and images

    void put_companies_back();
    /// The rows of a table, as elements of a JSON array.
    static std::string elements(json::value const& rows, std::string_view table);
    void remove_companies();
    /// For companies that were touched: company and contacts become inactive, as for a tenant that
    /// is gone.
    void keep(std::vector<std::size_t> const& items);
    void conclude();
    std::string before_image(std::size_t i) const;

    // batch_restore_columns.cpp: what was set

    void restore_fields();
    void restore_profiles(std::unordered_set<CompanyId> const& renamed);
    /// Finds the keys of properties that the items are about.
    void gather_keys();
    /// Works key by key. So what a person has put beside the link, or in its place, stays.
    void add_properties(std::size_t i, std::vector<FormerProperties>& restored);
    void restore_contacts();
    /// Names and addresses of contacts that nobody has changed since.
    void restore_people();
    std::vector<FollowingOf> unchanged_people();
    /// Those of the contacts that are as the run left them.
    std::vector<ContactId> still(std::size_t i, std::vector<ContactRow> const& there,
                                 std::vector<ContactId> const& ids, Activity activity);
    /// `item_of` says to which item each contact belongs.
    void set_contacts_of(std::map<ContactId, std::size_t> const& item_of, Activity activity);

    // batch_restore_rows.cpp: contacts and mappings that were made or taken away

    /// Puts back what `removed` of these items holds. Definitions come first, since mappings refer
    /// to them.
    void put_back(std::vector<std::size_t> const& items);
    /// The tags of the mappings that are not defined, and not among the definitions: a person, or
    /// the undo of another run, has deleted theirs.
    std::set<std::string> undefined_tags(json::array const& mappings,
                                         json::array const& definitions) const;
    /// The mappings of the item that can be put back. Notes the others.
    json::array attachable(std::size_t i, json::array const& mappings,
                           std::set<std::string> const& undefined);
    /// Those of the item's definitions that do not exist.
    json::array missing_definitions(std::size_t i, json::value const& rows);
    void put_rows_back();
    void take_rows_away();
    /// Contacts that the changes have made and that are not the companies' any more: a person has
    /// moved them, or taken them out. The others that are not there have been deleted.
    std::unordered_set<ContactId> moved_contacts(std::map<std::size_t, json::value> const& found);
    /// Contacts that the item's change has made and that nobody has touched since. Notes the
    /// others. One that was deleted needs no undo.
    std::vector<ContactId> untouched_contacts(std::size_t i, json::value const& made,
                                              json::value const& found,
                                              std::unordered_set<ContactId> const& moved);
    void take_contacts_away(std::map<std::size_t, json::value> const& found);
    void take_mappings_away(std::map<std::size_t, json::value> const& found);
    /// Keeps the deleted rows in the item's image as they were.
    template <class Id>
    void keep_image(std::size_t i, std::string_view table, std::string_view key,
                    json::array const& found, std::unordered_set<Id> const& gone);
    /// Comes last, when no mapping of the batch is left. A definition that others use stays, which
    /// does no harm.
    void take_definitions_away();

    Batch& batch_;
    std::vector<std::vector<std::string>> notes_;
    std::vector<Pieces> pieces_;
    std::vector<bool> is_removed_;
    std::unordered_set<CompanyId> is_new_;
    std::unordered_set<std::string> is_defined_;  ///< tags that are known to have a definition
    MadeRows made_rows_{batch_.tx, batch_.models.companies};
};

}  // namespace tracking::models
