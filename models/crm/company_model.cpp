#include "models/crm/company_model.hpp"

#include "models/pg/pg.hpp"
#include "models/rules/rule_violation.hpp"
#include "models/rules/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <unordered_set>

namespace tracking::models {

namespace {

// A conflict without a target: the id, or the name, may be taken; both mean that it is there. With
// Inserting::OrFailing it is an error instead.
constexpr char const* kInsertCompanies = R"sql(
    INSERT INTO {companies} (tenant, {company_id}, {company_name}, url, client_type, billing_email,
                             notes, properties)
    SELECT $1::uuid, want.id, want.name, want.url, want.client_type, want.billing_email, want.notes,
           CASE WHEN want.url IS NULL THEN want.properties
                ELSE want.properties || pg_catalog.jsonb_build_object('website', want.url) END
      FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                  $8::jsonb[])
           AS want (id, name, url, client_type, billing_email, notes, properties)
        {around_conflicts}
    RETURNING {company_id}
)sql";

// Every client has exactly one default profile; a deferred trigger checks it at COMMIT.
constexpr char const* kInsertBillingProfiles = R"sql(
    INSERT INTO {client_billing_profiles} (tenant, billing_profile_id, client_id, name, is_default,
                                         is_system_managed_default)
    SELECT $1::uuid, want.profile_id, want.client_id, want.name, true, true
      FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS want (profile_id, client_id, name)
)sql";

constexpr char const* kFirstMissingTable = R"sql(
    SELECT want.name
      FROM pg_catalog.unnest($1::text[]) WITH ORDINALITY AS want (name, place)
     WHERE to_regclass(want.name) IS NULL
     ORDER BY want.place
     LIMIT 1
)sql";

constexpr char const* kOldestTaxRate = R"sql(
    SELECT tax_rate_id
      FROM {tax_rates}
     WHERE tenant = $1::uuid
       AND is_active
     ORDER BY created_at NULLS LAST, tax_rate_id
     LIMIT 1
)sql";

constexpr char const* kInsertTaxSettings = R"sql(
    INSERT INTO {company_tax_settings} (tenant, {company_id}, is_reverse_charge_applicable)
    SELECT $1::uuid, want.id, false
      FROM pg_catalog.unnest($2::uuid[]) AS want (id)
        ON CONFLICT DO NOTHING
)sql";

constexpr char const* kInsertTaxSettingsOfProfiles = R"sql(
    INSERT INTO {company_tax_settings} (tenant, client_id, billing_profile_id,
                                     is_reverse_charge_applicable)
    SELECT p.tenant, p.client_id, p.billing_profile_id, false
      FROM {client_billing_profiles} p
     WHERE p.tenant = $1::uuid
       AND p.client_id = ANY ($2::uuid[])
       AND p.is_default
        ON CONFLICT DO NOTHING
)sql";

constexpr char const* kInsertTaxRates = R"sql(
    INSERT INTO {company_tax_rates} (tenant, {company_id}, tax_rate_id, is_default)
    SELECT $1::uuid, want.id, $3::uuid, true
      FROM pg_catalog.unnest($2::uuid[]) AS want (id)
     WHERE NOT EXISTS (SELECT
                         FROM {company_tax_rates} r
                        WHERE r.tenant = $1::uuid
                          AND r.{company_id} = want.id
                          AND r.is_default)
        ON CONFLICT DO NOTHING
    RETURNING {company_id}
)sql";

constexpr char const* kInsertEmailSuffix = R"sql(
    INSERT INTO {company_email_settings} (tenant, company_id, email_suffix,
                                        self_registration_enabled, user_id)
    VALUES ($1::uuid, $2::uuid, $3::text, false, $4::uuid)
        ON CONFLICT DO NOTHING
    RETURNING company_id
)sql";

// JSON cannot tell a NULL from a JSON null: the image's `properties` are null where the column is
// NULL, and left out where it holds a JSON null. Images of older versions have null for both.
constexpr char const* kSelectRow = R"sql(
    SELECT c.{company_id}, c.{company_name},
           NULLIF(c.properties ->> 'tenant_id'::text, ''),
           COALESCE(c.is_inactive, false),
           pg_catalog.jsonb_build_object('name', c.{company_name}, 'is_inactive', c.is_inactive)
           || CASE WHEN c.properties = 'null'::jsonb THEN '{}'::jsonb
                   ELSE pg_catalog.jsonb_build_object('properties', c.properties) END,
           COALESCE(pg_catalog.jsonb_typeof(c.properties) IN ('object', 'null'), true),
           NULLIF(c.properties ->> 'reconcile'::text, ''),
           COALESCE(pg_catalog.jsonb_typeof(c.properties -> 'tenant_id'::text) IN ('string', 'null'), true)
      FROM {companies} c
     WHERE c.tenant = $1::uuid
)sql";

