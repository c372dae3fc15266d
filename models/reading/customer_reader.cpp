#include "models/reading/customer_reader.hpp"

#include "models/pg/pg_stream.hpp"
#include "models/reading/company_rows.hpp"

#include <utility>

namespace tracking::models {

namespace {

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

}  // namespace

std::unique_ptr<CompanyStream> read_customers(Transaction& tx, SchemaProfile const& profile,
                                              TenantId management, SoughtTags const& tags,
                                              Fetching fetching)
{
    auto const sql =
        pg::with(with_contact_facts(std::string{kSelectCustomers} + kThatAreCustomers + kSortByLink,
                                    profile),
                 "{select_companies}", kSelectCompanies);
    return std::make_unique<CompanyFold>(
        pg::stream(tx, "customers_in_order", profile.fill(sql),
                   {management, pg::array_literal(all_of(tags)), tags.canceled}, fetching),
        tags.canceled);
}

}  // namespace tracking::models
