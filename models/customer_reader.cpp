#include "models/customer_reader.hpp"

#include "models/errors.hpp"
#include "models/pg.hpp"
#include "models/rules/contact_rules.hpp"
#include "models/rules/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace tracking::models {

namespace {

constexpr char const* kFindPinned = R"sql(
    SELECT t.tenant, t.{company_name}
      FROM tenants t
     WHERE t.tenant = $1::uuid
)sql";

constexpr char const* kFindNamed = R"sql(
    SELECT t.tenant, t.{company_name}
      FROM tenants t
     WHERE t.{company_name} = $1::text
     ORDER BY t.tenant
)sql";

constexpr char const* kFindTenants = R"sql(
    SELECT t.tenant, t.{company_name}
      FROM tenants t
     WHERE t.tenant = $1::uuid
        OR t.{company_name} = $2::text
     ORDER BY t.tenant
)sql";

// Each tenant has two roles named Admin; the one of the platform's own side counts.
constexpr char const* kSelectTenants = R"sql(
    SELECT t.tenant, t.{company_name}, t.email, {product}, {suspended},
           floor(extract(epoch FROM now() - t.created_at))::bigint,
           a.email, a.first_name, a.last_name
      FROM tenants t
      LEFT JOIN (SELECT DISTINCT ON (u.tenant)
                        u.tenant, u.email, u.first_name, u.last_name
                   FROM users u
                   JOIN user_roles ur
                     ON ur.tenant = u.tenant
                    AND ur.user_id = u.user_id
                   JOIN roles r
                     ON r.tenant = ur.tenant
                    AND r.role_id = ur.role_id
                  WHERE u.user_type = 'internal'
                    AND u.is_inactive IS NOT TRUE
                    AND r.role_name = 'Admin'
                    AND r.msp
                    AND NOT r.client
                  ORDER BY u.tenant, u.created_at NULLS LAST, u.user_id) a
        ON a.tenant = t.tenant
     WHERE t.tenant <> $1::uuid
     ORDER BY t.tenant
)sql";

// $1 is the management tenant, $2 the customer tags. A company has as many rows as its tags times
// its contacts, one after another, and at least one; CompanyFold puts them together, which costs
// the server less than arrays. Without the OFFSET the planner would write the expression for the
// link at each of its uses, and the server would look into the properties as often.
constexpr char const* kSelectCompanies = R"sql(
    SELECT c.id, c.name, c.link, c.inactive, c.ignored, c.can_carry_link,
           tagged.tag_text, people.email
      FROM (SELECT tenant, {company_id} AS id, {company_name} AS name,
                   CASE WHEN jsonb_typeof(properties -> 'tenant_id') = 'string'
                        THEN NULLIF(properties ->> 'tenant_id', '') END AS link,
                   COALESCE(is_inactive, false) AS inactive,
                   COALESCE(properties ->> 'reconcile' = 'ignore', false) AS ignored,
                   COALESCE(jsonb_typeof(properties) IN ('object', 'null'), true) AS can_carry_link
              FROM {companies}
             WHERE tenant = $1::uuid)sql";

constexpr char const* kWithNames = R"sql(
               AND {company_name} = ANY ($3::text[]))sql";

// A contact without e-mail counts as one with an empty address.
constexpr char const* kWithTagsAndContacts = R"sql(
            OFFSET 0) c
      LEFT JOIN (SELECT m.tenant, m.tagged_id, d.tag_text
                   FROM tag_mappings m
                   JOIN tag_definitions d
                     ON d.tenant = m.tenant
                    AND d.tag_id = m.tag_id
                  WHERE m.tenant = $1::uuid
                    AND m.tagged_type = '{tagged_type}'
                    AND d.tagged_type = '{tagged_type}'
                    AND d.tag_text = ANY ($2::text[])) tagged
        ON tagged.tenant = c.tenant
       AND tagged.tagged_id = c.id
      LEFT JOIN (SELECT p.tenant, p.{company_id} AS id, COALESCE(p.email, '') AS email
                   FROM contacts p
                  WHERE p.tenant = $1::uuid) people
        ON people.tenant = c.tenant
       AND people.id = c.id
)sql";

// In words: five groups of 8, 4, 4, 4 and 12 hexadecimal digits. One regular expression for it all
// takes the server ten times as long, and there is one of these for every customer.
constexpr char const* kThatAreCustomers = R"sql(
     WHERE c.link IS NOT NULL
        OR tagged.tagged_id IS NOT NULL
     ORDER BY CASE WHEN c.link LIKE '________-____-____-____-____________'
                    AND c.link NOT LIKE '%-%-%-%-%-%'
                    AND c.link !~ '[^0-9A-Fa-f-]'
                   THEN c.link::uuid END NULLS FIRST, c.id
)sql";

