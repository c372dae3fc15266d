#include "config/settings/json_schema.hpp"

#include "config/settings/setting.hpp"

#include <boost/json.hpp>

namespace tracking::config {
namespace {

namespace json = boost::json;

json::object property(Setting const& setting)
{
    auto property = json::parse(setting.schema).as_object();
    property["description"] = setting.help;
    property["default"] = json::parse(setting.show(Config{}));
    return property;
}

json::object closed_object()
{
    return {{"type", json::array{"object", "null"}},
            {"additionalProperties", false},
            {"properties", json::object{}}};
}

/// Writes objects with one key a line, and arrays on one line. Boost.JSON itself writes everything
/// on one line.
void indent(json::value const& value, std::string const& margin, std::string& text)
{
    auto const* object = value.if_object();
    if (!object || object->empty()) {
        text += json::serialize(value);
        return;
    }
    auto const deeper = margin + "  ";
    char separator = '{';
    for (auto const& field : *object) {
        text += separator + ("\n" + deeper) + json::serialize(field.key()) + ": ";
        indent(field.value(), deeper, text);
        separator = ',';
    }
    text += "\n" + margin + "}";
}

}  // namespace

std::string json_schema()
{
    auto schema = closed_object();
    auto& properties = schema["properties"].as_object();
    for (auto const& setting : settings()) {
        auto const section = section_of(setting.key);
        if (section.empty()) {
            properties[setting.key] = property(setting);
            continue;
        }
        if (!properties.contains(section))
            properties[section] = closed_object();
        auto const name = setting.key.substr(section.size() + 1);
        properties[section].as_object()["properties"].as_object()[name] = property(setting);
    }
    json::object whole = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                          {"title", "Configuration of customer-reconcile"}};
    whole.insert(schema.begin(), schema.end());
    std::string text;
    indent(whole, "", text);
    return text + "\n";
}

}  // namespace tracking::config
