#pragma once

#include "models/pg/database.hpp"
#include "models/rules/id.hpp"
#include "models/schema/schema.hpp"

#include <future>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tracking::models {

/// Tags on one owner's companies; see CompanyModel for what all its functions share.
class TagModel
{
public:
    /// `actor` becomes `created_by` of new mappings; a program without a user session has none.
    TagModel(SchemaProfile const& profile, TenantId owner, std::optional<UserId> actor = {});

    /// The definition of a tag on companies. Where there is none, it is made with the colours of
    /// its text. Where several exist (unique constraints may be absent), the first by id.
    /// @throws RuleViolation for a text that is no tag
    TagId define(Transaction& tx, std::string_view text) const;

    /// The definition that define() would return; nothing where it would make one.
    std::optional<TagId> find(Transaction& tx, std::string_view text) const
    {
        return ask_to_find(tx, text).get();
    }

    /// The same; get() waits.
    std::future<std::optional<TagId>> ask_to_find(Transaction& tx, std::string_view text) const;

    /// The id of a mapping that attach() makes.
    MappingId mapping_of(TagId tag, CompanyId company) const;

    /// Maps the tag to those companies that do not carry its text yet. The caller has made or
    /// locked the companies in this transaction, since no foreign key checks them.
    std::vector<CompanyId> attach(Transaction& tx, TagId tag,
                                  std::span<CompanyId const> companies) const
    {
        return ask_to_attach(tx, tag, companies).get();
    }

    /// The same; get() waits.
    std::future<std::vector<CompanyId>> ask_to_attach(Transaction& tx, TagId tag,
                                                      std::span<CompanyId const> companies) const;

    /// Removes every mapping of a tag with that text.
    std::vector<CompanyId> detach(Transaction& tx, std::string_view text,
                                  std::span<CompanyId const> companies) const;

    /// Removes exactly these mappings, and no others with the same text.
    std::vector<MappingId> remove(Transaction& tx, std::span<MappingId const> mappings) const;

    /// The whole rows of these definitions, as JSON.
    std::unordered_map<TagId, std::string> images(Transaction& tx,
                                                  std::span<TagId const> definitions) const;

    /// Removes the definitions that no mapping uses and that are still as define() made them.
    std::vector<TagId> remove_unused(Transaction& tx, std::span<TagId const> definitions) const;

private:
    SchemaProfile profile_;
    TenantId owner_;
    std::optional<UserId> actor_;
};

}  // namespace tracking::models
