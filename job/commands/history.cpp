#include "job/commands/commands.hpp"
#include "job/document/trend.hpp"
#include "job/forms/json_values.hpp"
#include "job/invocation/opening.hpp"
#include "job/invocation/write_command.hpp"
#include "job/process/shown_text.hpp"
#include "job/report/masking.hpp"
#include "job/report/overview.hpp"
#include "job/report/past_run.hpp"
#include "job/report/wording.hpp"

#include "config/notation/problems.hpp"
#include "models/journal/journal_history.hpp"
#include "models/rules/json_text.hpp"
#include "models/rules/utc.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <iostream>
#include <optional>
#include <utility>

namespace tracking::job {

namespace {

namespace json = boost::json;

constexpr std::size_t kUsualLength = 20;
constexpr std::size_t kLengthOfTrend = 30;

std::size_t length_from(config::CommandLine const& line)
{
    if (line.words.size() == 1)
        return line.trend ? kLengthOfTrend : kUsualLength;
    std::size_t length = 0;
    auto const& text = line.words[1];
    auto const read = std::from_chars(text.data(), text.data() + text.size(), length);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size())
        throw config::UsageError{
            fmt::format("history takes a number of runs (0: all), not \"{}\"", text)};
    return length;
}

json::object object_of(models::PastRun const& run)
{
    return {{"run", run.id.str()},
            {"mode", run.mode},
            {"started", models::utc_stamp(run.started)},
            {"duration_seconds", run.duration ? json::value(run.duration->count()) : nullptr},
            {"ended_as", ending_of(run)},
            {"applied", run.applied},
            {"failed", run.failed},
            {"others", run.others},
            {"held", held_by(run)},
            {"executed_by", run.executed_by},
            {"login", text_or_null(run.login)},
            {"host", run.host},
            {"version", run.version},
            {"undoes", json::value_from(run.undoes)},
            {"allowances", run.allowances.empty() ? nullptr : json::parse(run.allowances)}};
}

json::value object_of(std::optional<models::IdleRuns> const& idle)
{
    if (!idle)
        return nullptr;
    return {{"runs", idle->runs},
            {"first", models::utc_stamp(idle->first)},
            {"last", models::utc_stamp(idle->last)}};
}

void print_json(std::vector<models::PastRun> const& runs,
                std::optional<models::IdleRuns> const& idle, bool is_masked)
{
    std::cout << R"({"format": "customer-reconcile/history", "version": 1, "runs": [)";
    std::string_view separator = "\n";
    for (auto const& run : runs) {
        json::value const object = object_of(run);
        std::cout << std::exchange(separator, ",\n")
                  << (is_masked ? with_masked_addresses(object) : object);
    }
    std::cout << "\n], \"nothing_to_do\": " << json::serialize(object_of(idle)) << "}\n";
}

/// What people have written with the run: who asked for it, what was allowed and why.
std::string words_of(models::PastRun const& run)
{
    auto words = fmt::format("    {}  by {} on {}\n", run.id.str(), sentence(actor_of(run)),
                             sentence(run.host));
    if (run.undoes)
        words += fmt::format("    undoes {}\n", run.undoes->str());
    if (auto const allowed = allowed_by(run); !allowed.empty())
        words += fmt::format("    allowed: {}\n", sentence(allowed));
    if (auto const selection = selection_of(run); !selection.is_empty())
        words += fmt::format("    selected:{}\n", selection_flags(selection));
    return words;
}

void print_text(std::vector<models::PastRun> const& runs,
                std::optional<models::IdleRuns> const& idle, bool is_masked)
{
    constexpr std::string_view kLine = "{:<23}  {:<6} {:<11} {:>7} {:>6} {:>6} {:>8}\n";
    std::cout << fmt::format(fmt::runtime(kLine), "started", "mode", "ended as", "applied",
                             "failed", "held", "took");
    for (auto const& run : runs) {
        std::cout << fmt::format(
            fmt::runtime(kLine), models::utc_text(run.started), run.mode, ending_of(run),
            run.applied, run.failed, held_by(run),
            run.duration ? fmt::format("{:.1f} s", run.duration->count()) : "-");
        auto const words = words_of(run);
        std::cout << (is_masked ? mask_addresses(words) : words);
    }
    if (runs.empty() && !idle)
        std::cout << "The journal knows of no run.\n";
    if (idle)
        std::cout << fmt::format(
            "Nothing to do: {} since {}, the last one at {}. Such runs are only counted.\n",
            counted(idle->runs, "run", "runs"), models::utc_text(idle->first),
            models::utc_text(idle->last));
}

void print_trend_json(std::vector<models::TrendPoint> const& runs)
{
    std::cout << R"({"format": "customer-reconcile/trend", "version": 1, "runs": [)";
    std::string_view separator = "\n";
    for (auto const& run : runs)
        std::cout << std::exchange(separator, ",\n") << json::serialize(trend_object(run));
    std::cout << "\n]}\n";
}

/// A bar of what the run left, as a part of the most that any run has seen.
void print_trend_text(std::vector<models::TrendPoint> const& runs)
{
    constexpr std::string_view kLine = "{:<23}  {:<11} {:<8} {:>8} {:>8}  {}\n";
    constexpr std::size_t kWidth = 24;
    std::size_t most = 1;
    for (auto const& run : runs)
        most = std::max({most, run.found.value_or(0), run.left.value_or(0)});
    auto const text = [](std::optional<std::size_t> const& count) {
        return count ? std::to_string(*count) : "-";
    };
    std::cout << fmt::format(fmt::runtime(kLine), "started", "ended as", "run", "found", "left",
                             "seen last");
    for (auto const& run : runs) {
        std::string bar;
        for (std::size_t i = 0; i * most < run.last_seen().value_or(0) * kWidth; ++i)
            bar += "█";
        std::cout << fmt::format(fmt::runtime(kLine), models::utc_text(run.started), ending_of(run),
                                 run.id.str().substr(0, 8), text(run.found), text(run.left),
                                 run.last_seen() ? bar : "no reading");
    }
    if (runs.empty())
        std::cout << "The journal knows of no run that noted the drift that it left.\n";
}

Ending trend(Invocation const& invocation, Databases& databases, std::size_t length)
{
    auto const runs = databases.connections.look_up(
        [&](auto& tx) { return models::JournalHistory{databases.facts.tenant}.trend(tx, length); });
    if (invocation.wants_json())
        print_trend_json(runs);
    else
        print_trend_text(runs);
    return Ending::Ok;
}

}  // namespace

Ending history(Invocation& invocation)
{
    auto const length = length_from(invocation.line);
    auto databases = open_databases(invocation, models::Role::Reader);
    require_journal(databases);
    if (invocation.line.trend)
        return trend(invocation, databases, length);
    models::JournalHistory const journal{databases.facts.tenant,
                                         databases.connections.lease_time()};
    auto const [runs, idle] = databases.connections.look_up([&](auto& tx) {
        return std::pair{journal.runs(tx, length), journal.idle_runs(tx)};
    });
    bool const is_masked = wants_masking(invocation.config().personal_data, STDOUT_FILENO);
    if (invocation.wants_json())
        print_json(runs, idle, is_masked);
    else
        print_text(runs, idle, is_masked);
    return Ending::Ok;
}

}  // namespace tracking::job
