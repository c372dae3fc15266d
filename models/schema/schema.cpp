#include "models/schema/schema.hpp"

#include "models/pg/pg.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <vector>

namespace tracking::models {

namespace {

using Columns = std::set<std::string, std::less<>>;  // "table.column"
using Names = std::array<std::pair<std::string_view, std::string_view>, 3>;

// Where a contact may have further addresses, a trigger refuses a contact whose address is one of
// them.
constexpr std::string_view kWithoutAdditionalEmail = R"sql(AND NOT EXISTS (SELECT
                         FROM {contact_additional_email_addresses} e
                        WHERE e.tenant = $1::uuid
                          AND e.normalized_email_address = want.email))sql";

constexpr std::string_view kOrAdditionalEmail = R"sql(UNION ALL
    SELECT e.normalized_email_address, p.{company_id}
      FROM {contact_additional_email_addresses} e
      JOIN {contacts} p
        ON p.tenant = e.tenant
       AND p.contact_name_id = e.contact_name_id
     WHERE e.tenant = $1::uuid
       AND e.normalized_email_address = ANY ($2::text[]))sql";

// Where no unique constraint does it: under the lease only people and the old workflow write beside
// this, and what they have committed is seen here.
constexpr std::string_view kAndEmailIsFree = R"sql(AND want.email <> ALL (ARRAY(
               SELECT p.email
                 FROM {contacts} p
                WHERE p.tenant = $1::uuid
                  AND p.email = ANY ($5::text[]))))sql";

// The text decides, not the id: a definition can exist twice there.
constexpr std::string_view kAndIsUntagged = R"sql(AND want.company <> ALL (ARRAY(
               SELECT m.tagged_id
                 FROM {tag_mappings} m
                 JOIN {tag_definitions} d
                   ON d.tenant = m.tenant
                  AND d.tag_id = m.tag_id
                WHERE m.tenant = $1::uuid
                  AND m.tagged_id = ANY ($4::uuid[])
                  AND m.tagged_type = '{tagged_type}'
                  AND d.tag_text = (SELECT tag_text
                                      FROM {tag_definitions}
                                     WHERE tenant = $1::uuid
                                       AND tag_id = $2::uuid))))sql";

constexpr Names kCompaniesNames{{
    {"{company_id}", "company_id"},
    {"{company_name}", "company_name"},
    {"{tagged_type}", "company"},
}};

constexpr Names kClientsNames{{
    {"{company_id}", "client_id"},
    {"{company_name}", "client_name"},
    {"{tagged_type}", "client"},
}};

/// A table as statements write it, and what each generation calls it.
struct Table
{
    std::string_view name;
    std::string_view companies;
    std::string_view clients;
};

constexpr std::array kTables{
    Table{"{tenants}", "tenants", "tenants"},
    Table{"{users}", "users", "users"},
    Table{"{roles}", "roles", "roles"},
    Table{"{user_roles}", "user_roles", "user_roles"},
    Table{"{companies}", "companies", "clients"},
    Table{"{contacts}", "contacts", "contacts"},
    Table{"{contact_additional_email_addresses}", "contact_additional_email_addresses",
          "contact_additional_email_addresses"},
    Table{"{tag_definitions}", "tag_definitions", "tag_definitions"},
    Table{"{tag_mappings}", "tag_mappings", "tag_mappings"},
    Table{"{client_billing_profiles}", "client_billing_profiles", "client_billing_profiles"},
    Table{"{tax_rates}", "tax_rates", "tax_rates"},
    Table{"{company_tax_settings}", "company_tax_settings", "client_tax_settings"},
    Table{"{company_tax_rates}", "company_tax_rates", "client_tax_rates"},
    Table{"{company_email_settings}", "company_email_settings", "company_email_settings"},
};

constexpr std::array kSourceColumns{
    "tenants.tenant",    "tenants.{company_name}", "tenants.email",      "tenants.created_at",
    "users.tenant",      "users.user_id",          "users.email",        "users.first_name",
    "users.last_name",   "users.is_inactive",      "users.user_type",    "users.created_at",
    "user_roles.tenant", "user_roles.user_id",     "user_roles.role_id", "roles.tenant",
    "roles.role_id",     "roles.role_name",        "roles.msp",          "roles.client",
};

