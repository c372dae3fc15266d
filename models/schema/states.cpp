#include "models/schema/states.hpp"

namespace tracking::models {

namespace {

// A contact may have further addresses. A trigger then refuses another contact with one of these.
constexpr std::string_view kWithoutAdditionalEmail = R"sql(AND NOT EXISTS (SELECT
                         FROM {contact_additional_email_addresses} e
                        WHERE e.tenant = $1::uuid
                          AND e.normalized_email_address = want.email))sql";

constexpr std::string_view kOrAdditionalEmail = R"sql(UNION ALL
    SELECT e.normalized_email_address, p.{company_id}, NULL, COALESCE(p.is_inactive, false)
      FROM {contact_additional_email_addresses} e
      JOIN {contacts} p
        ON p.tenant = e.tenant
       AND p.contact_name_id = e.contact_name_id
     WHERE e.tenant = $1::uuid
       AND e.normalized_email_address = ANY ($2::text[]))sql";

constexpr std::string_view kOrAdditionalAddress = R"sql(UNION ALL
    SELECT e.normalized_email_address, NULL
      FROM {contact_additional_email_addresses} e
     WHERE e.tenant = $1::uuid
       AND e.normalized_email_address = ANY ($2::text[]))sql";

constexpr std::string_view kAndBillingProfiles = R"sql(|| pg_catalog.jsonb_build_object(
               'billing_profiles', COALESCE(
                   (SELECT pg_catalog.jsonb_agg(pg_catalog.to_jsonb(b) ORDER BY b.billing_profile_id)
                      FROM {client_billing_profiles} b
                     WHERE b.tenant = $1::uuid
                       AND b.client_id = c.client_id), '[]')))sql";

}  // namespace

std::vector<Word> const& known_tables()
{
    static std::vector<Word> const all{
        {"{tenants}", "tenants", "tenants"},
        {"{users}", "users", "users"},
        {"{roles}", "roles", "roles"},
        {"{user_roles}", "user_roles", "user_roles"},
        {"{companies}", "companies", "clients"},
        {"{contacts}", "contacts", "contacts"},
        {"{contact_additional_email_addresses}", "contact_additional_email_addresses",
         "contact_additional_email_addresses"},
        {"{tag_definitions}", "tag_definitions", "tag_definitions"},
        {"{tag_mappings}", "tag_mappings", "tag_mappings"},
        {"{client_billing_profiles}", "client_billing_profiles", "client_billing_profiles"},
        {"{tax_rates}", "tax_rates", "tax_rates"},
        {"{company_tax_settings}", "company_tax_settings", "client_tax_settings"},
        {"{company_tax_rates}", "company_tax_rates", "client_tax_rates"},
        {"{company_email_settings}", "company_email_settings", "company_email_settings"},
    };
    return all;
}

std::vector<Word> const& known_words()
{
    static std::vector<Word> const all{
        {"{company_id}", "company_id", "client_id"},
        {"{company_name}", "company_name", "client_name"},
        {"{tagged_type}", "company", "client"},
    };
    return all;
}

std::vector<PieceRow> const& known_pieces()
{
    static std::vector<PieceRow> const all{
        {Piece::AdditionalEmails,
         Side::Management,
         "contact_additional_email_addresses",
         {"contact_additional_email_addresses.tenant",
          "contact_additional_email_addresses.contact_name_id",
          "contact_additional_email_addresses.normalized_email_address"},
         {},
         {{"{without_additional_email}", kWithoutAdditionalEmail, ""},
          {"{or_additional_address}", kOrAdditionalAddress, ""},
          {"{or_additional_email}", kOrAdditionalEmail, ""}}},
        {Piece::EmailType,
         Side::Management,
         "contacts.primary_email_canonical_type",
         {"contacts.primary_email_canonical_type"},
         {{"INSERT", "contacts.primary_email_canonical_type"},
          {"UPDATE", "contacts.primary_email_canonical_type"}},
         {{"{email_type_column}", ", primary_email_canonical_type", ""},
          {"{email_type}", ", 'work'", ""}}},
        {Piece::Products,
         Side::Source,
         "tenants.product_code",
         {"tenants.product_code"},
         {},
         {{"{product}", "t.product_code", "'psa'"}}},
        {Piece::Lifecycle,
         Side::Management,
         "{companies}.lifecycle_status",
         {"{companies}.lifecycle_status"},
         {},
         {{"{prospect}", "lifecycle_status = 'prospect'", "false"}}},
        {Piece::Suspension,
         Side::Source,
         "tenants.suspended_at",
         {"tenants.suspended_at"},
         {},
         {{"{suspended}", "t.suspended_at IS NOT NULL", "false"}}},
        {Piece::BillingProfiles,
         Side::Management,
         "client_billing_profiles",
         {"client_billing_profiles.tenant", "client_billing_profiles.billing_profile_id",
          "client_billing_profiles.client_id", "client_billing_profiles.name",
          "client_billing_profiles.is_default",
          "client_billing_profiles.is_system_managed_default"},
         {{"INSERT", "client_billing_profiles.tenant"},
          {"INSERT", "client_billing_profiles.billing_profile_id"},
          {"INSERT", "client_billing_profiles.client_id"},
          {"INSERT", "client_billing_profiles.name"},
          {"INSERT", "client_billing_profiles.is_default"},
          {"INSERT", "client_billing_profiles.is_system_managed_default"},
          {"UPDATE", "client_billing_profiles.name"}},
         {{"{and_billing_profiles}", kAndBillingProfiles, ""}}},
    };
    return all;
}

