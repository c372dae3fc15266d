#include "job/forms/csv_report.hpp"

#include "job/process/shown_text.hpp"
#include "job/report/tally.hpp"
#include "job/report/wording.hpp"

#include "models/rules/text.hpp"
#include "models/rules/utc.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace tracking::job {

namespace {

using reconcile::Drift;

/// What begins a formula in some spreadsheet, full-width forms included.
constexpr std::string_view kFormulaStarts[] = {"=",  "+",  "-",  "@",  "\t",
                                               "\r", "＝", "＋", "－", "＠"};

std::string harmless(std::string_view text)
{
    auto const shown = models::printable(text, std::numeric_limits<std::size_t>::max());
    bool const is_formula = std::ranges::any_of(
        kFormulaStarts, [&](auto const& start) { return text.starts_with(start); });
    return is_formula ? "'" + shown : shown;
}

std::string quoted_where_needed(std::string_view text)
{
    if (text.find_first_of(",\"") == text.npos)
        return std::string{text};
    std::string quoted = "\"";
    for (auto const byte : text)
        quoted.append(byte == '"' ? 2 : 1, byte);
    return quoted += '"';
}

/// The tenant or company of a line.
struct Side
{
    std::string id;
    std::string name;
};

/// All that a line is made from.
struct Item
{
    Report const& report;
    std::string_view list;  ///< item, stale, left_alone or residual, as in the JSON lines
    Drift const& drift;
    Fate fate;
    models::Receipt const* receipt = nullptr;
    std::string found = {};  ///< why it is stale
    std::optional<bool> is_new = {};
    Side tenant = {};
    Side company = {};
    bool is_further = false;  ///< a further line of a group
};

template <class Id>
std::string id_or_nothing(std::optional<Id> const& id)
{
    return id ? id->str() : std::string{};
}

/// The company. A customer that was made has an id only since then.
Side company_of(Item const& item)
{
    bool const is_made = item.receipt && item.receipt->outcome == models::Outcome::Applied;
    return {is_made ? company_of(*item.drift.change).str() : id_or_nothing(item.drift.company),
            item.drift.company_name};
}

/// What the lines of one group have in common.
std::string group_id(Item const& item)
{
    return group_of(item.drift) ? id_or_nothing(item.drift.tenant) : std::string{};
}

std::string due_at(Item const& item)
{
    return item.drift.due_in && item.report.server_time
               ? models::utc_stamp(*item.report.server_time + *item.drift.due_in)
               : std::string{};
}

std::string age_seconds(Item const& item)
{
    return item.drift.seen ? std::to_string(item.drift.seen->age.count()) : std::string{};
}

/// `yes` or `no`; nothing where it is not known.
std::string news(Item const& item)
{
    return !item.is_new ? "" : *item.is_new ? "yes" : "no";
}

/// `link: "Acme" -> "a0000000-..."; state: active -> inactive`
std::string values(Item const& item)
{
    std::string text;
    if (!item.drift.change)
        return text;
    for (auto const& [field, before, after] : values_of(*item.drift.change))
        text += fmt::format("{}{}: {} -> {}", text.empty() ? "" : "; ", field,
                            before.empty() ? "nothing" : before, after.empty() ? "nothing" : after);
    return text;
}

std::string ways(Item const& item)
{
    auto all = item.is_further ? std::vector<std::string>{} : ways_out(item.drift);
    for (auto& way : all)
        way = item.report.repeated.complete(std::move(way));
    return fmt::format("{}", fmt::join(all, "; "));
}

struct Column
{
    std::string_view title;
    std::string (*value)(Item const&);
};

constexpr Column kColumns[] = {
    {"list", [](Item const& item) { return std::string{item.list}; }},
    {"kind", [](Item const& item) { return std::string{name_of(item.drift.kind)}; }},
    {"state", [](Item const& item) { return std::string{name_of(item.fate)}; }},
    {"tenant_id", [](Item const& item) { return item.tenant.id; }},
    {"tenant_name", [](Item const& item) { return item.tenant.name; }},
    {"company_id", [](Item const& item) { return item.company.id; }},
    {"company_name", [](Item const& item) { return item.company.name; }},
    {"detail", [](Item const& item) { return item.drift.detail; }},
    {"change",
     [](Item const& item) {
         return std::string{item.drift.change ? name_of(*item.drift.change) : ""};
     }},
    {"hold",
     [](Item const& item) {
         bool const is_held = item.drift.restraint != reconcile::Restraint::None;
         return std::string{is_held ? name_of(item.drift.restraint) : ""};
     }},
    {"restraint_reason", [](Item const& item) { return item.drift.restraint_reason; }},
    {"due_at", due_at},
    {"reason",
     [](Item const& item) { return sentence(item.receipt ? item.receipt->reason : item.found); }},
    {"sqlstate",
     [](Item const& item) { return item.receipt ? item.receipt->sqlstate : std::string{}; }},
    {"runs_seen",
     [](Item const& item) {
         return item.drift.seen ? std::to_string(item.drift.seen->runs) : std::string{};
     }},
    {"age_seconds", age_seconds},
    {"new", news},
    {"values", values},
    {"ways_out", ways},
    {"group", group_id},
};

void write_line(std::ostream& out, auto const& value_of)
{
    std::string_view separator;
    for (auto const& column : kColumns)
        out << std::exchange(separator, ",") << quoted_where_needed(value_of(column));
    out << "\r\n";
}

void write_sides(std::ostream& out, Item const& item)
{
    write_line(out, [&](Column const& column) { return harmless(column.value(item)); });
}

/// Writes one line. Each further tenant and company of a group has a line of its own.
void write_item(std::ostream& out, Item item)
{
    auto const& drift = item.drift;
    item.tenant = {id_or_nothing(drift.tenant), drift.tenant_name};
    item.company = company_of(item);
    write_sides(out, item);
    auto const* const group = group_of(drift);
    if (!group)
        return;
    item.is_further = true;
    item.company = {};
    for (auto const& [id, name] : group->tenants) {
        item.tenant = {id.str(), name};
        if (id != drift.tenant)
            write_sides(out, item);
    }
    item.tenant = {};
    for (auto const& [id, name] : group->companies) {
        item.company = {id.str(), name};
        if (id != drift.company)
            write_sides(out, item);
    }
}

}  // namespace

void write_csv(Report const& report, std::ostream& out)
{
    write_line(out, [](Column const& column) { return column.title; });
    for (auto const& stale : report.stale)
        write_item(out,
                   {report, "stale", stale.expected, Fate::Stale, nullptr, describe(stale), {}});
    visit_items(report, [&](ListedItem const& item) {
        write_item(out, {report, "item", item.drift, item.fate, item.receipt, "",
                         report.plan->is_new(item.drift)});
    });
    if (report.plan) {
        for (auto const& drift : report.plan->left_alone)
            write_item(out, {report, "left_alone", drift, fate_of(drift), nullptr, "", {}});
    }
    if (report.residual) {
        for (auto const& drift : report.residual->drift)
            write_item(out, {report, "residual", drift, fate_of(drift), nullptr, "",
                             report.residual->is_new(drift)});
    }
}

}  // namespace tracking::job
