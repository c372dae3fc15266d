#include "models/reading/case_rules.hpp"

#include <boost/algorithm/string/replace.hpp>

#include <algorithm>
#include <string_view>

namespace tracking::models {

namespace {

bool is_ascii(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return (c & 0x80) == 0; });
}

}  // namespace

std::string with_case_rules(std::string sql, std::span<std::string const> texts)
{
    boost::algorithm::replace_all(sql, "{case_rules}",
                                  std::ranges::all_of(texts, is_ascii) ? R"( COLLATE "C")" : "");
    return sql;
}

}  // namespace tracking::models
