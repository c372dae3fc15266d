#include "job/commands/commands.hpp"
#include "job/databases/operands.hpp"
#include "job/databases/reader.hpp"
#include "job/explain/explanation.hpp"
#include "job/invocation/opening.hpp"
#include "job/process/shown_text.hpp"
#include "job/report/masking.hpp"
#include "job/run/reading.hpp"

#include "models/crm/company_model.hpp"
#include "models/journal/journal_history.hpp"
#include "models/journal/journal_model.hpp"
#include "models/rules/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <unistd.h>

#include <iostream>
#include <optional>

namespace tracking::job {

namespace {

using models::Company;
using models::Tenant;

/// What the journal tells about a tenant or a company.
struct History
{
    int version = 0;                          ///< of the journal; 0: there is none
    std::vector<models::PastChange> changes;  ///< newest first

    /// Changes are kept in the same columns since the first version.
    bool is_legible() const { return version <= models::JournalModel::kVersion; }
};

History history_of(Databases& databases, std::optional<models::TenantId> tenant,
                   std::optional<models::CompanyId> company)
{
    return databases.connections.look_up([&](auto& tx) {
        History history{.version = models::JournalModel::installed_version(tx), .changes = {}};
        if (history.version > 0 && history.is_legible())
            history.changes =
                models::JournalHistory{databases.facts.tenant, databases.connections.lease_time()}
                    .changes_about(tx, tenant, company);
        return history;
    });
}

void print_history(ExplainPage& page, History const& history)
{
    page.begin("history");
    for (auto const& past : history.changes)
        page.line(past.time, fmt::format("{} {}{}{} (run {})", past.change, past.outcome,
                                         past.reason.empty() ? "" : ": ", sentence(past.reason),
                                         past.run.str()));
    if (!history.is_legible())
        page.line("not known", models::JournalModel::mismatch_of(history.version)->finding);
    else if (history.changes.empty())
        page.line("none", "no run has changed it");
}

bool print_found(ExplainPage& page, Databases& databases, Explanation explanation)
{
    if (!explanation.print())
        return false;
    print_history(page, history_of(databases, explanation.tenant(), explanation.company()));
    return true;
}

/// Why the reading leaves the company out.
void print_why_left_out(ExplainPage& page, models::CompanyRow const& company)
{
    if (company.ignored)
        page.line("left alone",
                  "its properties.reconcile says so: the job does not touch it, and it is "
                  "nobody's candidate");
    else if (!company.link_text)
        page.line("settled", "nothing is to be done: it carries neither a customer tag nor a link");
    else
        page.line("settled",
                  fmt::format("nothing is to be done: {}its link names no tenant that is looked "
                              "after",
                              company.inactive ? "it is inactive, and " : ""));
}

/// A company that the reading leaves out: nobody's customer, or one that is settled.
bool print_settled(ExplainPage& page, Databases& databases, Question const& subject,
                   std::vector<std::string> const& doubts)
{
    models::CompanyModel const companies{databases.facts.profile, databases.facts.tenant};
    auto const found =
        databases.connections.look_up([&](auto& tx) { return companies.find(tx, subject.text()); });
    for (auto const& company : found) {
        page.begin("company", company.id.str(), company.name);
        page.line("link", company.link_text ? models::printable(*company.link_text) : "none");
        page.line("state", company.inactive ? "inactive" : "active");
        page.begin_verdict(doubts);
        print_why_left_out(page, company);
        print_history(page, history_of(databases, std::nullopt, company.id));
    }
    return !found.empty();
}

/// What only the journal still knows of.
bool print_gone(ExplainPage& page, Databases& databases, Question const& subject,
                std::vector<std::string> const& doubts)
{
    auto const history = history_of(databases, subject.tenant(), subject.company());
    if (history.changes.empty())
        return false;
    page.begin_gone(subject.text());
    page.begin_verdict(doubts);
    page.line("gone", "not there any more, neither as a tenant nor as a company");
    print_history(page, history);
    return true;
}

/// The words of the operator, or the id of the only tenant or company that they may stand for.
std::string meant(Databases& databases, std::string const& text, std::vector<std::string>& others)
{
    models::CompanyModel const companies{databases.facts.profile, databases.facts.tenant};
    if (models::TenantId::parse(text) || has_tenant(databases, text) ||
        !databases.connections.look_up([&](auto& tx) { return companies.find(tx, text); }).empty())
        return text;
    auto const tenant = meant_tenant(databases, text, others);
    bool const fits_tenants = !others.empty();
    auto const company = meant_company(databases, text, others);
    return tenant ? *tenant : fits_tenants ? text : company.value_or(text);
}

}  // namespace

Ending explain(Invocation& invocation)
{
    auto const& words = invocation.line.words;
    auto databases = open_databases(invocation, models::Role::Reader);
    std::vector<std::string> others;
    Question const subject{meant(databases, words[1], others)};
    auto const& config = invocation.config();
    auto const& policy = config.policy;
    auto const keep = [&](Tenant const& tenant, Company const* company) {
        return subject.is(tenant) ||
               (company &&
                (subject.is(*company) || !reconcile::is_in_order(tenant, *company, policy)));
    };
    auto const state = databases.connections.persist(
        [&] { return Reader{databases}.read(policy, keep, Pace::Fast, invocation.phases); });
    reconcile::Terms const terms{.policy = policy,
                                 .guards = config.guard,
                                 .doubts = doubts_about_source(databases, state.counts, config)};
    bool const is_masked = wants_masking(config.personal_data, STDOUT_FILENO);
    ExplainPage page{config.format, invocation.report.repeated, is_masked};
    bool const is_known =
        print_found(page, databases,
                    {subject, state, terms, databases.facts.server_time, is_masked, page}) ||
        print_settled(page, databases, subject, terms.doubts) ||
        print_gone(page, databases, subject, terms.doubts);
    page.print(subject.text());
    if (is_known)
        return Ending::Ok;
    std::cerr << fmt::format(
        "no tenant and no customer has the id or name \"{}\"{}\n",
        models::printable(subject.text()),
        others.empty() ? "" : fmt::format("; did you mean {}?", fmt::join(others, ", ")));
    return Ending::Data;
}

}  // namespace tracking::job