constexpr char const* kLockRows = R"sql(
       AND c.{company_id} = ANY ($2::uuid[])
     ORDER BY c.{company_id}
       FOR NO KEY UPDATE
)sql";

constexpr char const* kNamedRows = R"sql(
       AND c.{company_name} = ANY ($2::text[])
     ORDER BY c.{company_id}
)sql";

constexpr char const* kFoundRows = R"sql(
       AND (c.{company_id} = $2::uuid OR c.{company_name} = $3::text)
     ORDER BY c.{company_id}
)sql";

// For one decision at a time: no index serves it. Every spelling of an id, and what else holds it.
constexpr char const* kLinkedRows = R"sql(
       AND replace(lower(c.properties ->> 'tenant_id'::text), '-'::text, ''::text) LIKE ANY ($2::text[])
       AND NULLIF(c.properties ->> 'reconcile'::text, '') IS NULL
     ORDER BY c.{company_id}
)sql";

// Arrays and scalars cannot take a key, and are not thrown away: such a row is skipped.
constexpr char const* kPatchProperties = R"sql(
    UPDATE {companies} c
       SET properties = CASE WHEN pg_catalog.jsonb_typeof(c.properties) = 'object' THEN c.properties
                             ELSE '{}'::jsonb END || want.patch,
           updated_at = now()
      FROM unnest($2::uuid[], $3::jsonb[]) AS want (id, patch)
     WHERE c.tenant = $1::uuid
       AND c.{company_id} = want.id
       AND COALESCE(pg_catalog.jsonb_typeof(c.properties) IN ('object', 'null'), true)
    RETURNING c.{company_id}
)sql";

constexpr char const* kReplaceProperties = R"sql(
    UPDATE {companies} c
       SET properties = want.properties,
           updated_at = now()
      FROM unnest($2::uuid[], $3::jsonb[]) AS want (id, properties)
     WHERE c.tenant = $1::uuid
       AND c.{company_id} = want.id
    RETURNING c.{company_id}
)sql";

constexpr char const* kRename = R"sql(
    UPDATE {companies} c
       SET {company_name} = want.name,
           updated_at = now()
      FROM (SELECT DISTINCT ON (name) id, name
              FROM unnest($2::uuid[], $3::text[]) AS pair (id, name)
             ORDER BY name, id) want
     WHERE c.tenant = $1::uuid
       AND c.{company_id} = want.id
       AND NOT EXISTS (SELECT
                         FROM {companies} other
                        WHERE other.tenant = $1::uuid
                          AND other.{company_name} = want.name)
    RETURNING c.{company_id}
)sql";

constexpr char const* kRenameBillingProfiles = R"sql(
    UPDATE {client_billing_profiles} p
       SET name = want.name
      FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[])
           AS want (client_id, profile_id, former, name)
     WHERE p.tenant = $1::uuid
       AND p.client_id = want.client_id
       AND p.billing_profile_id = COALESCE(want.profile_id, p.billing_profile_id)
       AND p.is_system_managed_default
       AND p.name = want.former
    RETURNING p.client_id, p.billing_profile_id
)sql";

constexpr char const* kSetActivity = R"sql(
    UPDATE {companies} c
       SET is_inactive = $3::bool,
           updated_at = now()
     WHERE c.tenant = $1::uuid
       AND c.{company_id} = ANY ($2::uuid[])
       AND c.is_inactive IS DISTINCT FROM $3::bool
    RETURNING c.{company_id}
)sql";

constexpr char const* kSetUrl = R"sql(
    UPDATE {companies} c
       SET url = $3::text,
           properties = COALESCE(NULLIF(c.properties, 'null'::jsonb), '{}'::jsonb) - 'website'::text
                        || pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object('website', $3::text)),
           updated_at = now()
     WHERE c.tenant = $1::uuid
       AND c.{company_id} = $2::uuid
       AND COALESCE(pg_catalog.jsonb_typeof(c.properties), 'null') IN ('object', 'null')
    RETURNING c.{company_id}
)sql";

std::vector<CompanyRow> company_rows(pqxx::result const& rows)
{
    std::vector<CompanyRow> companies;
    for (auto const& row : rows)
        companies.push_back({.id = pg::id<CompanyId>(row[0]),
                             .name = std::string{pg::text(row[1])},
                             .link_text = pg::optional_text(row[2]),
                             .link_is_text = pg::is_true(row[7]),
                             .inactive = pg::is_true(row[3]),
                             .can_carry_link = pg::is_true(row[5]),
                             .ignored = !row[6].is_null(),
                             .word = pg::optional_text(row[6]).value_or(""),
                             .image = std::string{pg::text(row[4])}});
    return companies;
}

