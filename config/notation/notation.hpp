#pragma once

#include "config/notation/value.hpp"
#include "models/rules/id.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tracking::config {

/// How a T is written: as text in every source, and as JSON (which is YAML too) when it is shown.
template <class T>
struct Notation
{
    std::string placeholder;
    std::string expected;  ///< completes the sentence `"x" is not ...`
    std::string schema;    ///< JSON Schema of one value
    std::function<std::optional<T>(std::string const&)> parse;
    std::function<std::string(T const&)> show;
    std::vector<std::string> choices = {};
    bool secret = false;  ///< a wrong value is not repeated in the message
};

/// The text as a JSON string.
std::string json_text(std::string_view text);

Notation<bool> yes_or_no();
Notation<int> whole_number(int least, int most);
/// 0 to a million.
Notation<std::size_t> count();
/// 0 to 1, also written as a percentage.
Notation<double> ratio();
/// Both ends belong to the range; `step` divides every value.
Notation<std::chrono::milliseconds> duration(
    std::chrono::milliseconds least, std::chrono::milliseconds most,
    std::chrono::milliseconds step = std::chrono::milliseconds{1});
/// The same in whole seconds.
Notation<std::chrono::seconds> seconds(std::chrono::milliseconds least,
                                       std::chrono::milliseconds most);
Notation<std::chrono::sys_days> date();
Notation<std::string> nonblank_text(std::string placeholder);
Notation<std::string> tag_text();
Notation<models::TenantId> tenant_id();
/// An empty text stands for nothing.
Notation<std::optional<models::TenantId>> optional_tenant_id();
Notation<std::string> dsn();
Notation<std::filesystem::path> file_name();
Notation<std::filesystem::path> report_file();
/// Nothing, or a file of the node_exporter's textfile collector.
Notation<std::filesystem::path> textfile();
Notation<std::string> any_text();
/// Nothing, or an http or https URL without query. Shown without its password.
Notation<std::string> http_url();

/// For a value that is one of these words: its placeholder, `expected` and schema.
std::string joined(std::vector<std::string> const& words);
std::string one_of(std::vector<std::string> const& words);
std::string enum_schema(std::vector<std::string> const& words);

template <class T>
Notation<T> choice(std::vector<std::pair<std::string, T>> const& options)
{
    std::vector<std::string> words;
    words.reserve(options.size());
    for (auto const& option : options)
        words.push_back(option.first);
    auto const parse = [options](std::string const& text) -> std::optional<T> {
        for (auto const& [word, value] : options)
            if (word == text)
                return value;
        return std::nullopt;
    };
    auto const show = [options](T const& value) {
        for (auto const& option : options)
            if (option.second == value)
                return json_text(option.first);
        return json_text("");
    };
    return {joined(words), one_of(words), enum_schema(words), parse, show, words};
}

/// Reports at the value's place that the setting `key` cannot have this value.
void refuse(std::string_view key, Value const& value, std::string_view expected,
            std::vector<std::string> const& choices, Problems& problems);

template <class T>
std::optional<T> read_one(std::string_view key, Value const& value, Notation<T> const& notation,
                          Problems& problems)
{
    auto parsed = value.shape == Value::Shape::Text ? notation.parse(value.text) : std::nullopt;
    if (!parsed) {
        auto shown = value;
        if (notation.secret)
            shown.text = "(not shown)";
        refuse(key, shown, notation.expected, notation.choices, problems);
    }
    return parsed;
}

}  // namespace tracking::config
