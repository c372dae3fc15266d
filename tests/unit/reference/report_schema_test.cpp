// The schema of the report. A person writes it, and all its descriptions. The lists of drift,
// changes, guards and endings, and what each change holds, follow from the program's tables. This
// writes them anew, and puts the file into form:
//
//     WRITE_REFERENCE=1 build/dev/tests/job_tests --gtest_filter='*ReferenceTest*'

#include "job/commands/command_table.hpp"
#include "job/process/ending.hpp"
#include "job/process/retries.hpp"
#include "job/report/tally.hpp"
#include "models/values/described.hpp"
#include "reconcile/policy/drift_kind.hpp"
#include "reconcile/policy/guard_limits.hpp"
#include "tests/unit/reference/written_text.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <boost/json.hpp>

#include <algorithm>
#include <functional>

namespace tracking::job {
namespace {

namespace json = boost::json;

// Form: what fits on a line stands on it.

constexpr std::size_t kWidth = 100;

std::string line_of(json::value const& value)
{
    std::string line;
    auto const add = [&](std::string const& part) { line += (line.empty() ? "" : ", ") + part; };
    if (auto const* const object = value.if_object()) {
        for (auto const& [key, member] : *object)
            add(json::serialize(key) + ": " + line_of(member));
        return '{' + line + '}';
    }
    if (auto const* const array = value.if_array()) {
        for (auto const& element : *array)
            add(line_of(element));
        return '[' + line + ']';
    }
    return json::serialize(value);
}

/// Words that do not fit on a line fill several.
std::string filled(json::array const& words, std::string const& indent)
{
    std::string text;
    auto line = indent;
    for (auto const& word : words) {
        auto const next = line_of(word) + (&word == &words.back() ? "" : ",");
        if (line.size() + next.size() > kWidth) {
            line.back() = '\n';
            text += std::exchange(line, indent);
        }
        line += next + ' ';
    }
    line.back() = '\n';
    return text + line;
}

/// @param column  where the text begins
std::string in_form(json::value const& value, std::string const& indent, std::size_t column)
{
    auto line = line_of(value);
    auto const inner = indent + "  ";
    std::string text;
    auto const add = [&](std::string const& start, json::value const& part) {
        text += fmt::format("{}{}{}{}", text.empty() ? "" : ",\n", inner, start,
                            in_form(part, inner, inner.size() + start.size()));
    };
    if (column + line.size() < kWidth || !value.is_structured())
        return line;
    if (auto const* const object = value.if_object()) {
        for (auto const& [key, member] : *object)
            add(json::serialize(key) + ": ", member);
        return fmt::format("{{\n{}\n{}}}", text, indent);
    }
    auto const& array = value.as_array();
    if (std::ranges::none_of(array, &json::value::is_structured))
        return fmt::format("[\n{}{}]", filled(array, inner), indent);
    for (auto const& element : array)
        add("", element);
    return fmt::format("[\n{}\n{}]", text, indent);
}

// What the tables say

json::array names(auto const& values, auto name)
{
    json::array array;
    for (auto const& value : values)
        array.push_back(json::value(std::invoke(name, value)));
    return array;
}

constexpr auto kNameOf = [](auto const& value) { return name_of(value); };

json::array commands_that_report()
{
    json::array names;
    for (auto const& command : commands())
        if (command.reports)
            names.push_back(json::value(command.name));
    return names;
}

json::object definition(std::string_view name)
{
    return {{"$ref", fmt::format("#/$defs/{}", name)}};
}

json::array keys(json::object const& object)
{
    return names(object, [](auto const& member) { return member.key(); });
}

/// An object with these properties, all of them, and no others.
json::object closed(json::object properties)
{
    auto const required = keys(properties);
    return {{"type", "object"},
            {"properties", std::move(properties)},
            {"required", required},
            {"additionalProperties", false}};
}

json::object each(json::array const& names, std::string_view is)
{
    json::object properties;
    for (auto const& name : names)
        properties[name.as_string()] = definition(is);
    return properties;
}

json::object change_tally()
{
    auto parts = names(kChangeOutcomes, kNameOf);
    parts.insert(parts.begin(), "due");
    parts.push_back("not_reached");
    auto properties = each(parts, "count");
    properties["rows"] = definition("rows");
    return closed(properties);
}

/// A report that has nothing to do with an undo need not have a tally of what one does.
json::object drift_tallies()
{
    auto tallies = closed(each(names(reconcile::kDriftKinds, kNameOf), "drift_tally"));
    tallies["properties"].as_object()[name_of(reconcile::DriftKind::Undone)] =
        definition("drift_tally");
    return tallies;
}

// What a change holds

template <class T>
constexpr std::type_identity<T> kType{};

/// Of a member, by what its type says that it is.
struct SchemaOf
{
    json::object operator()(std::type_identity<models::ThingName>) const { return text(); }
    json::object operator()(std::type_identity<models::PersonName>) const { return text(); }
    json::object operator()(std::type_identity<models::Email>) const { return or_null(text()); }
    json::object operator()(std::type_identity<models::TagNames>) const { return list(text()); }
    json::object operator()(std::type_identity<std::size_t>) const { return definition("count"); }
    json::object operator()(std::type_identity<bool>) const { return {{"type", "boolean"}}; }
    json::object operator()(std::type_identity<models::PlannedContact>) const
    {
        return definition("contact");
    }
    template <class Tag>
    json::object operator()(std::type_identity<models::Id<Tag>>) const
    {
        return definition("uuid");
    }
    template <class T>
    json::object operator()(std::type_identity<std::vector<T>>) const
    {
        return list((*this)(kType<T>));
    }
    template <class T>
    json::object operator()(std::type_identity<std::optional<T>>) const
    {
        return or_null((*this)(kType<T>));
    }
    template <class T>
    requires boost::describe::has_describe_members<T>::value json::object operator()(
        std::type_identity<T>) const
    {
        return closed(members(T{}));
    }

