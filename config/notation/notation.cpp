#include "config/notation/notation.hpp"

#include "config/notation/dsn.hpp"
#include "config/notation/duration.hpp"
#include "config/notation/format.hpp"
#include "config/notation/web_address.hpp"
#include "models/rules/rule_violation.hpp"
#include "models/rules/tag_text.hpp"
#include "models/rules/text.hpp"
#include "models/rules/utc.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <charconv>

namespace tracking::config {
namespace {

using std::chrono::milliseconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::size_t kLongestShown = 100;

/// The number in a text of digits only, or nothing.
std::optional<int> parse_digits(std::string_view text)
{
    int number = 0;
    auto const end = text.data() + text.size();
    auto const read = std::from_chars(text.data(), end, number);
    bool const whole = !text.empty() && text[0] != '-' && read.ec == std::errc{} && read.ptr == end;
    return whole ? std::optional{number} : std::nullopt;
}

std::optional<bool> parse_yes_or_no(std::string const& text)
{
    auto const word = models::to_lower_ascii(text);
    if (word == "true" || word == "yes" || word == "on" || word == "1")
        return true;
    if (word == "false" || word == "no" || word == "off" || word == "0")
        return false;
    return std::nullopt;
}

std::optional<sys_days> parse_date(std::string const& text)
{
    if (text.size() != 10 || text[4] != '-' || text[7] != '-')
        return std::nullopt;
    auto const year = parse_digits(text.substr(0, 4));
    auto const month = parse_digits(text.substr(5, 2));
    auto const day = parse_digits(text.substr(8, 2));
    if (!year || !month || !day)
        return std::nullopt;
    year_month_day const date{std::chrono::year{*year},
                              std::chrono::month{static_cast<unsigned>(*month)},
                              std::chrono::day{static_cast<unsigned>(*day)}};
    return date.ok() ? std::optional{sys_days{date}} : std::nullopt;
}

std::optional<double> parse_ratio(std::string const& text)
{
    bool const is_percentage = text.ends_with('%');
    auto const digits = std::string_view{text}.substr(0, text.size() - (is_percentage ? 1 : 0));
    double number = 0;
    auto const end = digits.data() + digits.size();
    auto const read = std::from_chars(digits.data(), end, number, std::chars_format::fixed);
    if (digits.empty() || read.ec != std::errc{} || read.ptr != end)
        return std::nullopt;
    number /= is_percentage ? 100 : 1;
    return number >= 0 && number <= 1 ? std::optional{number} : std::nullopt;
}

/// The same notation for a value that is kept as another type.
template <class To, class From>
Notation<To> as(Notation<From> const& from, auto to, auto back)
{
    auto const parse = [from, to](std::string const& text) -> std::optional<To> {
        auto const parsed = from.parse(text);
        return parsed ? std::optional<To>{to(*parsed)} : std::nullopt;
    };
    auto const show = [from, back](To const& value) { return from.show(back(value)); };
    return {from.placeholder, from.expected, from.schema, parse, show};
}

/// Whether an empty text is accepted.
enum class Empty
{
    Allowed,
    Refused
};

std::string uuid_schema(Empty empty)
{
    auto const form =
        "\\\\s*([uU][rR][nN]:[uU][uU][iI][dD]:)?[{]?[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}"
        "[0-9a-fA-F]{12}[}]?\\\\s*";
    return fmt::format(R"({{"type":"string","pattern":"^({}){}$"}})", form,
                       empty == Empty::Allowed ? "?" : "");
}

std::string show_path(std::filesystem::path const& path)
{
    return json_text(path.string());
}

}  // namespace

std::string json_text(std::string_view text)
{
    return boost::json::serialize(boost::json::string_view{text.data(), text.size()});
}

Notation<bool> yes_or_no()
{
    return {"[=true|false]", "true or false", R"({"type":"boolean"})", parse_yes_or_no,
            [](bool value) { return std::string{value ? "true" : "false"}; }};
}

Notation<int> whole_number(int least, int most)
{
    auto const parse = [=](std::string const& text) {
        auto const number = parse_digits(text);
        return number && *number >= least && *number <= most ? number : std::nullopt;
    };
    return {"N", fmt::format("a whole number from {} to {}", least, most),
            fmt::format(R"({{"type":"integer","minimum":{},"maximum":{}}})", least, most), parse,
            [](int number) { return std::to_string(number); }};
}

Notation<std::size_t> count()
{
    return as<std::size_t>(
        whole_number(0, 1'000'000), [](int number) { return static_cast<std::size_t>(number); },
        [](std::size_t number) { return static_cast<int>(number); });
}

Notation<double> ratio()
{
    return {"RATIO", "a ratio from 0 to 1; write one such as 20% or 0.2",
            R"({"anyOf":[{"type":"number","minimum":0,"maximum":1},)"
            R"({"type":"string","pattern":"^[0-9]+(\\.[0-9]+)?%$"}]})",
            parse_ratio, [](double value) { return fmt::format("\"{:g}%\"", value * 100); }};
}

Notation<milliseconds> duration(milliseconds least, milliseconds most, milliseconds step)
{
    auto const parse = [=](std::string const& text) -> std::optional<milliseconds> {
        auto const length = parse_duration(text);
        bool const fits =
            length && *length >= least && *length <= most && *length % step == milliseconds::zero();
        return fits ? length : std::nullopt;
    };
    auto const whole = step == std::chrono::seconds{1} ? " in whole seconds" : "";
    std::string const text = R"({"type":"string","pattern":"^([0-9]+(d|h|m|s|ms))+$"})";
    auto const schema = least == milliseconds::zero()
                            ? fmt::format(R"({{"anyOf":[{},{{"enum":[0,"0"]}}]}})", text)
                            : text;
    return {
        "DURATION",
        fmt::format("a duration{} from {} to {}; write one such as 500ms, 90s, 15m, 1h30m or 7d",
                    whole, show_duration(least), show_duration(most)),
        schema, parse, [](milliseconds length) { return json_text(show_duration(length)); }};
}

Notation<std::chrono::seconds> seconds(milliseconds least, milliseconds most)
{
    using std::chrono::seconds;
    return as<seconds>(
        duration(least, most, seconds{1}),
        [](milliseconds length) { return std::chrono::duration_cast<seconds>(length); },
        [](seconds length) { return milliseconds{length}; });
}

Notation<sys_days> date()
{
    return {"DATE", "a day of the calendar; write it as 2026-12-31",
            R"({"type":"string","format":"date"})", parse_date,
            [](sys_days day) { return json_text(models::day_text(day)); }};
}

Notation<std::string> nonblank_text(std::string placeholder)
{
    auto const parse = [](std::string const& text) -> std::optional<std::string> {
        return models::trim_ascii(text).empty() || !models::is_utf8(text) ? std::nullopt
                                                                          : std::optional{text};
    };
    return {std::move(placeholder), "a text in UTF-8 with more than blanks",
            R"({"type":"string","pattern":"[^\\s]"})", parse, json_text};
}

Notation<std::string> tag_text()
{
    auto const parse = [](std::string const& text) -> std::optional<std::string> {
        try {
            return models::checked_tag_text(text);
        } catch (models::RuleViolation const&) {
            return std::nullopt;
        }
    };
    return {
        "TAG",
        R"(a tag; it needs 1 to 50 ASCII letters, digits, blanks and punctuation without \ | ~ `)",
        R"({"type":"string","pattern":"^\\s*[!-\\[\\]-_a-{}][\\s!-\\[\\]-_a-{}]{0,49}\\s*$"})",
        parse, json_text};
}

Notation<models::TenantId> tenant_id()
{
    return {"UUID", "a UUID; write it as 01234567-89ab-cdef-0123-456789abcdef",
            uuid_schema(Empty::Refused),
            [](std::string const& text) { return models::TenantId::parse(text); },
            [](models::TenantId const& id) { return json_text(id.str()); }};
}

Notation<std::optional<models::TenantId>> optional_tenant_id()
{
    using Found = std::optional<models::TenantId>;
    auto const one = tenant_id();
    auto const parse = [one](std::string const& text) -> std::optional<Found> {
        auto const id = one.parse(text);
        if (!id && !text.empty())
            return std::nullopt;
        return std::optional<Found>{std::in_place, id};
    };
    auto const show = [one](Found const& id) { return id ? one.show(*id) : json_text(""); };
    return {one.placeholder, one.expected, uuid_schema(Empty::Allowed), parse, show};
}

Notation<std::string> dsn()
{
    auto const parse = [](std::string const& text) -> std::optional<std::string> {
        return mask_passwords(text) ? std::optional{text} : std::nullopt;
    };
    Notation<std::string> notation{
        "DSN", "a libpq connection; write \"host=... dbname=...\" or \"postgresql://host/dbname\"",
        R"({"type":"string"})", parse,
        [](std::string const& text) { return json_text(mask_passwords(text).value_or("")); }};
    notation.secret = true;
    return notation;
}

Notation<std::filesystem::path> file_name()
{
    auto const parse = [](std::string const& text) { return std::filesystem::path{text}; };
    return {"FILE", "a file name", R"({"type":"string"})", parse, show_path};
}

Notation<std::filesystem::path> report_file()
{
    std::string suffixes;
    std::string pattern;
    for (auto const& [format, word, suffix] : kFormats) {
        suffixes += fmt::format("{}{}", suffixes.empty() ? "" : ", ", suffix);
        pattern += fmt::format("{}{}", pattern.empty() ? "" : "|", suffix + 1);
    }
    auto const parse = [](std::string const& text) -> std::optional<std::filesystem::path> {
        std::filesystem::path path{text};
        return format_of(path) ? std::optional{path} : std::nullopt;
    };
    return {"FILE", "a report file; its name must end in one of " + suffixes,
            fmt::format(R"({{"type":"string","pattern":".\\.({})$"}})", pattern), parse, show_path};
}

Notation<std::filesystem::path> textfile()
{
    auto const parse = [](std::string const& text) -> std::optional<std::filesystem::path> {
        std::filesystem::path path{text};
        bool const fits = text.empty() || path.extension() == ".prom";
        return fits ? std::optional{path} : std::nullopt;
    };
    return {"FILE", "a textfile; its name must end in .prom, node_exporter reads no other",
            R"({"type":"string","pattern":"^$|.\\.prom$"})", parse, show_path};
}

Notation<std::string> any_text()
{
    auto const parse = [](std::string const& text) {
        return models::is_utf8(text) ? std::optional{text} : std::nullopt;
    };
    return {"TEXT", "a text in UTF-8", R"({"type":"string"})", parse, json_text};
}

Notation<std::string> http_url()
{
    auto const parse = [](std::string const& text) -> std::optional<std::string> {
        return text.empty() || parse_web_address(text) ? std::optional{text} : std::nullopt;
    };
    Notation<std::string> notation{
        "URL", "an http or https URL; write one such as http://pushgateway:9091",
        R"({"type":"string","pattern":"^$|^[hH][tT][tT][pP][sS]?://"})", parse,
        [](std::string const& text) { return json_text(mask_userinfo(text)); }};
    notation.secret = true;
    return notation;
}

std::string joined(std::vector<std::string> const& words)
{
    return fmt::format("{}", fmt::join(words, "|"));
}

std::string one_of(std::vector<std::string> const& words)
{
    return fmt::format("one of {}", fmt::join(words, ", "));
}

std::string enum_schema(std::vector<std::string> const& words)
{
    boost::json::array const names(words.begin(), words.end());
    return fmt::format(R"({{"enum":{}}})", boost::json::serialize(names));
}

void refuse(std::string_view key, Value const& value, std::string_view expected,
            std::vector<std::string> const& choices, Problems& problems)
{
    std::string given;
    if (value.shape == Value::Shape::Nothing)
        given = "nothing";
    else if (value.shape == Value::Shape::List)
        given = "a list";
    else if (value.shape == Value::Shape::Map)
        given = "a map of keys";
    else if (value.text.size() > kLongestShown)
        given = fmt::format("a text of {} bytes", value.text.size());
    else
        given = json_text(value.text);
    problems.add(value.place, fmt::format("{}: {} is not {}{}", key, given, expected,
                                          did_you_mean(value.text, choices)));
}

}  // namespace tracking::config
