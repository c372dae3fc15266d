#include "reconcile/plan/stale.hpp"

#include "models/rules/json_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <tuple>

namespace tracking::reconcile {

namespace {

namespace json = boost::json;

auto key_of_change(Drift const& drift)
{
    return std::tuple{models::company_of(*drift.change), drift.kind};
}

/// Why no change is due there; empty where one is due.
std::string reason_for_nothing(Drift const* fresh)
{
    if (!fresh)
        return "nothing is to be done there any more";
    return fresh->is_due() ? "" : "held back now: " + fresh->restraint_reason;
}

/// Adds `name: expected A, found B` for each member that differs, also for members of members.
void add_differences(std::vector<std::string>& into, std::string const& name,
                     json::value const& expected, json::value const& found)
{
    if (expected == found)
        return;
    auto const* const before = expected.if_object();
    auto const* const after = found.if_object();
    if (!before || !after) {
        into.push_back(fmt::format("{}: expected {}, found {}", name, models::json_text(expected),
                                   models::json_text(found)));
        return;
    }
    auto const member = [&](json::string_view key) {
        auto const path = std::string{key.data(), key.size()};
        return name.empty() ? path : name + "." + path;
    };
    for (auto const& [key, value] : *before) {
        auto const* const other = after->if_contains(key);
        add_differences(into, member(key), value, other ? *other : json::value(nullptr));
    }
    for (auto const& [key, value] : *after) {
        if (!before->contains(key))
            add_differences(into, member(key), nullptr, value);
    }
}

/// What differs in the rows that the change depends on; empty where nothing does.
std::string differences(std::string const& expected, std::string const& found)
{
    std::vector<std::string> all;
    add_differences(all, {}, models::parsed_json(expected), models::parsed_json(found));
    return fmt::format("{}", fmt::join(all, "; "));
}

}  // namespace

std::vector<StaleChange> restrict_to(Plan& fresh, SavedPlan const& saved,
                                     std::span<std::string const> witnesses)
{
    std::map<std::tuple<models::CompanyId, DriftKind>, Drift*> due;
    for (auto& drift : fresh.drift) {
        if (drift.change)
            due.emplace(key_of_change(drift), &drift);
    }
    std::vector<StaleChange> stale;
    for (std::size_t i = 0; i < saved.drift.size(); ++i) {
        auto const& expected = saved.drift[i];
        bool const is_left_out = expected.restraint == Restraint::Selection;
        auto const found = due.find(key_of_change(expected));
        auto* const drift = found == due.end() ? nullptr : found->second;
        auto difference = differences(saved.witnesses[i], witnesses[i]);
        auto reason = reason_for_nothing(drift);
        bool const is_as_saved = reason.empty() && drift->change == expected.change;
        if (is_as_saved && difference.empty()) {
            if (is_left_out)
                leave_out(*drift);
            due.erase(found);
            continue;
        }
        if (is_left_out)
            continue;
        if (!reason.empty() && !difference.empty())
            reason += "; ";
        bool const is_another = reason.empty() && !is_as_saved;
        stale.push_back({expected, reason + difference, is_another ? drift->change : std::nullopt});
    }
    for (auto const& [key, drift] : due) {
        if (!drift->is_due())
            continue;
        drift->restraint = Restraint::PlanFile;
        drift->restraint_reason = "not in the plan file";
    }
    return stale;
}

}  // namespace tracking::reconcile
