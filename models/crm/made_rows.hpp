#pragma once

// Rows of journal images, and whether those in the database are still as they were made. For the
// .cpp files of models/ only.

#include "models/crm/company_model.hpp"
#include "models/pg/database.hpp"
#include "models/rules/json_text.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::models {

/// The rows of one table in an object of arrays.
json::array rows_of(json::value const& rows, std::string_view table);

/// A member that is a text; else empty.
std::string text_of(json::value const& row, std::string_view member);

std::string shown(json::value const& value);

template <class Id>
std::vector<Id> ids_in(json::array const& rows, std::string_view member)
{
    std::vector<Id> ids;
    for (auto const& row : rows) {
        if (auto const id = Id::parse(text_of(row, member)))
            ids.push_back(*id);
    }
    return ids;
}

/// Compares rows with how they were made, column by column. A column that was given no value is
/// expected to hold its default; times say nothing.
class MadeRows
{
public:
    MadeRows(Transaction& tx, CompanyModel const& companies) : tx_{tx}, companies_{companies} {}

    /// Sentences on what of one customer is not as it was made, or was not made with it. They end
    /// up in files: of contacts they name the columns only.
    std::vector<std::string> differences(json::value const& made, json::value const& found);

    /// The same where no journal tells how it was made: the ids are to be those that the job gives,
    /// and the columns to hold what it writes. Of a person's name nothing proves more than that.
    std::vector<std::string> differences_from_constants(TenantId owner,
                                                        std::span<std::string const> own_tags,
                                                        json::value const& found);

    std::vector<std::string> differences_of_contacts(json::array const& made,
                                                     json::array const& found);

private:
    json::object made_company(json::object const& found, TenantId link,
                              std::span<std::string const> own_tags) const;

    using Sentences = std::vector<std::string>;

    void compare_all(std::string_view what, std::string_view key, json::array const& made,
                     json::array const& found, std::string const& table, Sentences& touched);
    void compare(std::string const& what, json::value const& made, json::value const& found,
                 std::string const& table, Sentences& touched);
    json::object const& defaults_of(std::string const& table);

    Transaction& tx_;
    CompanyModel const& companies_;
    std::map<std::string, json::object> defaults_;
};

}  // namespace tracking::models
