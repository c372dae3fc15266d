#pragma once

#include <string>
#include <utility>
#include <vector>

namespace tracking::models {

/// A value whose type says what it is. It converts to the plain value, but no other kind of Strong
/// converts to it.
template <class Value, class What>
struct Strong : Value
{
    using Value::Value;
    Strong() = default;
    Strong(Value value) : Value{std::move(value)} {}
    template <class Other>
    Strong(Strong<Value, Other> const&) = delete;
};

// The texts of a change. By these types a report decides what it shows, masks or leaves out.

using PersonName = Strong<std::string, struct PersonNameText>;
using Email = Strong<std::string, struct EmailText>;
/// The name of a company, a tenant, a product or a tag: what reports are about.
using ThingName = Strong<std::string, struct ThingNameText>;
using TagNames = Strong<std::vector<std::string>, struct TagNamesText>;
/// The tags that the job itself attaches. The store has to know them; a reader does not.
using OwnTags = Strong<std::vector<std::string>, struct OwnTagsText>;
/// What columns or rows held before, to be written back. It may name people, so no report shows it.
using Stored = Strong<std::string, struct StoredText>;

}  // namespace tracking::models