constexpr char const* kOneAfterAnother = R"sql(
     ORDER BY c.id
)sql";

constexpr char const* kSelectHolders = R"sql(
    SELECT h.email, h.company, c.{company_name}
      FROM (SELECT lower(btrim(p.email)) AS email, p.{company_id} AS company
              FROM contacts p
             WHERE p.tenant = $1::uuid
               AND lower(btrim(p.email)) = ANY ($2::text[])
            {or_additional_email}) h
      LEFT JOIN {companies} c
        ON c.tenant = $1::uuid
       AND c.{company_id} = h.company
)sql";

constexpr char const* kSelectExisting = R"sql(
    SELECT t.tenant
      FROM tenants t
     WHERE t.tenant = ANY ($1::uuid[])
     ORDER BY t.tenant
)sql";

void read_company(pqxx::row const& row, Company& company)
{
    company.id = pg::id<CompanyId>(row[0]);
    company.name = pg::text(row[1]);
    company.link_text = pg::optional_text(row[2]);
    company.link = company.link_text ? TenantId::parse(*company.link_text) : std::nullopt;
    company.inactive = pg::is_true(row[3]);
    company.ignored = pg::is_true(row[4]);
    company.can_carry_link = pg::is_true(row[5]);
    company.tags.clear();
    company.emails.clear();
}

void add_tag_and_contact(pqxx::row const& row, Company& company)
{
    if (!row[6].is_null())
        company.tags.emplace_back(pg::text(row[6]));
    if (!row[7].is_null())
        company.emails.push_back(normalize_email(pg::text(row[7])));
}

void forget_repetitions(std::vector<std::string>& texts)
{
    std::ranges::sort(texts);
    auto const again = std::ranges::unique(texts);
    texts.erase(again.begin(), again.end());
}

/// Makes companies of the rows that `next_row` brings: those of one company follow one another.
template <class NextRow>
class CompanyFold final : public CompanyStream
{
public:
    explicit CompanyFold(NextRow next_row) : next_row_{std::move(next_row)}, row_{next_row_()} {}

    bool next(Company& into) override
    {
        if (!row_)
            return false;
        read_company(*row_, into);
        do {
            add_tag_and_contact(*row_, into);
            row_ = next_row_();
        } while (row_ && pg::id<CompanyId>((*row_)[0]) == into.id);
        forget_repetitions(into.tags);
        forget_repetitions(into.emails);
        return true;
    }

private:
    NextRow next_row_;
    std::optional<pqxx::row> row_;
};

void read_tenant(pqxx::row const& row, Tenant& tenant)
{
    tenant.id = pg::id<TenantId>(row[0]);
    tenant.name = pg::text(row[1]);
    tenant.email = normalize_email(pg::text(row[2]));
    tenant.product = pg::text(row[3]);
    tenant.suspended = pg::is_true(row[4]);
    tenant.age = row[5].is_null() ? std::nullopt
                                  : std::optional{std::chrono::seconds{row[5].as<long long>()}};
    tenant.admin.reset();
    if (!row[6].is_null()) {
        auto email = normalize_email(pg::text(row[6]));
        auto name = admin_full_name(pg::optional_text(row[7]), pg::optional_text(row[8]), email);
        tenant.admin = Admin{.email = std::move(email), .full_name = std::move(name)};
    }
}

class TenantRows final : public TenantStream
{
public:
    explicit TenantRows(pg::Cursor cursor) : cursor_{std::move(cursor)} {}

    bool next(Tenant& into) override
    {
        auto const row = cursor_.next();
        if (row)
            read_tenant(*row, into);
        return row.has_value();
    }

private:
    pg::Cursor cursor_;
};

pg::Param texts(std::span<std::string const> values)
{
    return pg::array_of(values, std::identity{});
}

class Lookup final : public CompanyLookup
{
public:
    Lookup(Transaction& tx, SchemaProfile profile, TenantId management,
           std::span<std::string const> tags)
        : tx_{tx}, profile_{profile}, management_{management}, tags_{texts(tags)}
    {}

