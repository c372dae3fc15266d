#include "job/commands/commands.hpp"
#include "job/run/mandate.hpp"
#include "job/report/past_run.hpp"
#include "job/databases/runs.hpp"
#include "job/databases/sides.hpp"
#include "job/run/writing.hpp"

#include "config/notation/problems.hpp"

#include <filesystem>
#include <utility>

namespace tracking::job {

namespace {

Outcome show_plan_file(Report& report, std::string const& file)
{
    auto saved = load_plan_file(file);
    report.plan_file = file;
    report.management_database = saved.identity.database;
    report.source_database = saved.identity.source;
    report.generation = saved.identity.generation;
    report.management_tenant = saved.identity.management_tenant;
    report.plan.emplace();
    report.plan->drift = std::move(saved.drift);
    return Outcome::Ok;
}

Outcome show_run(Invocation& invocation, std::string const& name)
{
    auto& report = invocation.report;
    Sides sides{invocation.config(), models::Role::Reader, report};
    require_journal(sides);
    models::JournalHistory const history{sides.management_tenant(), sides.lease_time()};
    auto const [run, changes] = sides.look_up([&](auto& tx) {
        auto found = run_named(tx, history, name);
        auto all = history.changes_of(tx, found.id);
        return std::pair{std::move(found), std::move(all)};
    });
    tell(report, run, changes);
    return Outcome::Ok;
}

}  // namespace

Outcome show(Invocation& invocation)
{
    auto const& words = invocation.line.words;
    return is_run_name(words[1]) && !std::filesystem::exists(words[1])
               ? show_run(invocation, words[1])
               : show_plan_file(invocation.report, words[1]);
}

}  // namespace tracking::job
