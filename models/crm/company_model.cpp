#include "models/crm/company_model.hpp"

#include "models/crm/billing_profile_model.hpp"
#include "models/pg/pg.hpp"
#include "models/values/lists.hpp"
#include "models/values/passing.hpp"

#include <algorithm>
#include <unordered_set>

namespace tracking::models {

namespace {

// A conflict without a target: the id or the name may be taken. Either means that the company
// exists. With Inserting::OrFailing a conflict is an error instead.
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

constexpr char const* kSelectRow = R"sql(
    SELECT c.{company_id}, c.{company_name},
           NULLIF(c.properties ->> 'tenant_id'::text, ''),
           COALESCE(c.is_inactive, false),
           COALESCE(pg_catalog.jsonb_typeof(c.properties) IN ('object', 'null'), true),
           NULLIF(c.properties ->> 'reconcile'::text, ''),
           COALESCE(pg_catalog.jsonb_typeof(c.properties -> 'tenant_id'::text) IN ('string', 'null'), true)
)sql";

// Of properties that are an object the image has only the wanted keys, since nobody knows how much
// more there is. JSON cannot tell a NULL from a JSON null: the image's `properties` are null where
// the column is NULL, and are left out where it holds a JSON null. Images of older versions have
// null for both, and all keys.
constexpr char const* kWithImage = R"sql(
         , pg_catalog.jsonb_build_object('name', c.{company_name}, 'is_inactive', c.is_inactive)
           || CASE pg_catalog.jsonb_typeof(c.properties)
              WHEN 'null' THEN '{}'::jsonb
              WHEN 'object' THEN pg_catalog.jsonb_build_object('properties',
                   (SELECT COALESCE(pg_catalog.jsonb_object_agg(want.key, c.properties -> want.key), '{}'::jsonb)
                      FROM pg_catalog.unnest($3::text[]) AS want (key)
                     WHERE c.properties ? want.key))
              ELSE pg_catalog.jsonb_build_object('properties', pg_catalog.jsonb_typeof(c.properties)) END
)sql";

constexpr char const* kOfOwner = R"sql(
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

// For one decision at a time, since no index serves it. It finds every spelling of an id, and also
// other texts that hold the id; linked_to() drops these.
constexpr char const* kLinkedRows = R"sql(
       AND replace(lower(c.properties ->> 'tenant_id'::text), '-'::text, ''::text) LIKE ANY ($2::text[])
       AND NULLIF(c.properties ->> 'reconcile'::text, '') IS NULL
     ORDER BY c.{company_id}
)sql";

// Arrays and scalars cannot take a key and must not be lost: such a row is skipped.
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

// What held no object before gets that again, unless somebody's keys are in it by now.
constexpr char const* kRestoreProperties = R"sql(
    UPDATE {companies} c
       SET properties = CASE WHEN want.had_none::bool AND c.properties - want.gone::text[] = '{}'::jsonb
                             THEN want.patch
                             WHEN want.had_none::bool THEN c.properties - want.gone::text[]
                             WHEN pg_catalog.jsonb_typeof(c.properties) = 'object'
                             THEN (c.properties - want.gone::text[]) || want.patch
                             ELSE want.patch END,
           updated_at = now()
      FROM unnest($2::uuid[], $3::jsonb[], $4::text[], $5::text[]) AS want (id, patch, gone, had_none)
     WHERE c.tenant = $1::uuid
       AND c.{company_id} = want.id
       AND COALESCE(pg_catalog.jsonb_typeof(c.properties) IN ('object', 'null'), true)
       AND (NOT want.had_none::bool OR want.gone <> '{}' OR c.properties = '{}'::jsonb)
    RETURNING c.{company_id}
)sql";

// Adding nothing makes the server unpack the value, so that this is its size and not the size that
// it is compressed to.
constexpr char const* kSizes = R"sql(
    SELECT c.{company_id}, pg_catalog.pg_column_size(c.properties || '{}'::jsonb)
      FROM {companies} c
     WHERE c.tenant = $1::uuid
       AND c.{company_id} = ANY ($2::uuid[])
       AND c.properties IS NOT NULL
)sql";

