#include "models/values/blast_radius.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tracking::models {

namespace {

void add(std::string& list, std::string const& part)
{
    list += (list.empty() ? "" : ", ") + part;
}

}  // namespace

std::string listed(BlastRadius const& radius)
{
    std::string list;
    for (auto const& [table, rows] : radius.dependents)
        add(list, std::to_string(rows) + (rows == 1 ? " row of " : " rows of ") + table);
    for (auto const& table : radius.unreadable)
        add(list, "rows of " + table + " that may be hidden from the role");
    return list;
}

std::string objections_to_removal(BlastRadius const& radius)
{
    auto objections = radius.touched;
    if (!radius.is_unreferenced())
        objections.push_back("it is referred to by " + listed(radius));
    return fmt::format("{}", fmt::join(objections, "; "));
}

}  // namespace tracking::models
