#include "models/crm/company_extras.hpp"

#include "models/pg/pg.hpp"
#include "models/rules/rule_violation.hpp"
#include "models/rules/url.hpp"

#include <fmt/format.h>

#include <initializer_list>

namespace tracking::models {

namespace {

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

/// The result of a step where one of its tables does not exist; else nothing.
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

}  // namespace

CompanyExtras::CompanyExtras(SchemaProfile const& profile, TenantId owner)
    : profile_{profile}, owner_{owner}
{}

StepResult CompanyExtras::add_default_tax_settings(Transaction& tx,
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
             profile_.fill(profile_.has(Piece::BillingProfiles) ? kInsertTaxSettingsOfProfiles
                                                                : kInsertTaxSettings),
             {owner_, ids});
    auto const linked =
        pg::exec(tx, profile_.fill(kInsertTaxRates), {owner_, ids, pg::text(rate[0][0])});
    return {.rows = static_cast<std::size_t>(linked.size()), .missing = {}};
}

StepResult CompanyExtras::add_email_suffix(Transaction& tx, CompanyId company, std::string_view url,
                                           std::optional<UserId> actor) const
{
    if (profile_.generation() == Generation::Clients)
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

std::vector<CompanyId> CompanyExtras::set_url(Transaction& tx, CompanyId company,
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
