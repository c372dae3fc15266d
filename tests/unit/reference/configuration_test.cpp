// The documented configuration. A person writes it; the keys of drift and guards, with what is said
// of each, follow from their tables. This writes them anew as it does the pages.

#include "config/settings/setting.hpp"
#include "reconcile/policy/drift_kind.hpp"
#include "reconcile/policy/guard_limits.hpp"
#include "tests/unit/reference/written_text.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cctype>

namespace tracking::job {
namespace {

/// A key of a section with its default, and the remark beside it, if any.
std::string line_of(std::string const& key, std::string remark)
{
    auto const line = fmt::format("  {}: {}", key.substr(key.find('.') + 1),
                                  default_text(*config::find_setting(key)));
    if (remark.empty())
        return line + '\n';
    remark[0] = static_cast<char>(std::tolower(remark[0]));
    return fmt::format("{:<27} # {}\n", line, remark);
}

std::string drift_lines()
{
    std::string lines;
    bool has_anomalies = false;
    for (auto const kind : reconcile::kDriftKinds) {
        auto const& row = reconcile::row_of(kind);
        if (row.remedy == reconcile::Remedy::Person && !std::exchange(has_anomalies, true))
            lines += "  # Anomalies are left to a person: report or off.\n";
        lines += line_of("drift." + reconcile::key_name_of(kind), std::string{row.help});
    }
    return lines;
}

/// The first guard explains floor and number for all.
std::string guard_lines()
{
    std::string lines;
    for (auto const& row : reconcile::kGuardTable) {
        auto const key = fmt::format("guard.{}-", row.name);
        bool const is_first = lines.empty();
        lines += line_of(
            key + "ratio",
            fmt::format("{}, as a share of the {}", row.counts,
                        row.base == reconcile::GuardBase::Tenants ? "tenants" : "customers"));
        lines += line_of(key + "floor", is_first ? "so many are always let through" : "");
        lines += line_of(key + "number", is_first ? "never more than this; 0: no such limit" : "");
    }
    return lines;
}

/// @param text  gets `lines` in place of what stands between two of its parts
void put(std::string& text, std::string_view after, std::string const& lines,
         std::string_view before)
{
    auto const begin = text.find(after) + after.size();
    text.replace(begin, text.find(before, begin) - begin, lines);
}

TEST(ConfigurationReferenceTest, SaysWhatTheTablesSay)
{
    expect_written(REPOSITORY "/config/customer-reconcile.yaml", [](std::string text) {
        put(text, "\ndrift:\n", drift_lines(), "\n#");
        put(text, "\nguard:\n", guard_lines(), "  # A run");
        return text;
    });
}

}  // namespace
}  // namespace tracking::job