std::vector<std::string_view> const& columns_of_source()
{
    static std::vector<std::string_view> const all{
        "tenants.tenant",    "tenants.{company_name}", "tenants.email",      "tenants.created_at",
        "users.tenant",      "users.user_id",          "users.email",        "users.first_name",
        "users.last_name",   "users.is_inactive",      "users.user_type",    "users.created_at",
        "user_roles.tenant", "user_roles.user_id",     "user_roles.role_id", "roles.tenant",
        "roles.role_id",     "roles.role_name",        "roles.msp",          "roles.client",
    };
    return all;
}

std::vector<std::string_view> const& columns_of_management()
{
    static std::vector<std::string_view> const all{
        "tenants.tenant",
        "tenants.{company_name}",
        "{companies}.tenant",
        "{companies}.{company_id}",
        "{companies}.{company_name}",
        "{companies}.url",
        "{companies}.properties",
        "{companies}.is_inactive",
        "{companies}.client_type",
        "{companies}.notes",
        "{companies}.billing_email",
        "{companies}.updated_at",
        "contacts.tenant",
        "contacts.contact_name_id",
        "contacts.{company_id}",
        "contacts.full_name",
        "contacts.email",
        "contacts.role",
        "contacts.notes",
        "contacts.is_inactive",
        "contacts.updated_at",
        "tag_definitions.tenant",
        "tag_definitions.tag_id",
        "tag_definitions.tag_text",
        "tag_definitions.tagged_type",
        "tag_definitions.background_color",
        "tag_definitions.text_color",
        "tag_mappings.tenant",
        "tag_mappings.mapping_id",
        "tag_mappings.tag_id",
        "tag_mappings.tagged_id",
        "tag_mappings.tagged_type",
        "tag_mappings.created_by",
    };
    return all;
}

std::vector<ColumnWritten> const& written_always()
{
    static std::vector<ColumnWritten> const all{
        {"INSERT", "{companies}.tenant"},
        {"INSERT", "{companies}.{company_id}"},
        {"INSERT", "{companies}.{company_name}"},
        {"INSERT", "{companies}.url"},
        {"INSERT", "{companies}.client_type"},
        {"INSERT", "{companies}.billing_email"},
        {"INSERT", "{companies}.notes"},
        {"INSERT", "{companies}.properties"},
        {"UPDATE", "{companies}.{company_name}"},
        {"UPDATE", "{companies}.url"},
        {"UPDATE", "{companies}.properties"},
        {"UPDATE", "{companies}.is_inactive"},
        {"UPDATE", "{companies}.updated_at"},
        {"INSERT", "contacts.tenant"},
        {"INSERT", "contacts.contact_name_id"},
        {"INSERT", "contacts.{company_id}"},
        {"INSERT", "contacts.full_name"},
        {"INSERT", "contacts.email"},
        {"INSERT", "contacts.role"},
        {"INSERT", "contacts.notes"},
        {"UPDATE", "contacts.full_name"},
        {"UPDATE", "contacts.email"},
        {"UPDATE", "contacts.is_inactive"},
        {"UPDATE", "contacts.updated_at"},
        {"INSERT", "tag_definitions.tenant"},
        {"INSERT", "tag_definitions.tag_id"},
        {"INSERT", "tag_definitions.tag_text"},
        {"INSERT", "tag_definitions.tagged_type"},
        {"INSERT", "tag_definitions.background_color"},
        {"INSERT", "tag_definitions.text_color"},
        {"INSERT", "tag_mappings.tenant"},
        {"INSERT", "tag_mappings.mapping_id"},
        {"INSERT", "tag_mappings.tag_id"},
        {"INSERT", "tag_mappings.tagged_id"},
        {"INSERT", "tag_mappings.tagged_type"},
        {"INSERT", "tag_mappings.created_by"},
    };
    return all;
}

}  // namespace tracking::models
