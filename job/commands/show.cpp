#include "job/commands/commands.hpp"
#include "job/databases/runs.hpp"
#include "job/forms/render.hpp"
#include "job/invocation/opening.hpp"
#include "job/invocation/write_command.hpp"
#include "job/report/past_run.hpp"
#include "job/run/approval.hpp"

#include "models/rules/text.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

namespace tracking::job {

namespace {

Ending show_plan_file(Report& report, std::string const& file)
{
    auto saved = load_plan_file(file);
    report.plan_file = file;
    report.management_database = saved.identity.database;
    report.source_database = saved.identity.source;
    report.generation = saved.identity.generation;
    report.management_tenant = saved.identity.management_tenant;
    report.server_time = time_from(saved.server_time);
    report.knows_counts = false;
    report.selection = std::move(saved.selection);
    report.plan.emplace();
    report.plan->drift = std::move(saved.drift);
    return Ending::Ok;
}

Ending show_run(Invocation& invocation, std::string const& name)
{
    auto& report = invocation.report;
    auto& databases =
        invocation.databases.emplace(open_databases(invocation, models::Role::Reader));
    require_journal(databases);
    auto const items = std::make_shared<StoredItems>(databases);
    items->tell(report, name, room_of_reports(invocation.config()));
    report.all_items = [items](auto const& visit) {
        items->visit([&](PastItem const& item) { visit(item.drift, &item.receipt); });
    };
    return Ending::Ok;
}

}  // namespace

Ending show(Invocation& invocation)
{
    auto const& word = invocation.line.words[1];
    std::error_code unknown;  // then it is read as a file, which says what the matter is
    if (std::filesystem::exists(word, unknown) || unknown)
        return show_plan_file(invocation.report, word);
    if (is_run_name(word))
        return show_run(invocation, word);
    throw RunUnusable{fmt::format(
        "\"{}\" is neither a plan file nor the id of a run: `customer-reconcile history` lists "
        "the runs, and `customer-reconcile plan --out FILE` makes a plan file",
        models::printable(word))};
}

}  // namespace tracking::job
