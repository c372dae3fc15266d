#include "job/invocation/opening.hpp"

#include "job/process/at_end.hpp"
#include "job/report/overview.hpp"

namespace tracking::job {

namespace {

constexpr std::size_t kRunsOfTrend = 30;

/// Writes the facts that are known by then into the report.
void note_facts(Report& report, Facts const& facts)
{
    report.generation = facts.identity.generation;
    if (facts.tenant != models::TenantId{})
        report.management_tenant = facts.tenant;
    report.management_tenant_name = facts.tenant_name;
    report.has_journal = facts.has_journal();
    report.trend = facts.trend;
    if (facts.server_time != std::chrono::sys_seconds{})
        report.server_time = facts.server_time;
}

}  // namespace

Databases open_databases(Invocation& invocation, models::Role role)
{
    auto& report = invocation.report;
    auto const& config = invocation.config();
    Connections connections{config, report.retries};
    report.management_database = connections.management().description();
    connections.connect_source(config);
    report.source_database = connections.source().description();
    Facts facts;
    AtEnd const noting{[&] { note_facts(report, facts); }};
    find_facts(connections, config,
               {.role = role, .runs_of_trend = compares_both_sides(report) ? kRunsOfTrend : 0},
               facts);
    if (auto warning = warning_about_journal(facts); !warning.empty())
        report.warnings.push_back(std::move(warning));
    return {std::move(connections), facts};
}

}  // namespace tracking::job
