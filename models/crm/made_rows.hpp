#pragma once

// Rows in journal images, and whether the rows in the database are still as they were made. Only
// models/ includes this file.

#include "models/crm/company_model.hpp"
#include "models/pg/database.hpp"
#include "models/rules/json_text.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::models {

/// The rows of one table in `rows`, an object of arrays.
json::array rows_of(json::value const& rows, std::string_view table);

/// The text of a member; empty where it is no text.
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

/// Compares rows, column by column, with how they were made. A column that was given no value has
/// to hold its default. Times are not compared.
class MadeRows
{
public:
    MadeRows(Transaction& tx, CompanyModel const& companies) : tx_{tx}, companies_{companies} {}

    /// Sentences on what of one customer is not as it was made, or was not made with it. They are
    /// written to files, so they name only the columns of contacts, not the values.
    std::vector<std::string> differences(json::value const& made, json::value const& found);

    /// The same where the journal does not say how the customer was made. The ids have to be those
    /// that the job gives, and the columns have to hold what it writes. A person's name is not
    /// compared, since nothing says what it was.
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