/// What the result of a step is where one of its tables is not there.
std::optional<StepResult> without_table(Transaction& tx, SchemaProfile const& profile,
                                        std::initializer_list<std::string_view> tables)
{
    auto const names =
        pg::array_of(tables, [&](std::string_view table) { return profile.fill(table); });
    auto const missing = pg::exec(tx, kFirstMissingTable, {names});
    if (missing.empty())
        return std::nullopt;
    return StepResult{.missing = fmt::format("there is no table {}", pg::text(missing[0][0]))};
}

ProfileId default_profile_of(TenantId owner, CompanyId company)
{
    return name_based<ProfileId>(owner, "billing profile:" + company.str());
}

}  // namespace

CompanyModel::CompanyModel(SchemaProfile profile, TenantId owner) : profile_{profile}, owner_{owner}
{}

std::vector<CompanyId> CompanyModel::create(Transaction& tx,
                                            std::span<NewCompany const> companies) const
{
    auto const column = [&](auto element) { return pg::array_of(companies, element); };
    auto created = pg::first_column<CompanyId>(pg::exec(
        tx, profile_.fill(kInsertCompanies),
        {owner_, column(&NewCompany::id), column([](auto const& c) { return c.record.name; }),
         column([](auto const& c) { return c.record.url; }),
         column([](auto const& c) { return c.record.client_type; }),
         column([](auto const& c) { return c.record.billing_email; }),
         column([](auto const& c) { return c.record.notes; }),
         column([](auto const& c) { return pg::Jsonb{c.properties}; })}));
    if (profile_.has_billing_profiles() && !created.empty())
        add_billing_profiles(tx, companies, created);
    return created;
}

void CompanyModel::add_billing_profiles(Transaction& tx, std::span<NewCompany const> companies,
                                        std::span<CompanyId const> created) const
{
    std::unordered_set<CompanyId> const made{created.begin(), created.end()};
    pg::Array profiles{pg::ElementType::Uuid};
    pg::Array ids{pg::ElementType::Uuid};
    pg::Array names{pg::ElementType::Text};
    for (auto const& company : companies) {
        if (!made.contains(company.id))
            continue;
        profiles.add(default_profile_of(owner_, company.id));
        ids.add(company.id);
        names.add(company.record.name);
    }
    pg::exec(tx, profile_.fill(kInsertBillingProfiles), {owner_, profiles, ids, names});
}

StepResult CompanyModel::add_default_tax_settings(Transaction& tx,
                                                  std::span<CompanyId const> companies) const
{
    if (auto const result = without_table(
            tx, profile_, {"{tax_rates}", "{company_tax_settings}", "{company_tax_rates}"}))
        return *result;
    auto const rate = pg::exec(tx, profile_.fill(kOldestTaxRate), {owner_});
    if (rate.empty())
        return {.missing = "the tenant has no active tax rate to link; create one in tax_rates"};
    auto const ids = pg::array_of(companies);
    pg::exec(tx,
             profile_.fill(profile_.has_billing_profiles() ? kInsertTaxSettingsOfProfiles
                                                           : kInsertTaxSettings),
             {owner_, ids});
    auto const linked =
        pg::exec(tx, profile_.fill(kInsertTaxRates), {owner_, ids, pg::text(rate[0][0])});
    return {.rows = static_cast<std::size_t>(linked.size()), .missing = {}};
}

StepResult CompanyModel::add_email_suffix(Transaction& tx, CompanyId company, std::string_view url,
                                          std::optional<UserId> actor) const
{
    if (!profile_.has_email_settings())
        return {.missing = "the clients generation of the schema has no company_email_settings"};
    if (!actor)
        return {.missing = "company_email_settings.user_id needs an acting user; none was given"};
    auto const domain = domain_of(url);
    if (!domain)
        return {.missing = "the company has no url that an e-mail suffix could come from"};
    if (auto const result = without_table(tx, profile_, {"{company_email_settings}"}))
        return *result;
    auto const rows =
        pg::exec(tx, profile_.fill(kInsertEmailSuffix), {owner_, company, *domain, *actor});
    return {.rows = static_cast<std::size_t>(rows.size()), .missing = {}};
}

