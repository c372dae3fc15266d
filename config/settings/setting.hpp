#pragma once

#include "config/notation/value.hpp"
#include "config/settings/config.hpp"

#include <functional>
#include <string>
#include <vector>

namespace tracking::config {

/// One thing that an operator can set. The table of all settings gives the YAML keys, the
/// environment names, the flags, `config show` and the JSON Schema.
struct Setting
{
    enum class Form
    {
        Single,
        Switch,   ///< as a flag without a value it means true
        List,     ///< repeated or separated by commas as a flag and in the environment
        FileOnly  ///< neither flag nor environment
    };

    std::string key;  ///< "grace.time": nested one level in YAML
    Form form = Form::Single;
    std::string placeholder;
    std::string help;
    std::string schema;  ///< JSON Schema of the value
    std::function<void(Value const&, Config&, Problems&)> read;
    std::function<std::string(Config const&)> show;  ///< JSON; passwords masked
    std::vector<std::string> aliases = {};           ///< older names in the environment

    std::string flag() const;      ///< "--grace-time"
    std::string variable() const;  ///< "CUSTOMER_RECONCILE_GRACE_TIME"
};

inline constexpr char const* kVariablePrefix = "CUSTOMER_RECONCILE_";

/// Every setting, sections together, in the order in which they are documented.
std::vector<Setting> const& settings();

/// Nothing for an unknown key.
Setting const* find_setting(std::string_view key);

/// "source" of "source.dsn"; empty for a key at the top.
std::string section_of(std::string const& key);

/// The setting `waivers`.
Setting waivers_setting();

}  // namespace tracking::config
