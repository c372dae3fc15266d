#include "models/rules/json_text.hpp"

#include "models/rules/rule_violation.hpp"

#include <boost/json/basic_parser_impl.hpp>

namespace tracking::models {

namespace {

constexpr std::size_t kMaxDepth = 15'000;
constexpr json::string_view kMark{"\0", 1};

class Reader
{
public:
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_object_size = json::object::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();

    json::value release() { return stack_.release(); }

    bool on_document_begin(json::error_code&)
    {
        stack_.reset();
        return true;
    }
    bool on_document_end(json::error_code&) { return true; }
    bool on_array_begin(json::error_code&) { return true; }
    bool on_array_end(std::size_t size, json::error_code&)
    {
        stack_.push_array(size);
        return true;
    }
    bool on_object_begin(json::error_code&) { return true; }
    bool on_object_end(std::size_t size, json::error_code&)
    {
        stack_.push_object(size);
        return true;
    }
    bool on_string_part(json::string_view part, std::size_t total, json::error_code& error)
    {
        stack_.push_chars(part);
        return is_unmarked(part, total, error);
    }
    bool on_string(json::string_view part, std::size_t total, json::error_code& error)
    {
        stack_.push_string(part);
        return is_unmarked(part, total, error);
    }
    bool on_key_part(json::string_view part, std::size_t total, json::error_code& error)
    {
        stack_.push_chars(part);
        return is_unmarked(part, total, error);
    }
    bool on_key(json::string_view part, std::size_t total, json::error_code& error)
    {
        stack_.push_key(part);
        return is_unmarked(part, total, error);
    }
    // The text is given whole, so no number comes in parts.
    bool on_number_part(json::string_view, json::error_code&) { return true; }
    bool on_int64(std::int64_t number, json::string_view text, json::error_code& error)
    {
        if (text == "-0")
            return on_double(0, text, error);
        stack_.push_int64(number);
        return true;
    }
    bool on_uint64(std::uint64_t number, json::string_view, json::error_code&)
    {
        stack_.push_uint64(number);
        return true;
    }
    bool on_double(double, json::string_view text, json::error_code&)
    {
        stack_.push_chars(kMark);
        stack_.push_string(text);
        return true;
    }
    bool on_bool(bool value, json::error_code&)
    {
        stack_.push_bool(value);
        return true;
    }
    bool on_null(json::error_code&)
    {
        stack_.push_null();
        return true;
    }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }

private:
    /// Whether a string can be told from a number. One that begins like our numbers would be
    /// written as a number.
    static bool is_unmarked(json::string_view part, std::size_t total, json::error_code& error)
    {
        if (part.size() == total && part.starts_with(kMark))
            error = json::error::syntax;
        return !error;
    }

    json::value_stack stack_;
};

/// Takes quotes and marks off the numbers.
std::string unmarked(std::string const& text)
{
    constexpr std::string_view kWritten = "\\u0000";
    std::string exact;
    std::size_t done = 0;
    for (auto at = text.find(kWritten); at != std::string::npos; at = text.find(kWritten, at + 1)) {
        bool const is_first = at > 0 && text[at - 1] == '"' && (at == 1 || text[at - 2] != '\\');
        if (!is_first)
            continue;
        exact.append(text, done, at - 1 - done);
        auto const number = at + kWritten.size();
        at = text.find('"', number);
        exact.append(text, number, at - number);
        done = at + 1;
    }
    return exact.append(text, done);
}

}  // namespace

JsonReading read_json(std::string_view text)
{
    json::parse_options options;
    options.max_depth = kMaxDepth;
    json::basic_parser<Reader> parser{options};
    JsonReading reading;
    reading.length = parser.write_some(false, text.data(), text.size(), reading.error);
    if (!reading.error && reading.length < text.size())
        reading.error = json::error::extra_data;
    if (!reading.error)
        reading.value = parser.handler().release();
    return reading;
}

json::value parsed_json(std::string_view text)
{
    if (text.empty())
        return nullptr;
    auto reading = read_json(text);
    if (reading.error)
        // The text itself is not shown: it may be about people.
        throw RuleViolation{"JSON of", std::to_string(text.size()) + " bytes",
                            reading.error.message() + " at byte " + std::to_string(reading.length)};
    return std::move(reading.value);
}

std::string json_text(json::value const& value)
{
    return unmarked(json::serialize(value));
}

std::string json_text(json::object const& object)
{
    return unmarked(json::serialize(object));
}

json::object object_at(json::object const& object, std::string_view member)
{
    auto const* const found = object.if_contains(member);
    return found && found->is_object() ? found->get_object() : json::object{};
}

json::array array_at(json::object const& object, std::string_view member)
{
    auto const* const found = object.if_contains(member);
    return found && found->is_array() ? found->get_array() : json::array{};
}

std::string text_at(json::object const& object, std::string_view member)
{
    auto const* const found = object.if_contains(member);
    return found && found->is_string() ? std::string{found->get_string()} : std::string{};
}

bool flag_at(json::object const& object, std::string_view member)
{
    auto const* const found = object.if_contains(member);
    return found && found->is_bool() && found->get_bool();
}

bool is_null_at(json::object const& object, std::string_view member)
{
    auto const* const found = object.if_contains(member);
    return found && found->is_null();
}

bool is_same(json::value const* a, json::value const* b)
{
    return a && b ? *a == *b : a == b;
}

void set_at(json::object& object, std::string_view member, json::value const* value)
{
    if (value)
        object[member] = *value;
    else
        object.erase(member);
}

void for_each_text(json::value& value, std::function<void(json::string&)> const& visit)
{
    if (auto* const text = value.if_string()) {
        if (!text->starts_with(kMark))
            visit(*text);
    } else if (auto* const elements = value.if_array()) {
        for (auto& one : *elements)
            for_each_text(one, visit);
    } else if (auto* const members = value.if_object()) {
        for (auto& one : *members)
            for_each_text(one.value(), visit);
    }
}

}  // namespace tracking::models
