#include "models/reading/company_rows.hpp"

#include "models/rules/text.hpp"
#include "models/values/change.hpp"
#include "models/values/lists.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

namespace tracking::models {

namespace {

// What is usual is NULL, so that it takes no room. The job's ids are of version 5. One column tells
// all that is to be known of who made a contact, since each column costs the server time.
constexpr std::string_view kContactFacts = R"sql(COALESCE(p.email, '') AS email,
                        CASE WHEN p.is_inactive THEN true END AS inactive,
                        CASE WHEN substr(p.contact_name_id::text, 15, 1) = '5'
                             THEN {job_mark} || p.full_name
                             WHEN p.role = '{admin_role}' AND p.notes = '{admin_notes}'
                             THEN 'w'
                        END AS made_as)sql";

auto order_of(NotableContact const& contact)
{
    return std::tie(contact.email, contact.full_name, contact.maker, contact.inactive);
}

}  // namespace

std::string with_contact_facts(std::string sql, SchemaProfile const& profile)
{
    sql = pg::with(std::move(sql), "{contact_facts}", kContactFacts);
    sql = pg::with(std::move(sql), "{job_mark}",
                   profile.has(Piece::EmailType)
                       ? "CASE WHEN p.primary_email_canonical_type IS NULL THEN 'u' ELSE 'j' END"
                       : "'j'");
    sql = pg::with(std::move(sql), "{admin_role}", kAdminRole);
    return pg::with(std::move(sql), "{admin_notes}", kAdminNotes);
}

std::vector<std::string> all_of(SoughtTags const& tags)
{
    auto all = tags.customer;
    all.push_back(tags.canceled);
    return all;
}

void read_company(pg::Row const& row, Company& company)
{
    company.id = pg::id<CompanyId>(row[0]);
    company.name = pg::text(row[1]);
    company.link_text = pg::optional_text(row[2]);
    company.is_link_legible = pg::is_true(row[6]);
    company.link = company.link_text && company.is_link_legible
                       ? TenantId::parse(*company.link_text)
                       : std::nullopt;
    if (company.link_text && !company.link && !uuids_in(*company.link_text).empty())
        company.is_link_legible = false;
    company.inactive = pg::is_true(row[3]);
    auto word = pg::optional_text(row[4]);
    company.ignored = word.has_value();
    company.odd_word = word && *word != kIgnore ? std::move(*word) : std::string{};
    company.can_carry_link = pg::is_true(row[5]);
    company.prospect = pg::is_true(row[7]);
    company.canceled = false;
    company.has_untyped_contact = false;
    company.tags.clear();
    company.emails.clear();
    company.notable.clear();
}

void add_tag(Company& company, std::string_view tag, std::string_view canceled)
{
    if (tag == canceled)
        company.canceled = true;
    else
        company.tags.emplace_back(tag);
}

void add_contact(Company& company, pg::Row const& row, std::size_t first)
{
    using Maker = NotableContact::Maker;
    auto email = normalize_email(pg::text(row[first]));
    bool const inactive = pg::is_true(row[first + 1]);
    auto const made_as = pg::optional_text(row[first + 2]);
    if (inactive || made_as) {
        NotableContact contact{.email = email, .full_name = {}, .inactive = inactive};
        if (made_as)
            contact.maker = made_as->front() == 'w' ? Maker::Workflow : Maker::Job;
        if (contact.maker == Maker::Job)
            contact.full_name = made_as->substr(1);
        company.has_untyped_contact |= made_as && made_as->front() == 'u';
        company.notable.push_back(std::move(contact));
    }
    if (!inactive)
        company.emails.push_back(std::move(email));
}

void complete(Company& company)
{
    leave_one_of_each(company.tags);
    leave_one_of_each(company.emails);
    auto& notable = company.notable;
    leave_one_of_each(notable, order_of);
    std::erase_if(notable, [&](NotableContact const& contact) {
        return contact.inactive && std::ranges::binary_search(company.emails, contact.email);
    });
    auto const inactive = std::ranges::count(notable, true, &NotableContact::inactive);
    if (inactive == 0)
        return;
    for (auto const& contact : notable) {
        if (contact.inactive)
            company.emails.push_back(contact.email);
    }
    leave_one_of_each(company.emails);
}

}  // namespace tracking::models
