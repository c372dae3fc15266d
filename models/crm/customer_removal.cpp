#include "models/crm/customer_removal.hpp"

#include "models/pg/pg.hpp"

#include <fmt/format.h>

namespace tracking::models {

namespace {

// A new row that refers to these companies waits for these locks. So what is seen afterwards stays
// true.
constexpr char const* kLockCompanies = R"sql(
    SELECT c.{company_id}
      FROM {companies} c
     WHERE c.tenant = $1::uuid
       AND c.{company_id} = ANY ($2::uuid[])
     ORDER BY c.{company_id}
       FOR UPDATE
)sql";

constexpr char const* kLockContacts = R"sql(
    SELECT p.contact_name_id
      FROM {contacts} p
     WHERE p.tenant = $1::uuid
       AND p.{company_id} = ANY ($2::uuid[])
     ORDER BY p.contact_name_id
       FOR UPDATE
)sql";

// Contacts are gathered once for all companies, as no index finds a company's. Without MATERIALIZED
// a server whose statistics are from before the backfill gathers them again for each company. The
// job makes small properties. Large ones show that somebody touched the company, so nobody needs
// them to put it back.
constexpr char const* kImages = R"sql(
    WITH people AS MATERIALIZED (
        SELECT p.tenant, p.{company_id},
               pg_catalog.jsonb_agg(pg_catalog.to_jsonb(p) ORDER BY p.contact_name_id) AS images
          FROM {contacts} p
         WHERE p.tenant = $1::uuid
           AND p.{company_id} = ANY ($2::uuid[])
         GROUP BY p.tenant, p.{company_id})
    SELECT c.{company_id},
           pg_catalog.jsonb_build_object(
               'companies', pg_catalog.jsonb_build_array(
                   CASE WHEN pg_catalog.pg_column_size(c.properties) > 8192
                        THEN pg_catalog.to_jsonb(c) || pg_catalog.jsonb_build_object('properties', 'too large to be shown'::text)
                        ELSE pg_catalog.to_jsonb(c) END),
               'contacts', COALESCE(people.images, '[]'),
               'tag_mappings', COALESCE(
                   (SELECT pg_catalog.jsonb_agg(pg_catalog.to_jsonb(m) ORDER BY m.mapping_id)
                      FROM {tag_mappings} m
                     WHERE m.tenant = $1::uuid
                       AND m.tagged_id = c.{company_id}
                       AND m.tagged_type = '{tagged_type}'), '[]'))
           {and_billing_profiles}
      FROM {companies} c
      LEFT JOIN people
        ON people.tenant = c.tenant
       AND people.{company_id} = c.{company_id}
     WHERE c.tenant = $1::uuid
       AND c.{company_id} = ANY ($2::uuid[])
)sql";

constexpr char const* kTagImages = R"sql(
    SELECT m.tagged_id, pg_catalog.jsonb_agg(pg_catalog.to_jsonb(m) ORDER BY m.mapping_id)
      FROM {tag_mappings} m
      JOIN {tag_definitions} d
        ON d.tenant = m.tenant
       AND d.tag_id = m.tag_id
     WHERE m.tenant = $1::uuid
       AND m.tagged_type = '{tagged_type}'
       AND m.tagged_id = ANY ($2::uuid[])
       AND d.tag_text = ANY ($3::text[])
     GROUP BY m.tagged_id
)sql";

// The locks keep out rows with a foreign key. Mappings have no foreign key, and contacts may lack
// theirs. NOT IN gathers them once. With NOT EXISTS, a server whose statistics are from before the
// backfill passes over all mappings for each company.
constexpr char const* kDeleteCompanies = R"sql(
    DELETE FROM {companies} c
     WHERE c.tenant = $1::uuid
       AND c.{company_id} = ANY ($2::uuid[])
       AND c.{company_id} NOT IN (SELECT p.{company_id}
                                    FROM {contacts} p
                                   WHERE p.tenant = $1::uuid
                                     AND p.{company_id} = ANY ($2::uuid[]))
       AND c.{company_id} NOT IN (SELECT m.tagged_id
                                    FROM {tag_mappings} m
                                   WHERE m.tenant = $1::uuid
                                     AND m.tagged_id = ANY ($2::uuid[])
                                     AND m.tagged_type = '{tagged_type}')
    RETURNING c.{company_id}
)sql";

