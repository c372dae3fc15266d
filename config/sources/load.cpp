#include "config/sources/load.hpp"

#include "config/notation/dsn.hpp"
#include "config/notation/notation.hpp"
#include "config/notation/web_address.hpp"
#include "config/settings/setting.hpp"
#include "config/sources/yaml_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <regex>
#include <set>
#include <string_view>
#include <utility>

namespace tracking::config {
namespace {

constexpr char const* kFileVariable = "CUSTOMER_RECONCILE_CONFIG";

Value text_value(Place place, std::string text)
{
    return {std::move(place), Value::Shape::Text, {}, std::move(text), {}};
}

/// Flags and variables hold lists as texts with commas; an empty text is an empty list.
Value value_of(Setting const& setting, Place const& place, std::vector<std::string> const& texts)
{
    if (setting.form != Setting::Form::List)
        return text_value(place, texts.back());
    Value value{place, Value::Shape::List, {}, {}, {}};
    for (std::string_view left : texts)
        while (!left.empty()) {
            auto const comma = std::min(left.find(','), left.size());
            value.children.push_back(text_value(place, std::string{left.substr(0, comma)}));
            left.remove_prefix(std::min(comma + 1, left.size()));
        }
    return value;
}

/// In every pod Kubernetes sets such variables for a Service called customer-reconcile.
bool is_service_variable(std::string const& name)
{
    static std::regex const pattern(
        "(.*_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_[A-Z]+)?)?)");
    return std::regex_match(name.substr(std::string_view{kVariablePrefix}.size()), pattern);
}

/// `docker run --env-file` leaves the quotes that a shell would remove.
bool is_quoted(std::string_view text)
{
    return text.size() > 1 && (text.front() == '"' || text.front() == '\'') &&
           text.back() == text.front();
}

/// The text of the first of the setting's variables that is set.
std::optional<std::pair<std::string, std::string>> find_variable(
    Setting const& setting, std::map<std::string, std::string> const& environment)
{
    std::vector<std::string> names = {setting.variable()};
    names.insert(names.end(), setting.aliases.begin(), setting.aliases.end());
    for (auto const& name : names)
        if (auto const found = environment.find(name);
            found != environment.end() && !found->second.empty())
            return *found;
    return std::nullopt;
}

Place place_of(std::string const& key, std::map<std::string, Place> const& places)
{
    auto const found = places.find(key);
    return found == places.end() ? Place{Origin::Default, "default"} : found->second;
}

class Loader
{
public:
    void add_file(std::filesystem::path const& file)
    {
        auto const top = read_yaml(file, problems_);
        for (auto const& child : top.children)
            if (sections().contains(child.key))
                add_section(child);
            else
                add_field(child.key, child);
    }

    void add_environment(std::map<std::string, std::string> const& environment)
    {
        std::vector<std::string> known = {kFileVariable};
        for (auto const& setting : settings()) {
            if (setting.form == Setting::Form::FileOnly)
                continue;
            known.push_back(setting.variable());
            auto const found = find_variable(setting, environment);
            if (!found)
                continue;
            Place const place{Origin::Environment, found->first};
            if (is_quoted(found->second))
                problems_.add(place,
                              fmt::format("{}: the value is between quotes, which are part of it "
                                          "here: neither an env file nor a manifest takes them "
                                          "away; write it without",
                                          setting.key));
            else
                add(setting, value_of(setting, place, {found->second}));
        }
        for (auto const& variable : environment) {
            auto const& name = variable.first;
            if (name.starts_with(kVariablePrefix) && !is_service_variable(name) &&
                std::find(known.begin(), known.end(), name) == known.end())
                problems_.add({Origin::Environment, name},
                              "no setting has this name" +
                                  did_you_mean(name, known, "; unset it",
                                               std::string_view{kVariablePrefix}.size()));
        }
    }

    void add_flags(std::map<std::string, std::vector<std::string>> const& flags)
    {
        for (auto const& setting : settings())
            if (auto const given = flags.find(setting.key); given != flags.end())
                add(setting, value_of(setting, {Origin::Flag, setting.flag()}, given->second));
    }

    Loaded finish(Problems& problems)
    {
        check_tags();
        note_management_tenant_name();
        if (config().policy.products.empty())
            problems_.add(place("products"), "products: the list is empty; name at least one");
        auto& management = loaded_.config.management;
        if (management.dsn.empty() && !management.password_file.empty())
            problems_.add(place("management.password-file"),
                          "management.password-file: without management.dsn the source's "
                          "connection is used; set management.dsn, or use source.password-file");
        read_password(loaded_.config.source, "source");
        read_password(management, "management");
        read_password(loaded_.config.metrics);
        problems = problems_;
        return std::move(loaded_);
    }

private:
    static std::set<std::string> const& sections()
    {
        static auto const names = [] {
            std::set<std::string> found;
            for (auto const& setting : settings())
                if (auto const section = section_of(setting.key); !section.empty())
                    found.insert(section);
            return found;
        }();
        return names;
    }

    void add_section(Value const& section)
    {
        if (section.shape != Value::Shape::Map && section.shape != Value::Shape::Nothing)
            problems_.add(section.place,
                          fmt::format("{0}: it has keys of its own; write them indented on the "
                                      "lines after \"{0}:\"",
                                      section.key));
        for (auto const& field : section.children)
            if (section.shape == Value::Shape::Map)
                add_field(section.key + "." + field.key, field);
    }

