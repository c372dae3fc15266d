#include "models/crm/made_rows.hpp"

#include "models/rules/text.hpp"
#include "models/schema/row_defaults.hpp"
#include "models/values/change.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace tracking::models {

namespace {

// The type of a contact's e-mail does not show that anybody touched the contact. Earlier versions
// of the job left it out, and the platform fills it in by itself.
bool is_beside_the_point(std::string_view column)
{
    constexpr std::array kColumns{
        "tenant",    "created_at", "updated_at",  "company_id",
        "client_id", "tagged_id",  "tagged_type", "primary_email_canonical_type"};
    return std::ranges::find(kColumns, column) != kColumns.end();
}

json::string_view in_json(std::string_view text)
{
    return {text.data(), text.size()};
}

// A row that belongs to another tenant by now keeps its id. Then this tenant's next company gets
// the id of a further attempt. Nobody has seen a second further attempt.
bool is_made_id(TenantId owner, TenantId tenant, CompanyId company)
{
    for (std::size_t attempt = 0; attempt < 8; ++attempt) {
        if (made_company_id(owner, tenant, attempt) == company)
            return true;
    }
    return false;
}

}  // namespace

json::array rows_of(json::value const& rows, std::string_view table)
{
    return rows.is_object() ? array_at(rows.get_object(), table) : json::array{};
}

std::string text_of(json::value const& row, std::string_view member)
{
    return text_at(row.get_object(), member);
}

std::string shown(json::value const& value)
{
    return printable(json_text(value));
}

std::vector<std::string> MadeRows::differences(json::value const& made, json::value const& rows)
{
    std::vector<std::string> touched;
    auto const made_companies = rows_of(made, "companies");
    auto const companies = rows_of(rows, "companies");
    compare("the company", made_companies.at(0), companies.at(0), companies_.table(), touched);
    compare_all("contact", "contact_name_id", rows_of(made, "contacts"), rows_of(rows, "contacts"),
                "contacts", touched);
    compare_all("tag", "mapping_id", rows_of(made, "tag_mappings"), rows_of(rows, "tag_mappings"),
                "tag_mappings", touched);
    auto profiles = rows_of(made, "billing_profiles");
    auto const found = rows_of(rows, "billing_profiles");
    if (profiles.empty() && found.size() == 1) {
        json::object expected{{"is_default", true}, {"is_system_managed_default", true}};
        expected["name"] = made_companies.at(0).at("name");
        expected["billing_profile_id"] = found.at(0).at("billing_profile_id");
        profiles.push_back(std::move(expected));
    }
    compare_all("billing profile", "billing_profile_id", profiles, found, "client_billing_profiles",
                touched);
    return touched;
}

std::vector<std::string> MadeRows::differences_from_constants(TenantId owner,
                                                              std::span<std::string const> own_tags,
                                                              json::value const& found)
{
    auto const company = rows_of(found, "companies").at(0).get_object();
    auto const id = CompanyId::parse(text_of(company, companies_.id_column())).value();
    auto const link = TenantId::parse(text_at(object_at(company, "properties"), "tenant_id"));
    if (!link || !is_made_id(owner, *link, id))
        return {"this job did not make it: its id is another"};
    json::array contacts;
    json::array made_contacts;
    for (auto const& row : rows_of(found, "contacts")) {
        auto const email = text_of(row, "email");
        if (text_of(row, "contact_name_id") != made_contact_id(owner, id, email).str())
            continue;  // a person's contact: it counts as a row that refers to the company
        contacts.push_back(row);
        made_contacts.push_back({{"contact_name_id", row.at("contact_name_id")},
                                 {"full_name", row.at("full_name")},
                                 {"email", row.at("email")},
                                 {"role", in_json(kAdminRole)},
                                 {"notes", in_json(kAdminNotes)}});
    }
    json::array mappings;
    json::array made_mappings;
    for (auto const& row : rows_of(found, "tag_mappings")) {
        auto const tag = TagId::parse(text_of(row, "tag_id")).value();
        if (text_of(row, "mapping_id") != made_mapping_id(owner, tag, id).str())
            continue;  // likewise
        mappings.push_back(row);
        made_mappings.push_back(
            {{"mapping_id", row.at("mapping_id")}, {"tag_id", row.at("tag_id")}});
    }
    auto rows = found.get_object();
    rows["contacts"] = std::move(contacts);
    rows["tag_mappings"] = std::move(mappings);
    json::object made;
    made["companies"] = json::array{made_company(company, *link, own_tags)};
    made["contacts"] = std::move(made_contacts);
    made["tag_mappings"] = std::move(made_mappings);
    return differences(made, rows);
}