constexpr std::array kManagementColumns{
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

/// A part of a statement that depends on a piece.
struct Part
{
    std::string_view name;
    std::string_view with;
    std::string_view without;
    Piece piece;
};

constexpr std::array kParts{
    Part{"{without_additional_email}", kWithoutAdditionalEmail, "", Piece::AdditionalEmails},
    Part{"{or_additional_email}", kOrAdditionalEmail, "", Piece::AdditionalEmails},
    Part{"{email_type_column}", ", primary_email_canonical_type", "", Piece::EmailType},
    Part{"{email_type}", ", 'work'", "", Piece::EmailType},
    Part{"{prospect}", "lifecycle_status = 'prospect'", "false", Piece::Lifecycle},
    Part{"{product}", "t.product_code", "'psa'", Piece::Products},
    Part{"{suspended}", "t.suspended_at IS NOT NULL", "false", Piece::Suspension},
};

/// A piece by what shows that it is there, a table or a column, and the columns of it that are
/// used: all of them are needed then.
struct PieceColumns
{
    Piece piece;
    Side side;
    std::string_view sign;  ///< `table` or `table.column`
    std::array<std::string_view, 6> columns;
};

constexpr std::array<PieceColumns, kPieces> kPieceColumns{{
    {Piece::AdditionalEmails,
     Side::Management,
     "contact_additional_email_addresses",
     {"contact_additional_email_addresses.tenant",
      "contact_additional_email_addresses.contact_name_id",
      "contact_additional_email_addresses.normalized_email_address"}},
    {Piece::EmailType,
     Side::Management,
     "contacts.primary_email_canonical_type",
     {"contacts.primary_email_canonical_type"}},
    {Piece::Products, Side::Source, "tenants.product_code", {"tenants.product_code"}},
    {Piece::Lifecycle,
     Side::Management,
     "{companies}.lifecycle_status",
     {"{companies}.lifecycle_status"}},
    {Piece::Suspension, Side::Source, "tenants.suspended_at", {"tenants.suspended_at"}},
    {Piece::BillingProfiles,
     Side::Management,
     "client_billing_profiles",
     {"client_billing_profiles.tenant", "client_billing_profiles.billing_profile_id",
      "client_billing_profiles.client_id", "client_billing_profiles.name",
      "client_billing_profiles.is_default", "client_billing_profiles.is_system_managed_default"}},
}};

// What there is, by kind: 'schema' of the platform, 'column' table.column, and 'unique' table
// column column ... pg_attribute, not information_schema: that one hides what the role has no
// privilege on, and a missing grant is another mistake than a missing column. For the setting see
// database.cpp.
constexpr char const* kListSchema = R"sql(
    WITH platform AS MATERIALIZED (
        SELECT n.oid, n.nspname
          FROM unnest(current_setting('customer_reconcile.schemas')::name[])
               WITH ORDINALITY AS path (name, place)
          JOIN pg_catalog.pg_namespace n ON n.nspname = path.name
          JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid
         WHERE c.relname = 'tenants'
           AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
         ORDER BY path.place
         LIMIT 1)
    SELECT 'schema', quote_ident(platform.nspname)
      FROM platform
     UNION ALL
    SELECT 'column', c.relname || '.' || a.attname
      FROM platform
      JOIN pg_catalog.pg_class c ON c.relnamespace = platform.oid
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
       AND a.attnum > 0
       AND NOT a.attisdropped
       AND c.relname IN ('tenants', 'users', 'roles', 'user_roles', 'companies', 'clients',
                         'contacts', 'tag_definitions', 'tag_mappings', 'client_billing_profiles',
                         'contact_additional_email_addresses')
     UNION ALL
    SELECT 'unique', c.relname || ' ' || (SELECT string_agg(a.attname, ' ' ORDER BY a.attname)
                                            FROM pg_catalog.pg_attribute a
                                           WHERE a.attrelid = c.oid
                                             AND a.attnum = ANY (i.indkey))
      FROM platform
      JOIN pg_catalog.pg_class c ON c.relnamespace = platform.oid
      JOIN pg_catalog.pg_index i ON i.indrelid = c.oid
     WHERE c.relname IN ('contacts', 'tag_definitions', 'tag_mappings')
       AND i.indisunique
       AND i.indisvalid
       AND i.indpred IS NULL
       AND i.indexprs IS NULL
)sql";

struct Catalogue
{
    std::string schema;
    Columns columns;
    std::set<std::string, std::less<>> uniques;
};

Catalogue list_schema(Transaction& tx)
{
    Catalogue catalogue;
    for (auto const& row : pg::exec(tx, kListSchema)) {
        if (pg::text(row[0]) == "schema")
            catalogue.schema = pg::text(row[1]);
        else
            (pg::text(row[0]) == "column" ? catalogue.columns : catalogue.uniques)
                .emplace(pg::text(row[1]));
    }
    return catalogue;
}

Uniqueness uniqueness_of(Catalogue const& catalogue)
{
    auto const& uniques = catalogue.uniques;
    return {.emails = uniques.contains("contacts email tenant"),
            .tags = uniques.contains("tag_definitions tag_text tagged_type tenant") &&
                    uniques.contains("tag_mappings tag_id tagged_id tenant")};
}

