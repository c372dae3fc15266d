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

// Each tenant has two roles named Admin; the one of the platform's own side counts. All is joined
// first, so that it is sorted once. date_part, as extract() computes with numeric, which shows.
constexpr char const* kSelectTenants = R"sql(
    SELECT DISTINCT ON (t.tenant)
           t.tenant, t.{company_name}, t.email, {product}, {suspended},
           floor(date_part('epoch', now() - t.created_at))::bigint,
           a.email, a.first_name, a.last_name
      FROM tenants t
      LEFT JOIN (SELECT u.tenant, u.user_id, u.email, u.first_name, u.last_name, u.created_at
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
                    AND NOT r.client{and_admin_is_selected}) a
        ON a.tenant = t.tenant
     WHERE t.tenant <> $1::uuid{and_tenant_is_selected}
     ORDER BY t.tenant, a.created_at NULLS LAST, a.user_id
)sql";

// Of each table, since the planner does not carry a list over from one to the others.
constexpr char const* kAndAdminIsSelected = R"sql(
                    AND u.tenant = ANY ($2::uuid[])
                    AND ur.tenant = ANY ($2::uuid[])
                    AND r.tenant = ANY ($2::uuid[]))sql";

constexpr char const* kAndTenantIsSelected = R"sql(
       AND t.tenant = ANY ($2::uuid[]))sql";

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

// $3 companies, $4 tenants. Just this expression, so that the index which `doctor` recommends
// serves.
constexpr char const* kThatAreSelected = R"sql(
               AND ({company_id} = ANY ($3::uuid[])
                    OR properties ->> 'tenant_id' = ANY ($4::text[])))sql";

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

/// The rows of a whole result, one after another.
class Rows
{
public:
    explicit Rows(pqxx::result rows) : rows_{std::move(rows)} {}

    std::optional<pqxx::row> next()
    {
        return at_ == rows_.size() ? std::nullopt : std::optional<pqxx::row>{rows_[at_++]};
    }

    std::chrono::nanoseconds waited() const { return {}; }

private:
    pqxx::result rows_;
    pqxx::result::size_type at_ = 0;
};

/// Makes companies of rows: those of one company follow one another.
template <class Source>
class CompanyFold final : public CompanyStream
{
public:
    explicit CompanyFold(Source source) : source_{std::move(source)} {}

    bool next(Company& into) override
    {
        if (!is_started_)
            row_ = source_.next();
        is_started_ = true;
        if (!row_)
            return false;
        read_company(*row_, into);
        do {
            add_tag_and_contact(*row_, into);
            row_ = source_.next();
        } while (row_ && pg::id<CompanyId>((*row_)[0]) == into.id);
        forget_repetitions(into.tags);
        forget_repetitions(into.emails);
        return true;
    }

    std::chrono::nanoseconds waited() const override { return source_.waited(); }

private:
    Source source_;
    std::optional<pqxx::row> row_;
    bool is_started_ = false;  // not before it is asked: another stream may be started first
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

    std::chrono::nanoseconds waited() const override { return cursor_.waited(); }

private:
    pg::Cursor cursor_;
};

std::string select_tenants(SchemaProfile const& profile, std::string_view and_admin,
                           std::string_view and_tenant)
{
    std::string sql = kSelectTenants;
    auto const put = [&](std::string_view name, std::string_view value) {
        sql.replace(sql.find(name), name.size(), value);
    };
    put("{and_admin_is_selected}", and_admin);
    put("{and_tenant_is_selected}", and_tenant);
    return profile.fill(sql);
}

/// After a backfill the statistics still say that the owner has next to nothing, and a nested loop
/// over what it has by now would take for ever. What is read here is read whole.
void keep_from_nested_loops(Transaction& tx)
{
    pg::exec(tx, "SET LOCAL enable_nestloop = off");
}

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
        CompanyFold fold{Rows{pg::exec(tx_, sql, {management_, tags_, texts(names)})}};
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
                                           TenantId management, Fetching fetching)
{
    return std::make_unique<TenantRows>(pg::Cursor{
        tx, "tenants_in_order", select_tenants(profile, "", ""), {management}, fetching});
}

std::unique_ptr<TenantStream> read_tenants_of(Transaction& tx, SchemaProfile profile,
                                              TenantId management, Selection const& selection)
{
    return std::make_unique<TenantRows>(
        pg::Cursor{tx,
                   "tenants_in_order",
                   select_tenants(profile, kAndAdminIsSelected, kAndTenantIsSelected),
                   {management, pg::ids_of(selection.tenants)},
                   Fetching::OnDemand});
}

std::unique_ptr<CompanyStream> read_customers(Transaction& tx, SchemaProfile profile,
                                              TenantId management,
                                              std::span<std::string const> tags, Fetching fetching)
{
    keep_from_nested_loops(tx);
    auto const sql =
        profile.fill(std::string{kSelectCompanies} + kWithTagsAndContacts + kThatAreCustomers);
    return std::make_unique<CompanyFold<pg::Cursor>>(
        pg::Cursor{tx, "customers_in_order", sql, {management, texts(tags)}, fetching});
}

std::unique_ptr<CompanyStream> read_customers_of(Transaction& tx, SchemaProfile profile,
                                                 TenantId management,
                                                 std::span<std::string const> tags,
                                                 Selection const& selection)
{
    keep_from_nested_loops(tx);
    auto const sql = profile.fill(std::string{kSelectCompanies} + kThatAreSelected +
                                  kWithTagsAndContacts + kThatAreCustomers);
    return std::make_unique<CompanyFold<pg::Cursor>>(pg::Cursor{
        tx,
        "customers_in_order",
        sql,
        {management, texts(tags), pg::ids_of(selection.companies), pg::ids_of(selection.tenants)},
        Fetching::OnDemand});
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

}  // namespace tracking::models
