#include "job/report/masking.hpp"

#include "job/process/terminal.hpp"

#include <boost/pfr.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace tracking::job {

namespace {

constexpr std::string_view kMask = "***";

/// What an address cannot go beyond in a sentence.
bool is_delimiter(char c)
{
    return static_cast<unsigned char>(c) <= ' ' ||
           std::string_view{"\"<>()[],;:"}.find(c) != std::string_view::npos;
}

/// What follows the @ of `postgres@worker-1:5432` and `postgres@10.0.0.5:5432`, as Citus names a
/// server: nobody's address has a port, and in a name with dots it is taken for one all the same.
bool is_server(std::string_view text)
{
    auto const host = text.substr(0, text.find(':'));
    auto const port = text.substr(std::min(host.size() + 1, text.size()));
    auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
    auto const digits = std::ranges::find_if_not(port, is_digit) - port.begin();
    if (host.empty() || std::ranges::any_of(host, is_delimiter) || digits < 1 || digits > 5)
        return false;
    auto const after = port.substr(static_cast<std::size_t>(digits));
    return (after.empty() || is_delimiter(after.front())) &&
           (host.find('.') == host.npos ||
            std::ranges::all_of(host, [&](char c) { return is_digit(c) || c == '.'; }));
}

/// Where the quoted rows end at the latest: a failure ends with its SQLSTATE.
std::size_t end_of_rows(std::string const& text, std::size_t at)
{
    constexpr std::string_view kState = " (SQLSTATE 12345)";
    auto const end = std::min(text.find('\n', at), text.size());
    bool const has_state =
        end - at > kState.size() &&
        std::string_view{text}.substr(end - kState.size()).starts_with(kState.substr(0, 11));
    return has_state ? end - kState.size() : end;
}

/// Each row that a constraint refused is quoted by the server, with all its columns.
void mask_rows(std::string& text)
{
    constexpr std::string_view kQuote = "row contains (";
    for (auto at = text.find(kQuote); at != text.npos; at = text.find(kQuote, at)) {
        at += kQuote.size();
        auto const line = end_of_rows(text, at);
        auto const end = text.rfind(')', line);
        auto const length = end == text.npos || end < at ? line - at : end - at;
        text.replace(at, length, kMask);
    }
}

/// Goes through a report member by member, so that one that is added later is not forgotten.
struct Mask
{
    using Texts = std::vector<std::string>;

    void operator()(std::string& text) const { text = mask_addresses(text); }

    // The texts of changes. Of a new kind of text nothing is masked before it is said here how.
    template <class Value, class What>
    void operator()(models::Strong<Value, What>&) const = delete;
    void operator()(models::PersonName& name) const { name.assign(kMask); }
    void operator()(models::Email& email) const { email = mask_addresses(email); }
    void operator()(models::ThingName& name) const { name = mask_addresses(name); }
    void operator()(models::TagNames& tags) const { (*this)(static_cast<Texts&>(tags)); }
    void operator()(models::OwnTags&) const {}
    void operator()(models::Stored& stored) const
    {
        if (!stored.empty())
            stored.assign(kMask);
    }

    // What holds no text, or is not for people to read.
    void operator()(reconcile::Remainder&) const {}
    void operator()(Retries&) const {}
    template <class Tag>
    void operator()(models::Id<Tag>&) const
    {}
    template <class Rep, class Period>
    void operator()(std::chrono::duration<Rep, Period>&) const
    {}
    template <class Clock, class Duration>
    void operator()(std::chrono::time_point<Clock, Duration>&) const
    {}
    template <class T>
    requires std::is_arithmetic_v<T> || std::is_enum_v<T>
    void operator()(T&) const {}

    template <class T>
    void operator()(std::optional<T>& one) const
    {
        if (one)
            (*this)(*one);
    }
    template <class T>
    void operator()(std::vector<T>& all) const
    {
        for (auto& one : all)
            (*this)(one);
    }
    template <class... T>
    void operator()(std::variant<T...>& one) const
    {
        std::visit(*this, one);
    }
    template <class T>
    void operator()(models::Boxed<T>& boxed) const
    {
        (*this)(static_cast<T&>(boxed));
    }
    template <class T>
    requires std::is_aggregate_v<T>
    void operator()(T& members) const { boost::pfr::for_each_field(members, *this); }
};

}  // namespace

bool wants_masking(config::PersonalData handling, int fd)
{
    if (handling != config::PersonalData::Auto)
        return handling == config::PersonalData::Mask;
    return fd == kNoTerminal || !is_terminal(fd);
}

std::string mask_addresses(std::string_view text)
{
    std::string masked{text};
    for (auto at = masked.find('@'); at != masked.npos; at = masked.find('@', at + 1)) {
        auto start = at;
        while (start > 0 && !is_delimiter(masked[start - 1]))
            --start;
        if (start == at || at + 1 == masked.size() || is_delimiter(masked[at + 1]) ||
            is_server(std::string_view{masked}.substr(at + 1)))
            continue;
        masked.replace(start, at - start, kMask);
        at = start + kMask.size();
    }
    mask_rows(masked);
    return masked;
}

std::string without_names(std::string_view text)
{
    auto const line = mask_addresses(text.substr(0, text.find('\n')));
    std::string kept;
    for (std::string_view rest = line; !rest.empty();) {
        auto const open = std::min(rest.find('"'), rest.size());
        kept += rest.substr(0, open);
        if (open == rest.size())
            break;
        // A name may hold quotes itself: up to the last one that can close it.
        auto const close = rest.rfind('"');
        kept.append("\"").append(kMask).append("\"");
        rest.remove_prefix(close == open ? rest.size() : close + 1);
    }
    return kept;
}

void mask_personal_data(Report& report)
{
    auto plan_file = report.plan_file;  // a path, which printed commands have to name as it is
    Mask{}(report);
    report.plan_file = std::move(plan_file);
}

}  // namespace tracking::job
