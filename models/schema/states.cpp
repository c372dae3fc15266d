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
         {{"contact_additional_email_addresses",
           {"tenant", "contact_name_id", "normalized_email_address"}}},
         {},
         {{"{without_additional_email}", kWithoutAdditionalEmail, ""},
          {"{or_additional_address}", kOrAdditionalAddress, ""},
          {"{or_additional_email}", kOrAdditionalEmail, ""}}},
        {Piece::EmailType,
         Side::Management,
         "contacts.primary_email_canonical_type",
         {{"contacts", {"primary_email_canonical_type"}}},
         {{"INSERT", {"contacts", {"primary_email_canonical_type"}}},
          {"UPDATE", {"contacts", {"primary_email_canonical_type"}}}},
         {{"{email_type_column}", ", primary_email_canonical_type", ""},
          {"{email_type}", ", 'work'", ""}}},
        {Piece::Products,
         Side::Source,
         "tenants.product_code",
         {{"tenants", {"product_code"}}},
         {},
         {{"{product}", "t.product_code", "'psa'"}}},
        {Piece::Lifecycle,
         Side::Management,
         "{companies}.lifecycle_status",
         {{"{companies}", {"lifecycle_status"}}},
         {},
         {{"{prospect}", "lifecycle_status = 'prospect'", "false"}}},
        {Piece::Suspension,
         Side::Source,
         "tenants.suspended_at",
         {{"tenants", {"suspended_at"}}},
         {},
         {{"{suspended}", "t.suspended_at IS NOT NULL", "false"}}},
        {Piece::BillingProfiles,
         Side::Management,
         "client_billing_profiles",
         {{"client_billing_profiles",
           {"tenant", "billing_profile_id", "client_id", "name", "is_default",
            "is_system_managed_default"}}},
         {{"INSERT",
           {"client_billing_profiles",
            {"tenant", "billing_profile_id", "client_id", "name", "is_default",
             "is_system_managed_default"}}},
          {"UPDATE", {"client_billing_profiles", {"name"}}}},
         {{"{and_billing_profiles}", kAndBillingProfiles, ""}}},
    };
    return all;
}

std::vector<TableColumns> const& columns_of_source()
{
    static std::vector<TableColumns> const all{
        {"tenants", {"tenant", "{company_name}", "email", "created_at"}},
        {"users",
         {"tenant", "user_id", "email", "first_name", "last_name", "is_inactive", "user_type",
          "created_at"}},
        {"user_roles", {"tenant", "user_id", "role_id"}},
        {"roles", {"tenant", "role_id", "role_name", "msp", "client"}},
    };
    return all;
}

std::vector<TableColumns> const& columns_of_management()
{
    static std::vector<TableColumns> const all{
        {"tenants", {"tenant", "{company_name}"}},
        {"{companies}",
         {"tenant", "{company_id}", "{company_name}", "url", "properties", "is_inactive",
          "client_type", "notes", "billing_email", "updated_at"}},
        {"contacts",
         {"tenant", "contact_name_id", "{company_id}", "full_name", "email", "role", "notes",
          "is_inactive", "updated_at"}},
        {"tag_definitions",
         {"tenant", "tag_id", "tag_text", "tagged_type", "background_color", "text_color"}},
        {"tag_mappings",
         {"tenant", "mapping_id", "tag_id", "tagged_id", "tagged_type", "created_by"}},
    };
    return all;
}

std::vector<WrittenColumns> const& written_always()
{
    static std::vector<WrittenColumns> const all{
        {"INSERT",
         {"{companies}",
          {"tenant", "{company_id}", "{company_name}", "url", "client_type", "billing_email",
           "notes", "properties"}}},
        {"UPDATE",
         {"{companies}", {"{company_name}", "url", "properties", "is_inactive", "updated_at"}}},
        {"INSERT",
         {"contacts",
          {"tenant", "contact_name_id", "{company_id}", "full_name", "email", "role", "notes"}}},
        {"UPDATE", {"contacts", {"full_name", "email", "is_inactive", "updated_at"}}},
        {"INSERT",
         {"tag_definitions",
          {"tenant", "tag_id", "tag_text", "tagged_type", "background_color", "text_color"}}},
        {"INSERT",
         {"tag_mappings",
          {"tenant", "mapping_id", "tag_id", "tagged_id", "tagged_type", "created_by"}}},
    };
    return all;
}

}  // namespace tracking::models