// Includes columns that this program does not know. The server computes generated columns itself. A
// column that is newer than the image gets its default.
constexpr char const* kRestorableColumns = R"sql(
    SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname::text), ', '::text ORDER BY a.attnum)
      FROM pg_catalog.pg_attribute a
     WHERE a.attrelid = to_regclass($1::text)::pg_catalog.oid
       AND a.attnum > 0
       AND NOT a.attisdropped
       AND a.attgenerated = ''
       AND EXISTS (SELECT
                     FROM pg_catalog.jsonb_array_elements($2::jsonb -> $3::text) AS one (image)
                    WHERE one.image ? a.attname::text)
)sql";

// Identity columns get their former values. Only rows of the owner are restored.
constexpr char const* kRestore = R"sql(
    INSERT INTO {0} ({3}) OVERRIDING SYSTEM VALUE
    SELECT {3}
      FROM pg_catalog.jsonb_populate_recordset(NULL::{0}, $2::jsonb -> '{1}'::text) AS one
     WHERE one.tenant = $1::uuid
        ON CONFLICT ({2}) DO NOTHING
)sql";

RowImages row_images(pg::Rows const& rows)
{
    RowImages images;
    for (auto const& row : rows)
        images.emplace(pg::id<CompanyId>(row[0]), pg::text(row[1]));
    return images;
}

}  // namespace

CustomerRemoval::CustomerRemoval(SchemaProfile const& profile, TenantId owner)
    : profile_{profile},
      owner_{owner},
      contacts_{profile, owner},
      profiles_{profile, owner},
      tags_{profile, owner}
{}

LockedCustomers CustomerRemoval::lock(Transaction& tx, std::span<CompanyId const> companies,
                                      std::span<std::string const> own_tags,
                                      MadeByCompany const& made) const
{
    auto const ids = pg::array_of(companies);
    pg::ask(tx, profile_.fill(kLockCompanies), {owner_, ids});
    pg::ask(tx, profile_.fill(kLockContacts), {owner_, ids});
    profiles_.lock(tx, companies);
    LockedCustomers locked;
    locked.radii = blast_radii(tx, profile_, owner_, companies, own_tags, made, &locked.images);
    return locked;
}

RowImages CustomerRemoval::images(Transaction& tx, std::span<CompanyId const> companies) const
{
    return row_images(pg::exec(tx, profile_.fill(kImages), {owner_, pg::array_of(companies)}));
}

RowImages CustomerRemoval::tag_images(Transaction& tx, std::span<CompanyId const> companies,
                                      std::span<std::string const> texts) const
{
    return row_images(pg::exec(tx, profile_.fill(kTagImages),
                               {owner_, pg::array_of(companies), pg::array_of(texts)}));
}

void CustomerRemoval::remove(Transaction& tx, std::span<BlastRadius const> companies,
                             std::span<std::string const> own_tags) const
{
    std::vector<CompanyId> all;
    std::vector<ContactId> contacts;
    for (auto const& one : companies) {
        all.push_back(one.company);
        contacts.insert(contacts.end(), one.contacts.begin(), one.contacts.end());
    }
    for (auto const& tag : own_tags)
        tags_.detach(tx, tag, all);
    contacts_.remove(tx, contacts);
    profiles_.remove(tx, all);
    auto const deleted = pg::exec(tx, profile_.fill(kDeleteCompanies), {owner_, pg::array_of(all)});
    if (static_cast<std::size_t>(deleted.size()) < all.size())
        throw StatementFailed{"something still refers to the company, or to one of its batch",
                              "23503"};
}

void CustomerRemoval::restore(Transaction& tx, std::string_view rows) const
{
    auto const put_back = [&](std::string_view name, std::string_view member,
                              std::string_view key) {
        auto const table = profile_.fill(name);
        auto const columns = pg::exec(tx, kRestorableColumns, {table, rows, member});
        if (!columns[0][0].is_null())
            pg::exec(
                tx,
                fmt::format(kRestore, table, member, profile_.fill(key), pg::text(columns[0][0])),
                {owner_, rows});
    };
    put_back("{tag_definitions}", "tag_definitions", "tenant, tag_id");
    put_back("{companies}", "companies", "tenant, {company_id}");
    if (profile_.has(Piece::BillingProfiles))
        put_back("{client_billing_profiles}", "billing_profiles", "tenant, billing_profile_id");
    put_back("{contacts}", "contacts", "tenant, contact_name_id");
    put_back("{tag_mappings}", "tag_mappings", "tenant, mapping_id");
}

}  // namespace tracking::models
