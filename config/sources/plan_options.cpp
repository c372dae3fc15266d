#include "config/sources/plan_options.hpp"

#include "config/notation/dsn.hpp"
#include "config/notation/shell_word.hpp"
#include "config/settings/setting.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace tracking::config {

namespace {

namespace json = boost::json;

Value value_of(json::value const& from, Place const& place)
{
    Value value{.place = place, .shape = Value::Shape::Text, .key = {}, .text = {}, .children = {}};
    if (auto const* const list = from.if_array()) {
        value.shape = Value::Shape::List;
        for (auto const& one : *list)
            value.children.push_back(value_of(one, place));
    } else if (auto const* const object = from.if_object()) {
        value.shape = Value::Shape::Map;
        for (auto const& [key, one] : *object) {
            value.children.push_back(value_of(one, place));
            value.children.back().key = key;
        }
    } else if (auto const* const text = from.if_string()) {
        value.text = *text;
    }
    return value;
}

/// Numbers and words stay as they are written: JSON would write 0.2 as 2E-1.
Value value_of(std::string const& text, Place const& place)
{
    json::error_code error;
    auto const parsed = json::parse(text, error);
    if (!error && (parsed.is_array() || parsed.is_object() || parsed.is_string()))
        return value_of(parsed, place);
    return {.place = place, .shape = Value::Shape::Text, .key = {}, .text = text, .children = {}};
}

/// Each command decides how it reports and whether it writes, so such keys are not repeated.
bool is_repeated(std::string_view key)
{
    constexpr std::array kNot{"report",     "format",   "dry-run", "color",
                              "list-limit", "deadline", "by"};
    return std::ranges::find(kNot, key) == kNot.end() && !key.starts_with("log.") &&
           !key.starts_with("metrics.") && !key.starts_with("notify.");
}

}  // namespace

bool shapes_plan(std::string_view key)
{
    constexpr std::array kKeys{"policy",      "products", "exclude",
                               "minimum-age", "contacts", "waivers"};
    constexpr std::array kSections{"tag.", "drift.", "cleanup.", "grace.", "guard."};
    return std::ranges::find(kKeys, key) != kKeys.end() ||
           std::ranges::any_of(kSections, [&](auto section) { return key.starts_with(section); });
}

std::map<std::string, std::string> plan_options(Config const& config)
{
    std::map<std::string, std::string> options;
    for (auto const& setting : settings()) {
        if (shapes_plan(setting.key))
            options.emplace(setting.key, setting.show(config));
    }
    return options;
}

void take_plan_options(Loaded& into, std::map<std::string, std::string> const& options,
                       std::string const& plan_file, Problems& problems)
{
    Place const place{Origin::File, plan_file};
    for (auto const& [key, text] : options) {
        auto const* const setting = find_setting(key);
        if (!setting || !shapes_plan(key)) {
            problems.add(place, fmt::format("the plan was made with an option \"{}\" that this "
                                            "program does not know; make a new plan",
                                            key));
            continue;
        }
        auto const given = into.places.find(key);
        if (given != into.places.end() && given->second.origin == Origin::Flag)
            continue;
        if (key == "waivers")
            into.config.policy.waivers.clear();
        setting->read(value_of(text, place), into.config, problems);
        into.places[key] = place;
    }
}

std::vector<std::string> repeated_flags(CommandLine const& line, OptionFilter const& takes)
{
    std::vector<std::string> flags;
    for (auto const& file : line.config)
        flags.push_back("--config=" + shell_word(file));
    for (auto const& [key, values] : line.settings) {
        auto const* const setting = find_setting(key);
        if (!setting || !is_repeated(key) || !takes(key))
            continue;
        for (auto const& value : values) {
            auto const shown = key.ends_with(".dsn") ? mask_passwords(value).value_or("") : value;
            flags.push_back(fmt::format("{}={}", setting->flag(), shell_word(shown)));
        }
    }
    return flags;
}

}  // namespace tracking::config
