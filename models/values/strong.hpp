#pragma once

#include <string>
#include <utility>
#include <vector>

namespace tracking::models {

/// A value that says by its type what it tells of. It goes for a plain value where one is wanted,
/// but no other kind goes for it.
template <class Value, class What>
struct Strong : Value
{
    using Value::Value;
    Strong() = default;
    Strong(Value value) : Value{std::move(value)} {}
    template <class Other>
    Strong(Strong<Value, Other> const&) = delete;
};

// The texts of a change. What a report shows, masks or leaves out, it knows by these.

using PersonName = Strong<std::string, struct PersonNameText>;
using Email = Strong<std::string, struct EmailText>;
/// Of a company, a tenant, a product or a tag: what reports are about.
using ThingName = Strong<std::string, struct ThingNameText>;
using TagNames = Strong<std::vector<std::string>, struct TagNamesText>;
/// The tags that the job itself attaches: the store has to know them, and no reader.
using OwnTags = Strong<std::vector<std::string>, struct OwnTagsText>;
/// What columns or rows held, and get back: whoever stands in them. No report shows it.
using Stored = Strong<std::string, struct StoredText>;

}  // namespace tracking::models
