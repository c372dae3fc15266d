#include "config/yaml_file.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace tracking::config {
namespace {

// No setting is nested deeper; an alias that contains itself has no end.
constexpr int kDeepest = 4;

class Reader
{
public:
    Reader(std::filesystem::path const& file, Problems& problems)
        : file_(file.string()), problems_(problems)
    {}

    // yaml-cpp counts lines from 0.
    Place line(YAML::Mark const& mark) const
    {
        return {Origin::File, fmt::format("{}:{}", file_, mark.is_null() ? 1 : mark.line + 1)};
    }

    Value convert(YAML::Node const& node, Place const& place, int depth = 0)
    {
        Value value{place, Value::Shape::Nothing, {}, {}, {}};
        if (depth > kDeepest) {
            problems_.add(place, "the values are nested too deeply; no key takes that");
        } else if (node.IsScalar()) {
            value.shape = Value::Shape::Text;
            value.text = node.Scalar();
        } else if (node.IsSequence()) {
            value.shape = Value::Shape::List;
            for (auto const& item : node)
                value.children.push_back(
                    convert(item, item.IsNull() ? place : line(item.Mark()), depth + 1));
        } else if (node.IsMap()) {
            value.shape = Value::Shape::Map;
            for (auto const& field : node)
                add_field(value, field.first, field.second, depth);
        }
        return value;
    }

private:
    void add_field(Value& map, YAML::Node const& key, YAML::Node const& node, int depth)
    {
        auto const place = key.IsNull() ? map.place : line(key.Mark());
        if (!key.IsScalar()) {
            problems_.add(place, "a key must be one word; see `config schema` for the keys");
            return;
        }
        auto const same =
            std::find_if(map.children.begin(), map.children.end(),
                         [&](Value const& other) { return other.key == key.Scalar(); });
        if (same != map.children.end()) {
            problems_.add(place, fmt::format("key \"{}\" is given twice, first at {}; keep one",
                                             same->key, same->place.name));
            return;
        }
        map.children.push_back(convert(node, place, depth + 1));
        map.children.back().key = key.Scalar();
    }

    std::string file_;
    Problems& problems_;
};

}  // namespace

std::optional<std::string> read_text(std::filesystem::path const& file, Place const& place,
                                     Problems& problems)
{
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();  // of a directory: opens, and fails here
    if (stream && errno == 0)
        return text.str();
    problems.add(place, fmt::format("cannot read \"{}\": {}", file.string(), std::strerror(errno)));
    return std::nullopt;
}

Value read_yaml(std::filesystem::path const& file, Problems& problems)
{
    Place const whole{Origin::File, file.string()};
    Value nothing{whole, Value::Shape::Map, {}, {}, {}};
    Reader reader(file, problems);
    auto const text = read_text(file, whole, problems);
    if (!text)
        return nothing;
    try {
        auto const documents = YAML::LoadAll(*text);
        if (documents.size() > 1)
            problems.add(reader.line(documents[1].Mark()),
                         "a second document starts here; only one is read, remove the \"---\"");
        if (documents.empty() || documents[0].IsNull())
            return nothing;
        auto const place = reader.line(documents[0].Mark());
        auto value = reader.convert(documents[0], place);
        if (value.shape == Value::Shape::Map)
            return value;
        problems.add(place, "the file must hold `key: value` lines");
    } catch (YAML::Exception const& error) {  // the library's only way to report wrong syntax
        problems.add(reader.line(error.mark), fmt::format("this is not YAML: {}", error.msg));
    }
    return nothing;
}

}  // namespace tracking::config