// The companies themselves, and those that hold the names.
constexpr char const* kSelectNames = R"sql(
    SELECT c.{company_id}, c.{company_name}
      FROM {companies} c
     WHERE c.tenant = $1::uuid
       AND (c.{company_id} = ANY ($2::uuid[]) OR c.{company_name} = ANY ($3::text[]))
)sql";

// Gives companies names that nobody has, so that names can go round: the unique index looks at each
// row by itself.
constexpr char const* kParkNames = R"sql(
    UPDATE {companies} c
       SET {company_name} = c.{company_id}::text
     WHERE c.tenant = $1::uuid
       AND c.{company_id} = ANY ($2::uuid[])
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

constexpr char const* kSetActivity = R"sql(
    UPDATE {companies} c
       SET is_inactive = $3::bool,
           updated_at = now()
     WHERE c.tenant = $1::uuid
       AND c.{company_id} = ANY ($2::uuid[])
       AND c.is_inactive IS DISTINCT FROM $3::bool
    RETURNING c.{company_id}
)sql";

std::vector<CompanyRow> company_rows(pg::Rows const& rows)
{
    return each_of(rows, [](auto const& row) {
        return CompanyRow{.id = pg::id<CompanyId>(row[0]),
                          .name = std::string{pg::text(row[1])},
                          .link_text = pg::optional_text(row[2]),
                          .link_is_text = pg::is_true(row[6]),
                          .inactive = pg::is_true(row[3]),
                          .can_carry_link = pg::is_true(row[4]),
                          .ignored = !row[5].is_null(),
                          .word = pg::optional_text(row[5]).value_or(""),
                          .image = row.size() > 7 ? std::string{pg::text(row[7])} : std::string{}};
    });
}

}  // namespace

CompanyModel::CompanyModel(SchemaProfile const& profile, TenantId owner)
    : profile_{profile}, owner_{owner}
{}

std::vector<CompanyId> CompanyModel::create(Transaction& tx,
                                            std::span<NewCompany const> companies) const
{
    auto created = ask_to_insert(tx, companies).get();
    std::unordered_set<CompanyId> const made{created.begin(), created.end()};
    std::vector<NewCompany> now{companies.begin(), companies.end()};
    std::erase_if(now, [&](NewCompany const& company) { return !made.contains(company.id); });
    ask_to_give_profiles(tx, now);
    return created;
}

std::future<std::vector<CompanyId>> CompanyModel::ask_to_create(
    Transaction& tx, std::span<NewCompany const> companies) const
{
    auto created = ask_to_insert(tx, companies);
    ask_to_give_profiles(tx, companies);
    return created;
}

std::future<std::vector<CompanyId>> CompanyModel::ask_to_insert(
    Transaction& tx, std::span<NewCompany const> companies) const
{
    auto const column = [&](auto element) { return pg::array_of(companies, element); };
    return pg::ask(
        tx, profile_.fill(kInsertCompanies),
        {owner_, column(&NewCompany::id), column([](auto const& c) { return c.record.name; }),
         column([](auto const& c) { return c.record.url; }),
         column([](auto const& c) { return c.record.client_type; }),
         column([](auto const& c) { return c.record.billing_email; }),
         column([](auto const& c) { return c.record.notes; }),
         column([](auto const& c) { return pg::Jsonb{c.properties}; })},
        &pg::first_column<CompanyId>);
}

void CompanyModel::ask_to_give_profiles(Transaction& tx,
                                        std::span<NewCompany const> companies) const
{
    auto const profile_of = [](NewCompany const& company) {
        return NewProfile{company.id, company.record.name};
    };
    BillingProfileModel{profile_, owner_}.create(tx, each_of(companies, profile_of));
}

std::vector<CompanyRow> CompanyModel::lock(Transaction& tx, std::span<CompanyId const> companies,
                                           std::span<std::string const> keys) const
{
    return company_rows(
        pg::exec(tx, profile_.fill(std::string{kSelectRow} + kWithImage + kOfOwner + kLockRows),
                 {owner_, pg::array_of(companies), pg::array_of(keys)}));
}

std::unordered_map<CompanyId, std::size_t> CompanyModel::sizes(
    Transaction& tx, std::span<CompanyId const> companies) const
{
    std::unordered_map<CompanyId, std::size_t> sizes;
    for (auto const& row : pg::exec(tx, profile_.fill(kSizes), {owner_, pg::array_of(companies)}))
        sizes.emplace(pg::id<CompanyId>(row[0]), pg::number<std::size_t>(row[1]));
    return sizes;
}