std::vector<CompanyRow> CompanyModel::lock(Transaction& tx,
                                           std::span<CompanyId const> companies) const
{
    return company_rows(pg::exec(tx, profile_.fill(std::string{kSelectRow} + kLockRows),
                                 {owner_, pg::array_of(companies)}));
}

std::vector<CompanyRow> CompanyModel::linked_to(Transaction& tx,
                                                std::span<TenantId const> tenants) const
{
    auto const digits = pg::array_of(tenants, [](TenantId const& tenant) {
        auto text = tenant.str();
        std::erase(text, '-');
        return '%' + text + '%';
    });
    auto rows = company_rows(
        pg::exec(tx, profile_.fill(std::string{kSelectRow} + kLinkedRows), {owner_, digits}));
    std::erase_if(rows, [&](CompanyRow const& row) {
        return std::ranges::find(tenants, row.link()) == tenants.end();
    });
    return rows;
}

std::vector<CompanyRow> CompanyModel::find_named(Transaction& tx,
                                                 std::span<std::string const> names) const
{
    return company_rows(pg::exec(tx, profile_.fill(std::string{kSelectRow} + kNamedRows),
                                 {owner_, pg::array_of(names)}));
}

std::vector<CompanyRow> CompanyModel::find(Transaction& tx, std::string const& id_or_name) const
{
    auto const id = CompanyId::parse(id_or_name);
    return company_rows(pg::exec(tx, profile_.fill(std::string{kSelectRow} + kFoundRows),
                                 {owner_, id.value_or(CompanyId{}), id_or_name}));
}

std::vector<CompanyId> CompanyModel::patch_properties(
    Transaction& tx, std::span<PropertiesPatch const> patches) const
{
    return pg::first_column<CompanyId>(
        pg::exec(tx, profile_.fill(kPatchProperties),
                 {owner_, pg::array_of(patches, [](auto const& p) { return p.id; }),
                  pg::array_of(patches, [](auto const& p) { return pg::Jsonb{p.patch}; })}));
}

std::vector<CompanyId> CompanyModel::replace_properties(
    Transaction& tx, std::span<PropertiesPatch const> properties) const
{
    return pg::first_column<CompanyId>(
        pg::exec(tx, profile_.fill(kReplaceProperties),
                 {owner_, pg::array_of(properties, [](auto const& p) { return p.id; }),
                  pg::array_of(properties, [](auto const& p) {
                      return p.patch.empty() ? std::nullopt : std::optional{pg::Jsonb{p.patch}};
                  })}));
}

std::vector<CompanyId> CompanyModel::rename(Transaction& tx,
                                            std::span<CompanyName const> names) const
{
    return pg::first_column<CompanyId>(
        pg::exec(tx, profile_.fill(kRename),
                 {owner_, pg::array_of(names, [](auto const& n) { return n.id; }),
                  pg::array_of(names, [](auto const& n) { return n.name; })}));
}

std::vector<RenamedProfile> CompanyModel::rename_billing_profiles(
    Transaction& tx, std::span<ProfileName const> names) const
{
    std::vector<RenamedProfile> renamed;
    if (!profile_.has_billing_profiles() || names.empty())
        return renamed;
    auto const column = [&](auto element) { return pg::array_of(names, element); };
    for (auto const& row :
         pg::exec(tx, profile_.fill(kRenameBillingProfiles),
                  {owner_, column(&ProfileName::company), column(&ProfileName::profile),
                   column(&ProfileName::former), column(&ProfileName::name)}))
        renamed.push_back({pg::id<CompanyId>(row[0]), pg::id<ProfileId>(row[1])});
    return renamed;
}

std::optional<std::string> inactive_flag(Activity activity)
{
    switch (activity) {
        case Activity::Active:
            return "f";
        case Activity::Inactive:
            return "t";
        case Activity::Unset:
            break;
    }
    return std::nullopt;
}

std::vector<CompanyId> CompanyModel::set_activity(Transaction& tx,
                                                  std::span<CompanyId const> companies,
                                                  Activity activity) const
{
    return pg::first_column<CompanyId>(
        pg::exec(tx, profile_.fill(kSetActivity),
                 {owner_, pg::array_of(companies), inactive_flag(activity)}));
}

std::vector<CompanyId> CompanyModel::set_url(Transaction& tx, CompanyId company,
                                             std::string_view url) const
{
    if (!url.empty() && !is_valid_url(url))
        throw RuleViolation{"company url", url,
                            "give one with a scheme, such as https://, or none"};
    auto const value = url.empty() ? std::optional<std::string>{} : std::string{url};
    return pg::first_column<CompanyId>(
        pg::exec(tx, profile_.fill(kSetUrl), {owner_, company, value}));
}

}  // namespace tracking::models