    static json::object text() { return {{"type", "string"}}; }
    static json::object list(json::object of) { return {{"type", "array"}, {"items", of}}; }
    static json::object or_null(json::object of)
    {
        if (of == text())
            return {{"type", {"string", "null"}}};
        return {{"anyOf", {json::object{{"type", "null"}}, of}}};
    }

    /// All but those that are for the store only.
    template <class T>
    static json::object members(T const& described)
    {
        json::object properties;
        models::for_each_member(described, [&]<class M>(std::string_view name, M const&) {
            if constexpr (!std::is_same_v<M, models::OwnTags>)
                properties[name] = SchemaOf{}(kType<M>);
        });
        return properties;
    }

    static json::object members(models::Restore const&)
    {
        return {{"tenant", definition("uuid")},
                {"company", definition("uuid")},
                {"name", text()},
                {"effects", list(text())}};
    }
};

json::object change_of(std::string_view kind)
{
    json::object properties{{"kind", {{"const", kind}}}};
    std::visit(
        [&](auto const& change) {
            for (auto const& [name, schema] : SchemaOf::members(models::unboxed(change)))
                properties[name] = schema;
        },
        *models::blank_change(kind));
    return closed(properties);
}

// Both together

/// Descriptions are a person's.
void keep_descriptions(json::value& value, json::value const& former)
{
    auto* const object = value.if_object();
    auto const* const was = former.if_object();
    if (!object || !was)
        return;
    for (auto const& [key, member] : *was) {
        if (key == "description" && member.is_string())
            object->insert({{key, member}});
        else if (object->contains(key))
            keep_descriptions(object->at(key), member);
    }
}

class Schema
{
public:
    explicit Schema(json::value written) : schema_(std::move(written)) {}

    /// @param place  a JSON pointer; its last part may be new
    void set(std::string const& place, json::value value)
    {
        auto const slash = place.rfind('/');
        auto& parent = schema_.at_pointer(place.substr(0, slash)).as_object();
        auto& old = parent[place.substr(slash + 1)];
        keep_descriptions(value, old);
        old = std::move(value);
    }

    void set_names(std::string const& place, json::array const& names)
    {
        set(place + "/enum", names);
    }

    /// An object that has all of its properties.
    void require_all(std::string const& place)
    {
        auto& object = schema_.at_pointer(place).as_object();
        object["required"] = keys(object.at("properties").as_object());
    }

    std::string text() const { return in_form(schema_, "", 0) + '\n'; }

private:
    json::value schema_;
};

std::string as_the_tables_say(std::string const& written)
{
    Schema schema{json::parse(written)};
    auto const changes = names(tally_changes(Report{}), &NamedChangeTally::kind);
    auto const restraints = names(kRestraints, kNameOf);
    auto const retries = names(kRetryTable, &RetryRow::name);
    std::string const item = "/$defs/item/properties/";

    schema.set_names("/properties/command", commands_that_report());
    schema.set_names("/properties/outcome", names(kEndings, &EndingRow::name));
    schema.set_names("/properties/exit_code",
                     names(kEndings, [](auto const& row) { return static_cast<int>(row.ending); }));
    schema.set_names("/properties/guards/items/properties/kind",
                     names(reconcile::kGuardTable, &reconcile::GuardRow::name));
    schema.set_names(item + "kind", names(reconcile::kDriftTable, &reconcile::DriftRow::name));
    schema.set_names(item + "hold/anyOf/1/properties/kind", restraints);
    schema.set_names(item + "result/anyOf/1/properties/outcome", names(kChangeOutcomes, kNameOf));

    std::string const overview = "/properties/overview/anyOf/1";
    for (auto const& row : reconcile::kGuardTable)
        schema.set(fmt::format("{}/properties/{}", overview, row.name), definition("size"));
    schema.require_all(overview);
    schema.set("/properties/changes", closed(each(changes, "change_tally")));
    schema.set("/properties/retries", closed(each(retries, "count")));
    schema.set("/$defs/drift", drift_tallies());
    schema.set("/$defs/drift_tally/properties/held", closed(each(restraints, "count")));
    schema.set("/$defs/change_tally", change_tally());
    schema.set("/$defs/contact", closed(SchemaOf::members(models::PlannedContact{})));
    json::array any;
    for (auto const& kind : changes) {
        std::string const name{kind.as_string()};
        schema.set("/$defs/" + name, change_of(name));
        any.push_back(definition(name));
    }
    schema.set(item + "change/anyOf/1/oneOf", any);
    return schema.text();
}

TEST(SchemaReferenceTest, SaysWhatTheTablesSay)
{
    expect_written(REPORT_SCHEMA, as_the_tables_say);
}

}  // namespace
}  // namespace tracking::job