std::vector<CompanyRow> CompanyModel::linked_to(Transaction& tx,
                                                std::span<TenantId const> tenants) const
{
    auto const digits = pg::array_of(tenants, [](TenantId const& tenant) {
        auto text = tenant.str();
        std::erase(text, '-');
        return '%' + text + '%';
    });
    auto rows = company_rows(pg::exec(
        tx, profile_.fill(std::string{kSelectRow} + kOfOwner + kLinkedRows), {owner_, digits}));
    std::erase_if(rows, [&](CompanyRow const& row) {
        return std::ranges::find(tenants, row.link()) == tenants.end();
    });
    return rows;
}

std::vector<CompanyRow> CompanyModel::find_named(Transaction& tx,
                                                 std::span<std::string const> names) const
{
    return company_rows(pg::exec(tx, profile_.fill(std::string{kSelectRow} + kOfOwner + kNamedRows),
                                 {owner_, pg::array_of(names)}));
}

std::vector<CompanyRow> CompanyModel::find(Transaction& tx, std::string const& id_or_name) const
{
    auto const id = CompanyId::parse(id_or_name);
    return company_rows(pg::exec(tx, profile_.fill(std::string{kSelectRow} + kOfOwner + kFoundRows),
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

std::vector<CompanyId> CompanyModel::restore_properties(
    Transaction& tx, std::span<FormerProperties const> properties) const
{
    auto const column = [&](auto element) { return pg::array_of(properties, element); };
    return pg::first_column<CompanyId>(pg::exec(
        tx, profile_.fill(kRestoreProperties),
        {owner_, column(&FormerProperties::id), column([](auto const& former) {
             return former.patch.empty() ? std::nullopt : std::optional{pg::Jsonb{former.patch}};
         }),
         column([](auto const& former) { return *pg::array_literal(former.gone).value(); }),
         column([](auto const& former) { return std::string{former.had_none ? "t" : "f"}; })}));
}

std::vector<CompanyId> CompanyModel::rename(Transaction& tx,
                                            std::span<CompanyName const> names) const
{
    if (names.empty())
        return {};
    std::unordered_map<CompanyId, std::string> former;
    auto const ids = pg::array_of(names, [](auto const& n) { return n.id; });
    auto const wanted = pg::array_of(names, [](auto const& n) { return n.name; });
    std::unordered_map<std::string, CompanyId> holders;
    for (auto const& row : pg::exec(tx, profile_.fill(kSelectNames), {owner_, ids, wanted})) {
        former.emplace(pg::id<CompanyId>(row[0]), pg::text(row[1]));
        holders.emplace(pg::text(row[1]), pg::id<CompanyId>(row[0]));
    }
    // Of several that want one name, the first by id gets it.
    std::vector<CompanyName> moving{names.begin(), names.end()};
    std::erase_if(moving, [&](CompanyName const& one) { return former[one.id] == one.name; });
    std::ranges::sort(moving, {}, &CompanyName::id);
    std::vector<Passing> all;
    std::unordered_set<CompanyId> movers;
    for (auto const& name : moving) {
        all.push_back({former[name.id], name.name});
        movers.insert(name.id);
    }
    auto const passed = pass_on(all, [&](std::string const& name) {
        auto const holder = holders.find(name);
        return holder != holders.end() && !movers.contains(holder->second);
    });
    std::vector<CompanyName> possible;
    pg::Array parked{pg::ElementType::Uuid};
    bool has_parked = false;
    for (std::size_t i = 0; i < moving.size(); ++i) {
        if (!passed[i].is_possible)
            continue;
        possible.push_back(moving[i]);
        if (auto const holder = holders.find(moving[i].name); holder != holders.end()) {
            parked.add(holder->second);
            has_parked = true;
        }
    }
    if (has_parked)
        pg::exec(tx, profile_.fill(kParkNames), {owner_, parked});
    return pg::first_column<CompanyId>(
        pg::exec(tx, profile_.fill(kRename),
                 {owner_, pg::array_of(possible, [](auto const& n) { return n.id; }),
                  pg::array_of(possible, [](auto const& n) { return n.name; })}));
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

}  // namespace tracking::models
