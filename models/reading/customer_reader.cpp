#include "models/reading/customer_reader.hpp"

#include "models/pg/pg_stream.hpp"
#include "models/rules/text.hpp"
#include "models/values/change.hpp"
#include "models/values/lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace tracking::models {

namespace {

constexpr char const* kSelectCompanies = R"sql(
    SELECT {company_id} AS id, {company_name} AS name,
           NULLIF(properties ->> 'tenant_id', '') AS link,
           COALESCE(is_inactive, false) AS inactive,
           NULLIF(properties ->> 'reconcile', '') AS reconcile,
           COALESCE(jsonb_typeof(properties) IN ('object', 'null'), true) AS can_carry_link,
           COALESCE(jsonb_typeof(properties -> 'tenant_id') IN ('string', 'null'), true)
               AS link_is_text,
           {prospect} AS prospect, tenant
      FROM {companies}
     WHERE tenant = $1::uuid)sql";

// $1 is the management tenant, $2 the tags of customers and of canceled ones, $3 the latter alone.
// A company has one row for each pair of a tag and a contact, and at least one; its rows follow one
// another. CompanyFold puts them together, which costs the server less than arrays. The OFFSET
// keeps the planner from repeating the expression for the link at each use, where the server would
// read the properties each time. A contact without e-mail counts as one with an empty address.
constexpr char const* kSelectCustomers = R"sql(
    SELECT c.id, c.name, c.link, c.inactive, c.reconcile, c.can_carry_link, c.link_is_text, c.prospect,
           tagged.tag_text, people.email, people.inactive, people.made_as
      FROM ({select_companies}
            OFFSET 0) c
      LEFT JOIN (SELECT m.tenant, m.tagged_id, d.tag_text
                   FROM {tag_mappings} m
                   JOIN {tag_definitions} d
                     ON d.tenant = m.tenant
                    AND d.tag_id = m.tag_id
                  WHERE m.tenant = $1::uuid
                    AND m.tagged_type = '{tagged_type}'
                    AND d.tagged_type = '{tagged_type}'
                    AND d.tag_text = ANY ($2::text[])) tagged
        ON tagged.tenant = c.tenant
       AND tagged.tagged_id = c.id
      LEFT JOIN (SELECT p.tenant, p.{company_id} AS id, {contact_facts}
                   FROM {contacts} p
                  WHERE p.tenant = $1::uuid) people
        ON people.tenant = c.tenant
       AND people.id = c.id
)sql";

// What is usual is NULL, so that it takes no room. The job's ids are of version 5. One column tells
// all that is to be known of who made a contact, since each column costs the server time.
constexpr std::string_view kContactFacts = R"sql(COALESCE(p.email, '') AS email,
                        CASE WHEN p.is_inactive THEN true END AS inactive,
                        CASE WHEN substr(p.contact_name_id::text, 15, 1) = '5'
                             THEN {job_mark} || p.full_name
                             WHEN p.role = '{admin_role}' AND p.notes = '{admin_notes}'
                             THEN 'w'
                        END AS made_as)sql";

constexpr char const* kThatAreCustomers = R"sql(
     WHERE c.link IS NOT NULL
        OR tagged.tag_text <> $3::text
)sql";

// The usual spelling comes first, in words: five groups of 8, 4, 4, 4 and 12 hexadecimal digits.
// One regular expression for all spellings takes the server ten times as long, and every customer
// needs it. Then come the other spellings that parse_uuid() knows; most names are too short for
// them. The E makes the literal mean the same on all servers, whether or not a backslash is an
// escape in plain literals. A dollar sign would be taken for a parameter.
constexpr char const* kSortByLink = R"sql(
     ORDER BY CASE WHEN NOT c.link_is_text
                   THEN NULL
                   WHEN c.link LIKE '________-____-____-____-____________'
                    AND c.link NOT LIKE '%-%-%-%-%-%'
                    AND c.link !~ '[^0-9A-Fa-f-]'
                   THEN c.link::uuid
                   WHEN length(c.link) >= 32
                    AND c.link ~ E'^[ \t\n\x0b\f\r]*([Uu][Rr][Nn]:[Uu][Uu][Ii][Dd]:)?[{]?([0-9A-Fa-f]{8}-?([0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12})[}]?[ \t\n\x0b\f\r]*\\Z'
                    AND (c.link LIKE '%{%') = (c.link LIKE '%}%')
                   THEN right(translate(c.link, E' \t\n\x0b\f\r{}-', ''), 32)::uuid
              END NULLS FIRST, c.id
)sql";