/// Those whose sign the catalogue has.
Pieces pieces_of(Columns const& columns, Generation generation)
{
    SchemaProfile const names{generation};
    Pieces pieces;
    for (auto const& piece : kPieceColumns) {
        auto const sign = names.name(piece.sign);
        auto const found = columns.lower_bound(sign);
        auto const is_there =
            found != columns.end() && (*found == sign || found->starts_with(sign + "."));
        pieces.set(static_cast<std::size_t>(piece.piece), is_there);
    }
    return pieces;
}

Generation recognise(Columns const& columns)
{
    bool const companies = columns.contains("tenants.company_name");
    bool const clients = columns.contains("tenants.client_name");
    if (companies != clients)
        return clients ? Generation::Clients : Generation::Companies;
    throw SchemaMismatch{
        companies ? "table tenants has both company_name and client_name: a migration between the "
                    "schema generations is half done; finish it first"
                  : "table tenants with a column company_name or client_name is not to be seen: "
                    "check the database name and the role's search_path"};
}

}  // namespace

std::string_view name_of(Generation generation)
{
    return generation == Generation::Clients ? "clients" : "companies";
}

Pieces newest_pieces(Generation generation)
{
    return generation == Generation::Clients ? Pieces{}.set() : Pieces{};
}

SchemaProfile SchemaProfile::inserting(Inserting way) const
{
    auto profile = *this;
    profile.inserting_ = way;
    return profile;
}

std::string_view SchemaProfile::tagged_type() const
{
    return generation_ == Generation::Clients ? "client" : "company";
}

SchemaProfile SchemaProfile::in_schema(std::string schema) const
{
    auto profile = *this;
    profile.schema_ = std::move(schema);
    return profile;
}

std::string SchemaProfile::qualified(std::string_view table) const
{
    return fmt::format("{}.{}", schema_, table);
}

std::string SchemaProfile::fill(std::string_view statement) const
{
    return fill(statement, schema_ + ".");
}

std::string SchemaProfile::name(std::string_view text) const
{
    return fill(text, {});
}

std::string SchemaProfile::fill(std::string_view text, std::string const& schema) const
{
    std::string filled{text};
    auto const replace = [&](std::string_view name, std::string_view value) {
        for (auto at = filled.find(name); at != filled.npos; at = filled.find(name, at))
            filled.replace(at, name.size(), value);
    };
    replace("{and_email_is_free}", uniqueness_.emails ? "" : kAndEmailIsFree);
    replace("{and_is_untagged}", uniqueness_.tags ? "" : kAndIsUntagged);
    replace("{around_conflicts}",
            inserting_ == Inserting::AroundConflicts ? "ON CONFLICT DO NOTHING" : "");
    for (auto const& part : kParts)
        replace(part.name, has(part.piece) ? part.with : part.without);
    for (auto const& [name, value] :
         generation_ == Generation::Clients ? kClientsNames : kCompaniesNames)
        replace(name, value);
    for (auto const& table : kTables)
        replace(table.name,
                fmt::format("{}{}", schema,
                            generation_ == Generation::Clients ? table.clients : table.companies));
    return filled;
}

std::vector<std::string> columns_read(SchemaProfile profile, Side side)
{
    std::vector<std::string> names;
    auto const add = [&](auto const& patterns) {
        for (auto const& pattern : patterns) {
            auto name = profile.name(pattern);
            if (!name.empty() && std::ranges::find(names, name) == names.end())
                names.push_back(std::move(name));
        }
    };
    if (side != Side::Source)
        add(kManagementColumns);
    if (side != Side::Management)
        add(kSourceColumns);
    for (auto const& piece : kPieceColumns) {
        if (profile.has(piece.piece) && (side == Side::Both || side == piece.side))
            add(piece.columns);
    }
    return names;
}

SchemaProfile detect_schema(Transaction& tx, Side side)
{
    auto const catalogue = list_schema(tx);
    auto const generation = recognise(catalogue.columns);
    auto const pieces = pieces_of(catalogue.columns, generation);
    auto const profile = SchemaProfile{generation, {}, pieces}.in_schema(catalogue.schema);
    auto missing = columns_read(profile, side);
    std::erase_if(missing, [&](auto const& name) { return catalogue.columns.contains(name); });
    if (!missing.empty())
        throw SchemaMismatch{
            fmt::format("this looks like the {} generation of the schema, but schema {} lacks {}; "
                        "a migration may be "
                        "half done, or this version of the job does not know the schema yet",
                        name_of(generation), catalogue.schema, fmt::join(missing, ", "))};
    if (side == Side::Source)
        return profile;
    return SchemaProfile{generation, uniqueness_of(catalogue), pieces}.in_schema(catalogue.schema);
}

}  // namespace tracking::models
