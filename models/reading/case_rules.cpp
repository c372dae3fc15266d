#include "models/reading/case_rules.hpp"

#include "models/pg/pg.hpp"

#include <fmt/format.h>
#include <boost/algorithm/string/replace.hpp>

#include <algorithm>
#include <utility>

namespace tracking::models {

namespace {

constexpr std::string_view kOfAscii = R"( COLLATE "C")";

bool is_ascii(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return (c & 0x80) == 0; });
}

}  // namespace

std::string with_case_rules(std::string sql, std::string_view text)
{
    boost::algorithm::replace_all(sql, "{case_rules}", is_ascii(text) ? kOfAscii : "");
    return sql;
}

std::string with_sought(std::string sql, std::string_view column, std::string_view list,
                        std::span<std::string const> emails)
{
    auto const by = [&](std::string_view rules) {
        return fmt::format("lower(btrim({}){}) = ANY ({}::text[])", column, rules, list);
    };
    return pg::with(std::move(sql), "{is_sought}",
                    std::ranges::all_of(emails, is_ascii)
                        ? by(kOfAscii)
                        : fmt::format("({} OR {})", by(kOfAscii), by("")));
}

}  // namespace tracking::models