constexpr char const* kWithNames = R"sql(
       AND {company_name} = ANY ($2::text[])
)sql";

constexpr char const* kWithIds = R"sql(
       AND {company_id} = ANY ($2::uuid[])
)sql";

// Exactly this expression, so that the index that `doctor` recommends can serve.
constexpr char const* kWithLinks = R"sql(
       AND properties ->> 'tenant_id' = ANY ($2::text[])
)sql";

// Which names look alike is decided here: the server knows neither Unicode's case folding nor,
// unless its encoding is UTF8, its normal forms.
constexpr char const* kSelectUnlinked = R"sql(
    SELECT {company_id}, {company_name}
      FROM {companies}
     WHERE tenant = $1::uuid
       AND NULLIF(properties ->> 'tenant_id', '') IS NULL
)sql";

constexpr char const* kSelectTagsOf = R"sql(
    SELECT m.tagged_id, d.tag_text
      FROM {tag_mappings} m
      JOIN {tag_definitions} d
        ON d.tenant = m.tenant
       AND d.tag_id = m.tag_id
     WHERE m.tenant = $1::uuid
       AND m.tagged_type = '{tagged_type}'
       AND m.tagged_id = ANY ($2::uuid[])
       AND d.tagged_type = '{tagged_type}'
       AND d.tag_text = ANY ($3::text[])
)sql";

constexpr char const* kSelectEmailsOf = R"sql(
    SELECT p.{company_id}, {contact_facts}
      FROM {contacts} p
     WHERE p.tenant = $1::uuid
       AND p.{company_id} = ANY ($2::uuid[])
)sql";

constexpr char const* kSelectHolders = R"sql(
    SELECT lower(btrim(p.email)), p.{company_id}, p.contact_name_id, COALESCE(p.is_inactive, false)
      FROM {contacts} p
     WHERE p.tenant = $1::uuid
       AND lower(btrim(p.email)) = ANY ($2::text[])
    {or_additional_email}
)sql";

constexpr char const* kSelectNames = R"sql(
    SELECT {company_id}, {company_name}
      FROM {companies}
     WHERE tenant = $1::uuid
       AND {company_id} = ANY ($2::uuid[])
)sql";

void put(std::string& sql, std::string_view place, std::string_view text)
{
    sql.replace(sql.find(place), place.size(), text);
}