json::object MadeRows::made_company(json::object const& found, TenantId link,
                                    std::span<std::string const> own_tags) const
{
    auto const name = text_of(found, companies_.name_column());
    auto const product = text_at(object_at(found, "properties"), "subscription_type");
    // The tenant's name is gone with the tenant. The company has that name, or that name and the
    // tenant's id.
    auto plain = name;
    if (auto const suffix = fmt::format(" ({})", link.str().substr(0, 8)); plain.ends_with(suffix))
        plain.resize(plain.size() - suffix.size());
    auto notes = made_notes(own_tags.empty() ? std::string{} : own_tags.front(), plain);
    for (auto const& tag : own_tags) {
        for (auto const& tenant : {name, plain}) {
            if (text_of(found, "notes") == made_notes(tag, tenant))
                notes = made_notes(tag, tenant);
        }
    }
    return {{"name", name},
            {"client_type", "company"},
            {"notes", notes},
            {"properties", {{"tenant_id", link.str()}, {"subscription_type", product}}},
            {"is_inactive", false}};
}

std::vector<std::string> MadeRows::differences_of_contacts(json::array const& made,
                                                           json::array const& found)
{
    std::vector<std::string> touched;
    compare_all("contact", "contact_name_id", made, found, "contacts", touched);
    return touched;
}

void MadeRows::compare_all(std::string_view what, std::string_view key, json::array const& made,
                           json::array const& found, std::string const& table,
                           std::vector<std::string>& touched)
{
    for (auto const& row : made) {
        auto const id = text_of(row, key);
        auto const there = std::ranges::find_if(
            found, [&](json::value const& one) { return text_of(one, key) == id; });
        if (there == found.end())
            touched.push_back(fmt::format("{} {} is gone", what, id));
        else
            compare(fmt::format("{} {}", what, id), row, *there, table, touched);
    }
    if (found.size() > made.size())
        touched.push_back(fmt::format("it has another {}", what));
}

void MadeRows::compare(std::string const& what, json::value const& made, json::value const& found,
                       std::string const& table, std::vector<std::string>& touched)
{
    auto const& defaults = defaults_of(table);
    for (auto const& [column, value] : found.get_object()) {
        if (is_beside_the_point(column))
            continue;
        auto const name = std::string_view{column.data(), column.size()};
        auto const alias = companies_.in_image(name);
        auto const* expected = made.get_object().if_contains({alias.data(), alias.size()});
        if (!expected)
            expected = made.get_object().if_contains(column);
        if (!expected)
            expected = defaults.if_contains(column);
        if (!expected || *expected == value)
            continue;
        // The columns of a contact hold people's names, numbers and notes.
        if (table == "contacts" && !value.is_bool())
            touched.push_back(fmt::format("{}'s {} was changed", what, name));
        else
            touched.push_back(fmt::format("{}'s {} was {}, and is {}", what, name, shown(*expected),
                                          shown(value)));
    }
}

json::object const& MadeRows::defaults_of(std::string const& table)
{
    auto const known = defaults_.find(table);
    if (known != defaults_.end())
        return known->second;
    auto const defaults = parsed_json(row_defaults(tx_, companies_.profile().qualified(table)));
    return defaults_.emplace(table, defaults.get_object()).first->second;
}

}  // namespace tracking::models
