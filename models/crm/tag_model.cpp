#include "models/crm/tag_model.hpp"

#include "models/pg/pg.hpp"
#include "models/rules/tag_color.hpp"
#include "models/rules/tag_text.hpp"
#include "models/values/change.hpp"

namespace tracking::models {

namespace {

constexpr char const* kFindDefinition = R"sql(
    SELECT tag_id
      FROM {tag_definitions}
     WHERE tenant = $1::uuid
       AND tag_text = $2::text
       AND tagged_type = '{tagged_type}'
     ORDER BY tag_id
     LIMIT 1
)sql";

constexpr char const* kInsertDefinition = R"sql(
    INSERT INTO {tag_definitions} (tenant, tag_id, tag_text, tagged_type, background_color,
                                 text_color)
    VALUES ($1::uuid, $2::uuid, $3::text, '{tagged_type}', $4::text, $5::text)
        ON CONFLICT DO NOTHING
)sql";

constexpr char const* kInsertMappings = R"sql(
    INSERT INTO {tag_mappings} (tenant, mapping_id, tag_id, tagged_id, tagged_type, created_by)
    SELECT $1::uuid, want.mapping, $2::uuid, want.company, '{tagged_type}', $5::uuid
      FROM unnest($3::uuid[], $4::uuid[]) AS want (mapping, company)
     WHERE true
       {and_is_untagged}
        {around_conflicts}
    RETURNING tagged_id
)sql";

constexpr char const* kDeleteMappings = R"sql(
    DELETE FROM {tag_mappings} m
     USING {tag_definitions} d
     WHERE m.tenant = $1::uuid
       AND d.tenant = m.tenant
       AND d.tag_id = m.tag_id
       AND d.tag_text = $2::text
       AND m.tagged_type = '{tagged_type}'
       AND m.tagged_id = ANY ($3::uuid[])
    RETURNING m.tagged_id
)sql";

constexpr char const* kDeleteTheseMappings = R"sql(
    DELETE FROM {tag_mappings} m
     WHERE m.tenant = $1::uuid
       AND m.mapping_id = ANY ($2::uuid[])
    RETURNING m.mapping_id
)sql";

// A new mapping to one of these definitions waits for this lock: it would be deleted with the
// definition.
constexpr char const* kLockDefinitions = R"sql(
    SELECT d.tag_id, d.tag_text, COALESCE(d.background_color, ''), COALESCE(d.text_color, '')
      FROM {tag_definitions} d
     WHERE d.tenant = $1::uuid
       AND d.tag_id = ANY ($2::uuid[])
     ORDER BY d.tag_id
       FOR UPDATE
)sql";

constexpr char const* kDefinitionImages = R"sql(
    SELECT d.tag_id, pg_catalog.to_jsonb(d)
      FROM {tag_definitions} d
     WHERE d.tenant = $1::uuid
       AND d.tag_id = ANY ($2::uuid[])
)sql";

constexpr char const* kDeleteUnusedDefinitions = R"sql(
    DELETE FROM {tag_definitions} d
     WHERE d.tenant = $1::uuid
       AND d.tag_id = ANY ($2::uuid[])
       AND NOT EXISTS (SELECT
                         FROM {tag_mappings} m
                        WHERE m.tenant = $1::uuid
                          AND m.tag_id = d.tag_id)
    RETURNING d.tag_id
)sql";

/// The name from which a definition's id is made.
std::string name_of_definition(SchemaProfile const& profile, std::string const& text)
{
    return std::string{profile.tagged_type()} + " tag:" + text;
}

}  // namespace

TagModel::TagModel(SchemaProfile const& profile, TenantId owner, std::optional<UserId> actor)
    : profile_{profile}, owner_{owner}, actor_{actor}
{}

TagId TagModel::define(Transaction& tx, std::string_view raw) const
{
    auto const tag = checked_tag_text(raw);
    auto const find = profile_.fill(kFindDefinition);
    auto const name = name_of_definition(profile_, tag);
    auto const colors = tag_colors(tag);
    auto found = pg::exec(tx, find, {owner_, tag});
    // A definition may have another text by now and still have the id of this one: take the next.
    for (std::size_t attempt = 0; found.empty(); ++attempt) {
        auto const id = name_based<TagId>(owner_, name + std::string(attempt, '+'));
        pg::exec(tx, profile_.fill(kInsertDefinition),
                 {owner_, id, tag, colors.background, colors.text});
        found = pg::exec(tx, find, {owner_, tag});
    }
    return pg::id<TagId>(found[0][0]);
}

std::future<std::optional<TagId>> TagModel::ask_to_find(Transaction& tx, std::string_view raw) const
{
    return pg::ask(tx, profile_.fill(kFindDefinition), {owner_, checked_tag_text(raw)},
                   [](pg::Rows const& found) {
                       return found.empty() ? std::nullopt
                                            : std::optional{pg::id<TagId>(found[0][0])};
                   });
}

MappingId TagModel::mapping_of(TagId tag, CompanyId company) const
{
    return made_mapping_id(owner_, tag, company);
}

std::future<std::vector<CompanyId>> TagModel::ask_to_attach(
    Transaction& tx, TagId tag, std::span<CompanyId const> companies) const
{
    auto const mapping = [&](CompanyId company) { return mapping_of(tag, company); };
    auto const actor = actor_ ? std::optional{actor_->str()} : std::nullopt;
    return pg::ask(
        tx, profile_.fill(kInsertMappings),
        {owner_, tag, pg::array_of(companies, mapping), pg::array_of(companies), pg::Param{actor}},
        &pg::first_column<CompanyId>);
}

std::vector<CompanyId> TagModel::detach(Transaction& tx, std::string_view text,
                                        std::span<CompanyId const> companies) const
{
    return pg::first_column<CompanyId>(
        pg::exec(tx, profile_.fill(kDeleteMappings),
                 {owner_, checked_tag_text(text), pg::array_of(companies)}));
}

std::vector<MappingId> TagModel::remove(Transaction& tx, std::span<MappingId const> mappings) const
{
    return pg::first_column<MappingId>(
        pg::exec(tx, profile_.fill(kDeleteTheseMappings), {owner_, pg::array_of(mappings)}));
}

std::unordered_map<TagId, std::string> TagModel::images(Transaction& tx,
                                                        std::span<TagId const> definitions) const
{
    std::unordered_map<TagId, std::string> images;
    for (auto const& row :
         pg::exec(tx, profile_.fill(kDefinitionImages), {owner_, pg::array_of(definitions)}))
        images.emplace(pg::id<TagId>(row[0]), pg::text(row[1]));
    return images;
}

std::vector<TagId> TagModel::remove_unused(Transaction& tx,
                                           std::span<TagId const> definitions) const
{
    std::vector<TagId> as_made;
    for (auto const& row :
         pg::exec(tx, profile_.fill(kLockDefinitions), {owner_, pg::array_of(definitions)})) {
        auto const id = pg::id<TagId>(row[0]);
        auto const text = std::string{pg::text(row[1])};
        auto const colors = tag_colors(text);
        if (id == name_based<TagId>(owner_, name_of_definition(profile_, text)) &&
            pg::text(row[2]) == colors.background && pg::text(row[3]) == colors.text)
            as_made.push_back(id);
    }
    return pg::first_column<TagId>(
        pg::exec(tx, profile_.fill(kDeleteUnusedDefinitions), {owner_, pg::array_of(as_made)}));
}

}  // namespace tracking::models