std::string with_contact_facts(std::string sql, SchemaProfile const& profile)
{
    put(sql, "{contact_facts}", kContactFacts);
    put(sql, "{job_mark}",
        profile.has(Piece::EmailType)
            ? "CASE WHEN p.primary_email_canonical_type IS NULL THEN 'u' ELSE 'j' END"
            : "'j'");
    put(sql, "{admin_role}", kAdminRole);
    put(sql, "{admin_notes}", kAdminNotes);
    return sql;
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

/// Adds a contact from a row whose column `first` begins kContactFacts.
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

auto order_of(NotableContact const& contact)
{
    return std::tie(contact.email, contact.full_name, contact.maker, contact.inactive);
}

/// Ends the reading of a company. A company has a row for each pair of a tag and a contact, so each
/// came several times. All its contacts' addresses count, whether or not they are active.
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

/// Makes companies of rows. The rows of one company follow one another.
class CompanyFold final : public CompanyStream
{
public:
    CompanyFold(std::unique_ptr<pg::RowStream> rows, std::string canceled)
        : rows_{std::move(rows)}, canceled_{std::move(canceled)}
    {}

    bool next(Company& into) override
    {
        if (!is_started_)
            row_ = rows_->next();
        is_started_ = true;
        if (!row_)
            return false;
        read_company(*row_, into);
        do {
            add_tag_and_contact(*row_, into);
            row_ = rows_->next();
        } while (row_ && pg::id<CompanyId>((*row_)[0]) == into.id);
        complete(into);
        return true;
    }

    std::chrono::nanoseconds waited() const override { return rows_->waited(); }

private:
    void add_tag_and_contact(pg::Row const& row, Company& company) const
    {
        if (!row[8].is_null())
            add_tag(company, pg::text(row[8]), canceled_);
        if (!row[9].is_null())
            add_contact(company, row, 9);
    }

    std::unique_ptr<pg::RowStream> rows_;
    std::string canceled_;
    pg::Row const* row_ = nullptr;
    bool is_started_ = false;  // by the first next(): another stream may be started before
};

/// A few companies, all in memory.
class SomeCompanies final : public CompanyStream
{
public:
    explicit SomeCompanies(std::vector<Company> companies) : companies_{std::move(companies)} {}

    bool next(Company& into) override
    {
        if (at_ == companies_.size())
            return false;
        into = std::move(companies_[at_++]);
        return true;
    }

private:
    std::vector<Company> companies_;
    std::size_t at_ = 0;
};

/// Reads a few companies: first the companies, then what belongs to them. So no plan of the planner
/// reads more than one whole table.
class Lookup final : public CompanyLookup
{
public:
    Lookup(Transaction& tx, SchemaProfile const& profile, TenantId management,
           SoughtTags const& tags)
        : tx_{tx},
          profile_{profile},
          management_{management},
          tags_{pg::array_of(all_of(tags))},
          canceled_{tags.canceled}
    {}

    std::vector<Company> named(std::span<std::string const> names) override
    {
        return read(kWithNames, {management_, pg::array_of(names)});
    }

    std::vector<Company> customers_of(std::span<CompanyId const> companies,
                                      std::span<TenantId const> tenants)
    {
        pg::Array ids{pg::ElementType::Uuid};
        for (auto const& company : companies)
            ids.add(company);
        for (auto const& tenant : tenants)
            ids.add(made_company_id(management_, tenant));
        auto some = read(kWithIds, {management_, ids});
        std::unordered_set<TenantId> others{tenants.begin(), tenants.end()};
        // A company that is another tenant's by now is in order, or the next full reading sees to
        // it.
        std::erase_if(some,
                      [&](Company const& one) { return one.link && !others.contains(*one.link); });
        for (auto const& one : some) {
            if (one.link)
                others.erase(*one.link);
        }
        if (!others.empty())
            std::ranges::move(read(kWithLinks, {management_, pg::texts_of(others)}),
                              std::back_inserter(some));
        std::erase_if(some, [](Company const& one) { return !one.link_text && one.tags.empty(); });
        std::ranges::sort(some, {}, [](auto const& one) { return std::tuple{one.link, one.id}; });
        return some;
    }

    std::vector<Company> with_ids(std::span<CompanyId const> ids) override
    {
        return read(kWithIds, {management_, pg::array_of(ids)});
    }

    std::vector<Company> unlinked(std::function<bool(std::string_view)> const& is_wanted) override
    {
        pg::Array ids{pg::ElementType::Uuid};
        bool is_empty = true;
        auto rows = pg::stream(tx_, "companies_without_link", profile_.fill(kSelectUnlinked),
                               {management_}, Fetching::InOne);
        while (auto const* row = rows->next()) {
            if (!is_wanted(pg::text((*row)[1])))
                continue;
            ids.add(pg::id<CompanyId>((*row)[0]));
            is_empty = false;
        }
        rows.reset();
        return is_empty ? std::vector<Company>{} : read(kWithIds, {management_, ids});
    }

    std::vector<EmailHolder> holders_of(std::span<std::string const> emails) override
    {
        plan_for_few_rows();
        std::vector<EmailHolder> holders;
        for (auto const& row :
             pg::exec(tx_, profile_.fill(kSelectHolders), {management_, pg::array_of(emails)}))
            holders.push_back(
                {.email = std::string{pg::text(row[0])},
                 .company =
                     row[1].is_null() ? std::nullopt : std::optional{pg::id<CompanyId>(row[1])},
                 .company_name = {},
                 .contact =
                     row[2].is_null() ? std::nullopt : std::optional{pg::id<ContactId>(row[2])},
                 .inactive = pg::is_true(row[3])});
        for (auto& holder : holders) {
            if (holder.inactive && holder.contact)
                holder.makes_way = fmt::format(
                    "UPDATE {} SET email = email || '.former' WHERE tenant = '{}' AND "
                    "contact_name_id = '{}'",
                    profile_.qualified("contacts"), management_.str(), holder.contact->str());
        }
        if (!holders.empty())
            add_names(holders);
        return holders;
    }

private:
    /// The transaction may have read streams before: see Plans. The planner takes a list to match
    /// half of a table. Then it would avoid workers, unless sending that many rows costs little.
    void plan_for_few_rows()
    {
        if (!std::exchange(plans_for_few_rows_, true))
            pg::exec(tx_,
                     "SET LOCAL enable_nestloop = on; "
                     "SET LOCAL max_parallel_workers_per_gather = DEFAULT; "
                     "SET LOCAL parallel_tuple_cost = 0.001");
    }

    std::vector<Company> read(std::string const& condition, std::vector<pg::Param> const& params)
    {
        plan_for_few_rows();
        std::vector<Company> companies;
        for (auto const& row : pg::exec(tx_, profile_.fill(kSelectCompanies + condition), params))
            read_company(pg::Row(row.begin(), row.end()), companies.emplace_back());
        if (!companies.empty())
            add_tags_and_contacts(companies);
        return companies;
    }

    void add_tags_and_contacts(std::vector<Company>& companies)
    {
        std::unordered_map<CompanyId, Company*> by_id;
        for (auto& company : companies)
            by_id.emplace(company.id, &company);
        auto const ids = pg::array_of(companies, [](Company const& company) { return company.id; });
        for (auto const& row :
             pg::exec(tx_, profile_.fill(kSelectTagsOf), {management_, ids, tags_}))
            add_tag(*by_id.at(pg::id<CompanyId>(row[0])), pg::text(row[1]), canceled_);
        for (auto const& row :
             pg::exec(tx_, profile_.fill(with_contact_facts(kSelectEmailsOf, profile_)),
                      {management_, ids}))
            add_contact(*by_id.at(pg::id<CompanyId>(row[0])), pg::Row(row.begin(), row.end()), 1);
        for (auto& company : companies)
            complete(company);
    }

    void add_names(std::vector<EmailHolder>& holders)
    {
        pg::Array ids{pg::ElementType::Uuid};
        for (auto const& holder : holders) {
            if (holder.company)
                ids.add(*holder.company);
        }
        std::unordered_map<CompanyId, std::string> names;
        for (auto const& row : pg::exec(tx_, profile_.fill(kSelectNames), {management_, ids}))
            names.emplace(pg::id<CompanyId>(row[0]), pg::text(row[1]));
        for (auto& holder : holders) {
            if (holder.company)
                holder.company_name = names[*holder.company];
        }
    }

    Transaction& tx_;
    SchemaProfile profile_;
    TenantId management_;
    pg::Param tags_;
    std::string canceled_;
    bool plans_for_few_rows_ = false;
};

}  // namespace

std::unique_ptr<CompanyStream> read_customers(Transaction& tx, SchemaProfile const& profile,
                                              TenantId management, SoughtTags const& tags,
                                              Fetching fetching)
{
    auto sql = with_contact_facts(std::string{kSelectCustomers} + kThatAreCustomers + kSortByLink,
                                  profile);
    put(sql, "{select_companies}", kSelectCompanies);
    return std::make_unique<CompanyFold>(
        pg::stream(tx, "customers_in_order", profile.fill(sql),
                   {management, pg::array_literal(all_of(tags)), tags.canceled}, fetching),
        tags.canceled);
}

std::unique_ptr<CompanyStream> read_customers_of(Transaction& tx, SchemaProfile const& profile,
                                                 TenantId management, SoughtTags const& tags,
                                                 std::span<CompanyId const> companies,
                                                 std::span<TenantId const> tenants)
{
    return std::make_unique<SomeCompanies>(
        Lookup{tx, profile, management, tags}.customers_of(companies, tenants));
}

std::unique_ptr<CompanyLookup> company_lookup(Transaction& tx, SchemaProfile const& profile,
                                              TenantId management, SoughtTags const& tags)
{
    return std::make_unique<Lookup>(tx, profile, management, tags);
}

}  // namespace tracking::models