    /// `key` is the whole key. A field at the top whose own name has a dot is an error.
    void add_field(std::string const& key, Value const& field)
    {
        auto const* setting = find_setting(key);
        bool const nested = key != field.key;
        if (setting && nested == !section_of(key).empty())
            return add(*setting, field);
        if (setting)
            return problems_.add(field.place, fmt::format("key \"{0}\": write \"{1}:\" and under "
                                                          "it, indented, \"{2}:\"",
                                                          key, section_of(key),
                                                          key.substr(section_of(key).size() + 1)));
        std::vector<std::string> candidates(sections().begin(), sections().end());
        for (auto const& known : settings())
            candidates.push_back(known.key);
        problems_.add(field.place,
                      fmt::format("unknown key \"{}\"{}", key,
                                  did_you_mean(key, candidates,
                                               "; remove it, `config schema` lists the keys")));
    }

    void add(Setting const& setting, Value const& value)
    {
        setting.read(value, loaded_.config, problems_);
        loaded_.places[setting.key] = value.place;
    }

    /// The file that documents every key holds the default too. There it is not the operator's
    /// choice.
    void note_management_tenant_name()
    {
        auto const origin = place("management.tenant-name").origin;
        loaded_.config.is_management_tenant_named =
            origin != Origin::Default &&
            (origin != Origin::File ||
             config().management_tenant_name != Config{}.management_tenant_name);
    }

    void check_tags()
    {
        std::map<std::string, std::string> keys;
        for (auto const* key : {"tag.psa", "tag.algadesk", "tag.canceled"}) {
            auto const tag = find_setting(key)->show(config());
            auto const [other, fresh] = keys.emplace(tag, key);
            if (!fresh)
                problems_.add(place(key), fmt::format("{}: {} is the tag of {} already; choose "
                                                      "another",
                                                      key, tag, other->second));
        }
    }

    void read_password(Database& database, std::string const& section)
    {
        auto const key = section + ".password-file";
        if (database.password_file.empty())
            return;
        if (holds_password(database.dsn))
            problems_.add(place(section + ".dsn"),
                          fmt::format("{}.dsn: it holds a password although {} is set; keep one",
                                      section, key));
        database.password = first_line(database.password_file, key);
    }

    void read_password(Metrics& metrics)
    {
        std::string const key = "metrics.pushgateway-password-file";
        auto const address = parse_web_address(metrics.pushgateway);
        if (address && !address->user.empty() && !metrics.pushgateway_user.empty())
            problems_.add(place("metrics.pushgateway"),
                          "metrics.pushgateway: the URL holds a user although "
                          "metrics.pushgateway-user is set; keep one");
        if (metrics.pushgateway_password_file.empty())
            return;
        if (metrics.pushgateway_user.empty())
            problems_.add(place(key), key +
                                          ": a password without a user; set "
                                          "metrics.pushgateway-user");
        metrics.pushgateway_password = first_line(metrics.pushgateway_password_file, key);
    }

    std::string first_line(std::filesystem::path const& file, std::string const& key)
    {
        auto const text = read_text(file, place(key), problems_);
        auto line = text ? text->substr(0, text->find_first_of("\r\n")) : std::string{};
        if (text && line.empty())
            problems_.add(place(key), fmt::format("{}: the first line of \"{}\" is empty; write "
                                                  "the password there",
                                                  key, file.string()));
        return line;
    }

    Place place(std::string const& key) const { return place_of(key, loaded_.places); }

    Config const& config() const { return loaded_.config; }

    Loaded loaded_;
    Problems problems_;
};

std::string describe(Place const& place)
{
    switch (place.origin) {
        case Origin::Default:
            return "default";
        case Origin::File:
            return fmt::format("file ({})", place.name);
        case Origin::Environment:
            return fmt::format("environment ({})", place.name);
        case Origin::Flag:
            return fmt::format("flag ({})", place.name);
    }
    return {};
}

}  // namespace

std::vector<std::string> Loaded::show() const
{
    std::vector<std::string> lines;
    std::string section;
    for (auto const& setting : settings()) {
        auto const prefix = section_of(setting.key);
        if (prefix != section && !prefix.empty())
            lines.push_back(prefix + ":");
        section = prefix;
        auto const name =
            prefix.empty() ? setting.key : "  " + setting.key.substr(prefix.size() + 1);
        lines.push_back(fmt::format("{}: {}  # {}", name, setting.show(config),
                                    describe(place_of(setting.key, places))));
    }
    return lines;
}

std::string Loaded::show_json() const
{
    std::string text = R"({"format": "customer-reconcile/config", "version": 1, "settings": {)";
    std::string_view separator = "\n";
    for (auto const& setting : settings()) {
        text +=
            fmt::format(R"({}{}: {{"value": {}, "origin": {}}})", separator, json_text(setting.key),
                        setting.show(config), json_text(describe(place_of(setting.key, places))));
        separator = ",\n";
    }
    return text + "\n}}\n";
}

Loaded load(Sources const& sources, Problems& problems)
{
    Loader loader;
    auto const named = sources.environment.find(kFileVariable);
    if (sources.file)
        loader.add_file(*sources.file);
    else if (named != sources.environment.end() && !named->second.empty())
        loader.add_file(named->second);
    loader.add_environment(sources.environment);
    loader.add_flags(sources.flags);
    return loader.finish(problems);
}

std::map<std::string, std::string> process_environment()
{
    std::map<std::string, std::string> variables;
    for (char** entry = environ; entry && *entry; ++entry) {
        std::string_view const text = *entry;
        auto const equals = std::min(text.find('='), text.size());
        variables.emplace(text.substr(0, equals), text.substr(std::min(equals + 1, text.size())));
    }
    return variables;
}

}  // namespace tracking::config