    std::vector<Company> named(std::span<std::string const> names) override
    {
        auto const sql = profile_.fill(std::string{kSelectCompanies} + kWithNames +
                                       kWithTagsAndContacts + kOneAfterAnother);
        auto const rows = pg::exec(tx_, sql, {management_, tags_, texts(names)});
        CompanyFold fold{[&rows, at = rows.begin()]() mutable {
            return at == rows.end() ? std::nullopt : std::optional<pqxx::row>{*at++};
        }};
        std::vector<Company> companies;
        for (Company one; fold.next(one);)
            companies.push_back(std::move(one));
        return companies;
    }

    std::vector<EmailHolder> holders_of(std::span<std::string const> emails) override
    {
        std::vector<EmailHolder> holders;
        for (auto const& row :
             pg::exec(tx_, profile_.fill(kSelectHolders), {management_, texts(emails)}))
            holders.push_back({.email = std::string{pg::text(row[0])},
                               .company = row[1].is_null()
                                              ? std::nullopt
                                              : std::optional{pg::id<CompanyId>(row[1])},
                               .company_name = std::string{pg::text(row[2])}});
        return holders;
    }

private:
    Transaction& tx_;
    SchemaProfile profile_;
    TenantId management_;
    pg::Param tags_;
};

}  // namespace

ManagementTenant find_management_tenant(Transaction& tx, SchemaProfile profile,
                                        std::optional<TenantId> pinned, std::string_view name)
{
    auto const rows = pinned ? pg::exec(tx, profile.fill(kFindPinned), {*pinned})
                             : pg::exec(tx, profile.fill(kFindNamed), {name});
    if (rows.size() == 1)
        return {pg::id<TenantId>(rows[0][0]), std::string{pg::text(rows[0][1])}};
    if (pinned)
        throw ManagementTenantUnknown{
            fmt::format("no tenant has the id {}: set management.tenant-id to the vendor's own",
                        pinned->str())};
    if (rows.empty())
        throw ManagementTenantUnknown{
            fmt::format("no tenant is named \"{}\": set management.tenant-name, or better pin "
                        "management.tenant-id",
                        printable(name))};
    throw ManagementTenantUnknown{
        fmt::format("{} tenants are named \"{}\" (the first is {}): pin management.tenant-id",
                    rows.size(), printable(name), pg::text(rows[0][0]))};
}

std::vector<NamedTenant> find_tenants(Transaction& tx, SchemaProfile profile,
                                      std::string_view id_or_name)
{
    auto const id = TenantId::parse(id_or_name).value_or(TenantId{});
    std::vector<NamedTenant> tenants;
    for (auto const& row : pg::exec(tx, profile.fill(kFindTenants), {id, id_or_name}))
        tenants.push_back({pg::id<TenantId>(row[0]), std::string{pg::text(row[1])}});
    return tenants;
}

std::unique_ptr<TenantStream> read_tenants(Transaction& tx, SchemaProfile profile,
                                           TenantId management)
{
    return std::make_unique<TenantRows>(
        pg::Cursor{tx, "tenants_in_order", profile.fill(kSelectTenants), {management}});
}

std::unique_ptr<CompanyStream> read_customers(Transaction& tx, SchemaProfile profile,
                                              TenantId management,
                                              std::span<std::string const> tags)
{
    // After a backfill the statistics still say that the owner has next to nothing, and a nested
    // loop over what it has by now would take for ever. What is read here is read whole.
    pg::exec(tx, "SET LOCAL enable_nestloop = off");
    auto const sql =
        profile.fill(std::string{kSelectCompanies} + kWithTagsAndContacts + kThatAreCustomers);
    auto next_row =
        [cursor = pg::Cursor{tx, "customers_in_order", sql, {management, texts(tags)}}]() mutable {
            return cursor.next();
        };
    return std::make_unique<CompanyFold<decltype(next_row)>>(std::move(next_row));
}

std::unique_ptr<CompanyLookup> company_lookup(Transaction& tx, SchemaProfile profile,
                                              TenantId management,
                                              std::span<std::string const> tags)
{
    return std::make_unique<Lookup>(tx, profile, management, tags);
}

std::vector<TenantId> existing_tenants(Transaction& tx, std::span<TenantId const> tenants)
{
    return pg::first_column<TenantId>(pg::exec(tx, kSelectExisting, {pg::ids_of(tenants)}));
}

std::chrono::sys_seconds server_time(Transaction& tx)
{
    auto const now = pg::exec(tx, "SELECT floor(extract(epoch FROM now()))::bigint");
    return std::chrono::sys_seconds{std::chrono::seconds{now[0][0].as<long long>()}};
}

}  // namespace tracking::models
