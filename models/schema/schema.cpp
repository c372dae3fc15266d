#include "models/schema/schema.hpp"

#include "models/pg/pg.hpp"
#include "models/schema/states.hpp"
#include "models/values/lists.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <utility>

namespace tracking::models {

namespace {

using Columns = std::set<std::string, std::less<>>;  // "table.column"

// Used where no unique constraint does this. Under the lease only people and the old workflow write
// at the same time; what they have committed is seen here.
constexpr std::string_view kAndEmailIsFree = R"sql(AND want.email <> ALL (ARRAY(
               SELECT p.email
                 FROM {contacts} p
                WHERE p.tenant = $1::uuid
                  AND p.email = ANY ($5::text[]))))sql";

// Compares the text, not the id: without the constraint a definition can exist twice.
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

// What the database has, by kind: 'schema' of the platform, 'column' table.column, and 'unique'
// table column column ... It reads pg_attribute, not information_schema, which hides columns that
// the role has no privilege on. A missing grant is another mistake than a missing column. For the
// setting see database.cpp.
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
       AND c.relname::text = ANY ($1::text[])
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

/// The tables that are read in any of the states.
std::set<std::string> tables_read()
{
    std::set<std::string> tables;
    for (auto const generation : {Generation::Companies, Generation::Clients})
        for (auto const& column : columns_read(SchemaProfile{generation}, Side::Both))
            tables.insert(column.substr(0, column.find('.')));
    return tables;
}

Catalogue list_schema(Transaction& tx)
{
    Catalogue catalogue;
    for (auto const& row : pg::exec(tx, kListSchema, {pg::array_of(tables_read())})) {
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

/// The pieces whose sign the catalogue has.
Pieces pieces_of(Columns const& columns, Generation generation)
{
    SchemaProfile const names{generation};
    Pieces there;
    for (auto const& row : known_pieces()) {
        auto const sign = names.name(row.sign);
        auto const found = columns.lower_bound(sign);
        auto const is_there =
            found != columns.end() && (*found == sign || found->starts_with(sign + "."));
        there.set(static_cast<std::size_t>(row.piece), is_there);
    }
    return there;
}

/// As `table.column`.
std::vector<std::string> names_of(TableColumns const& of, SchemaProfile const& profile)
{
    return each_of(of.columns, [&](std::string_view column) {
        return profile.name(fmt::format("{}.{}", of.table, column));
    });
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

/// The text that takes the place of a name in braces.
struct SchemaProfile::Filling
{
    std::string_view text;
    bool is_table = false;
};

SchemaProfile::SchemaProfile(Generation generation, Uniqueness uniqueness)
    : SchemaProfile{generation, uniqueness, newest_pieces(generation)}
{}

SchemaProfile::SchemaProfile(Generation generation, Uniqueness uniqueness, Pieces pieces)
    : generation_{generation}, uniqueness_{uniqueness}, pieces_{pieces}
{
    choose_fillings();
}

void SchemaProfile::choose_fillings()
{
    Fillings chosen;
    for (auto const& table : known_tables())
        chosen[table.name] = {table.of(generation_), true};
    for (auto const& word : known_words())
        chosen[word.name] = {word.of(generation_)};
    for (auto const& row : known_pieces())
        for (auto const& part : row.parts)
            chosen[part.name] = {has(row.piece) ? part.with : part.without};
    chosen["{and_email_is_free}"] = {uniqueness_.emails ? "" : kAndEmailIsFree};
    chosen["{and_is_untagged}"] = {uniqueness_.tags ? "" : kAndIsUntagged};
    chosen["{around_conflicts}"] = {
        inserting_ == Inserting::AroundConflicts ? "ON CONFLICT DO NOTHING" : ""};
    fillings_ = std::make_shared<Fillings const>(std::move(chosen));
}

SchemaProfile SchemaProfile::inserting(Inserting way) const
{
    auto profile = *this;
    profile.inserting_ = way;
    profile.choose_fillings();
    return profile;
}

std::string_view SchemaProfile::tagged_type() const
{
    return fillings_->at("{tagged_type}").text;
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

// JSON has braces too. Braces without one of our names between them stay.
std::string SchemaProfile::fill(std::string_view text, std::string const& schema) const
{
    std::string filled;
    for (auto open = text.find('{'); open != text.npos; open = text.find('{')) {
        filled += text.substr(0, open);
        text.remove_prefix(open);
        auto const name = text.substr(0, text.find('}') + 1);
        auto const found = fillings_->find(name);
        if (found == fillings_->end()) {
            filled += '{';
            text.remove_prefix(1);
            continue;
        }
        auto const& [value, is_table] = found->second;
        filled += is_table ? schema + std::string{value} : fill(value, schema);
        text.remove_prefix(name.size());
    }
    return filled += text;
}

std::vector<std::string> columns_read(SchemaProfile const& profile, Side side)
{
    std::vector<std::string> names;
    auto const add = [&](std::vector<TableColumns> const& tables) {
        for (auto const& table : tables)
            for (auto& name : names_of(table, profile))
                if (std::ranges::find(names, name) == names.end())
                    names.push_back(std::move(name));
    };
    if (side != Side::Source)
        add(columns_of_management());
    if (side != Side::Management)
        add(columns_of_source());
    for (auto const& row : known_pieces()) {
        if (profile.has(row.piece) && (side == Side::Both || side == row.side))
            add(row.read);
    }
    return names;
}

std::vector<ColumnWritten> columns_written(SchemaProfile const& profile)
{
    std::vector<ColumnWritten> columns;
    auto const add = [&](std::vector<WrittenColumns> const& written) {
        for (auto const& [privilege, of] : written)
            for (auto& name : names_of(of, profile))
                columns.push_back({std::string{privilege}, std::move(name)});
    };
    add(written_always());
    for (auto const& row : known_pieces())
        if (profile.has(row.piece))
            add(row.written);
    return columns;
}

SchemaProfile detect_schema(Transaction& tx, Side side)
{
    auto const catalogue = list_schema(tx);
    auto const generation = recognise(catalogue.columns);
    auto const there = pieces_of(catalogue.columns, generation);
    auto profile = SchemaProfile{generation, {}, there}.in_schema(catalogue.schema);
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
    return SchemaProfile{generation, uniqueness_of(catalogue), there}.in_schema(catalogue.schema);
}

}  // namespace tracking::models
