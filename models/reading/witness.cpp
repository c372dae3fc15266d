#include "models/reading/witness.hpp"

#include "models/pg/pg.hpp"
#include "models/reading/case_rules.hpp"
#include "models/rules/text.hpp"

#include <fmt/format.h>

#include <unordered_map>

namespace tracking::models {

namespace {

// Tags and contacts are gathered for all companies at once: no index finds a company's contacts.
constexpr char const* kCompanies = R"sql(
    SELECT c.{company_id},
           jsonb_build_object(
               'name', c.{company_name},
               'properties', c.properties,
               'is_inactive', COALESCE(c.is_inactive, false),
               'tags', tags.texts,
               'contacts', people.images)
      FROM {companies} c
      LEFT JOIN (SELECT m.tenant, m.tagged_id, jsonb_agg(d.tag_text ORDER BY d.tag_text) AS texts
                   FROM {tag_mappings} m
                   JOIN {tag_definitions} d
                     ON d.tenant = m.tenant
                    AND d.tag_id = m.tag_id
                  WHERE m.tenant = $1::uuid
                    AND m.tagged_id = ANY ($2::uuid[])
                    AND m.tagged_type = '{tagged_type}'
                  GROUP BY m.tenant, m.tagged_id) tags
        ON tags.tenant = c.tenant
       AND tags.tagged_id = c.{company_id}
      LEFT JOIN (SELECT p.tenant, p.{company_id},
                        jsonb_agg(jsonb_build_object(
                                      'id', p.contact_name_id,
                                      'email', p.email,
                                      'is_inactive', COALESCE(p.is_inactive, false))
                                  ORDER BY p.contact_name_id) AS images
                   FROM {contacts} p
                  WHERE p.tenant = $1::uuid
                    AND p.{company_id} = ANY ($2::uuid[])
                  GROUP BY p.tenant, p.{company_id}) people
        ON people.tenant = c.tenant
       AND people.{company_id} = c.{company_id}
     WHERE c.tenant = $1::uuid
       AND c.{company_id} = ANY ($2::uuid[])
)sql";

constexpr char const* kNames = R"sql(
    SELECT c.{company_name}, min(c.{company_id}::text)
      FROM {companies} c
     WHERE c.tenant = $1::uuid
       AND c.{company_name} = ANY ($2::text[])
     GROUP BY c.{company_name}
)sql";

constexpr char const* kContacts = R"sql(
    SELECT p.contact_name_id::text, p.email
      FROM {contacts} p
     WHERE p.tenant = $1::uuid
       AND (p.contact_name_id = ANY ($2::uuid[]) OR {is_sought})
     ORDER BY p.contact_name_id
)sql";

/// The rows that a change is about to make.
struct Wanted
{
    std::string const* name = nullptr;
    std::vector<PlannedContact const*> contacts{};
};

struct WantedBy
{
    Wanted operator()(CreateCustomer const& change) const
    {
        return {&change.name, contacts_of(change)};
    }
    Wanted operator()(RepairContact const& change) const { return {nullptr, contacts_of(change)}; }
    Wanted operator()(RenameCompany const& change) const { return {&change.to}; }
    // These make no row: the images of their companies say all that they depend on.
    Wanted operator()(LinkCompany const&) const { return {}; }
    Wanted operator()(IgnoreCompany const&) const { return {}; }
    Wanted operator()(AdoptCompany const&) const { return {}; }
    Wanted operator()(ChangeContacts const&) const { return {}; }
    Wanted operator()(RepairTag const&) const { return {}; }
    Wanted operator()(RetireContacts const&) const { return {}; }
    Wanted operator()(Reactivate const&) const { return {}; }
    Wanted operator()(CleanUp const&) const { return {}; }
    Wanted operator()(Untag const&) const { return {}; }
    Wanted operator()(DeleteCustomer const&) const { return {}; }
    Wanted operator()(Restore const&) const { return {}; }
};

Wanted wanted_by(Change const& change)
{
    return std::visit([](auto const& one) { return WantedBy{}(unboxed(one)); }, change);
}

using Texts = std::unordered_map<std::string, std::string>;

std::string quoted_or_null(Texts const& texts, std::string const& key)
{
    auto const found = texts.find(key);
    return found == texts.end() ? "null" : fmt::format("\"{}\"", found->second);
}

Texts pairs(pg::Rows const& rows, int key, int value)
{
    Texts texts;
    for (auto const& row : rows)
        texts.emplace(pg::text(row[key]), pg::text(row[value]));
    return texts;
}

}  // namespace

std::vector<std::string> witnesses_of(Transaction& tx, SchemaProfile const& profile, TenantId owner,
                                      std::span<Change const> changes)
{
    pg::Array companies{pg::ElementType::Uuid};
    pg::Array names{pg::ElementType::Text};
    pg::Array contacts{pg::ElementType::Uuid};
    std::vector<std::string> emails;
    for (auto const& change : changes) {
        companies.add(company_of(change));
        auto const wanted = wanted_by(change);
        if (wanted.name)
            names.add(*wanted.name);
        for (auto const* const contact : wanted.contacts) {
            contacts.add(contact->id);
            emails.push_back(contact->email);
        }
    }
    auto const rows = pg::ask(tx, profile.fill(kCompanies), {owner, companies});
    auto const named = pg::ask(tx, profile.fill(kNames), {owner, names});
    auto const people = pg::ask(tx, profile.fill(with_sought(kContacts, "p.email", "$3", emails)),
                                {owner, contacts, pg::array_of(emails)});
    auto const images = pairs(rows.rows(), 0, 1);
    auto const names_held = pairs(named.rows(), 0, 1);
    auto const ids_held = pairs(people.rows(), 0, 0);
    Texts emails_held;
    for (auto const& row : people.rows())
        emails_held.emplace(normalize_email(pg::text(row[1])), pg::text(row[0]));

    std::vector<std::string> witnesses;
    for (auto const& change : changes) {
        auto const image = images.find(company_of(change).str());
        auto witness =
            fmt::format(R"({{"company": {})", image == images.end() ? "null" : image->second);
        auto const wanted = wanted_by(change);
        if (wanted.name)
            witness += fmt::format(R"(, "name_of": {})", quoted_or_null(names_held, *wanted.name));
        for (auto const* const contact : wanted.contacts)
            witness += fmt::format(R"(, "contact": {}, "email_of": {})",
                                   quoted_or_null(ids_held, contact->id.str()),
                                   quoted_or_null(emails_held, contact->email));
        witnesses.push_back(witness + "}");
    }
    return witnesses;
}

}  // namespace tracking::models
