#include "job/commands.hpp"
#include "job/mandate.hpp"

#include "config/problems.hpp"

namespace tracking::job {

Outcome show(Invocation& invocation)
{
    auto const& words = invocation.line.words;
    if (words.size() != 2)
        throw config::UsageError{"show takes one plan file"};
    auto saved = load_plan_file(words[1]);
    auto& report = invocation.report;
    report.plan_file = words[1];
    report.management_database = saved.identity.database;
    report.source_database = saved.identity.source;
    report.generation = saved.identity.generation;
    report.management_tenant = saved.identity.management_tenant;
    report.plan.emplace();
    report.plan->drift = std::move(saved.drift);
    return Outcome::Ok;
}

}  // namespace tracking::job
