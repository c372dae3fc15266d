#include "job/invocation/opening.hpp"

#include "job/report/overview.hpp"

namespace tracking::job {

namespace {

constexpr std::size_t kRunsOfTrend = 30;

/// Its destructor writes the facts that are known by then into the report.
class FactsOfReport
{
public:
    FactsOfReport(Report& report, Facts const& facts) : report_{report}, facts_{facts} {}

    ~FactsOfReport()
    {
        report_.generation = facts_.identity.generation;
        if (facts_.tenant != models::TenantId{})
            report_.management_tenant = facts_.tenant;
        report_.management_tenant_name = facts_.tenant_name;
        report_.has_journal = facts_.has_journal();
        report_.trend = facts_.trend;
        if (facts_.server_time != std::chrono::sys_seconds{})
            report_.server_time = facts_.server_time;
    }
    FactsOfReport(FactsOfReport const&) = delete;
    FactsOfReport& operator=(FactsOfReport const&) = delete;

private:
    Report& report_;
    Facts const& facts_;
};

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
    FactsOfReport const telling{report, facts};
    find_facts(connections, config,
               {.role = role, .runs_of_trend = compares_both_sides(report) ? kRunsOfTrend : 0},
               facts);
    if (auto warning = warning_about_journal(facts); !warning.empty())
        report.warnings.push_back(std::move(warning));
    return {std::move(connections), facts};
}

}  // namespace tracking::job
