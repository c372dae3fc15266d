#include "job/commands/commands.hpp"
#include "job/databases/rights.hpp"
#include "job/forms/json_values.hpp"
#include "job/invocation/decision.hpp"
#include "job/invocation/opening.hpp"
#include "job/invocation/write_command.hpp"
#include "job/process/log.hpp"
#include "job/report/overview.hpp"
#include "job/report/wording.hpp"
#include "job/run/forgetting.hpp"
#include "job/run/run.hpp"

#include "config/notation/problems.hpp"
#include "models/rules/email.hpp"
#include "models/rules/json_text.hpp"
#include "models/rules/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/json.hpp>

#include <iostream>
#include <string>
#include <vector>

namespace tracking::job {

namespace {

// Nothing that is printed here holds the address.

models::Erasure person_of(Invocation const& invocation)
{
    auto const& address = invocation.line.words[1];
    if (!models::is_valid_email(models::trim(address)))
        throw config::UsageError{"forget takes an e-mail address, and was given something else"};
    return models::Erasure{address};
}

void require_right_to_forget(Databases& databases)
{
    auto const may_erase = databases.connections.look_up(
        [](auto& tx) { return models::JournalErasure::may_erase(tx); });
    if (!may_erase)
        throw AccessDenied{
            "the role may not rewrite the journal: forget as the role that owns the schema "
            "customer_reconcile, the one of `init`. Writers only append to the history"};
}

json::object object_of(models::ErasedRows const& rows)
{
    return {{"contacts", rows.contacts},
            {"changes", rows.changes},
            {"runs", rows.runs},
            {"pins", rows.pins}};
}

std::string in_words(models::ErasedRows const& rows)
{
    std::vector<std::string> parts;
    auto const add = [&](std::size_t count, auto const& one, auto const& many) {
        if (count > 0)
            parts.push_back(counted(count, one, many));
    };
    add(rows.contacts, "contact", "contacts");
    add(rows.changes, "change", "changes");
    add(rows.runs, "row of runs", "rows of runs");
    add(rows.pins, "pin of the management tenant", "pins of the management tenant");
    return fmt::format("{}", fmt::join(parts, ", "));
}

void print(Invocation const& invocation, models::ErasedRows const& rows)
{
    auto const& report = invocation.report;
    if (invocation.wants_json())
        std::cout << json::object{{"format", "customer-reconcile/forget"},
                                  {"version", 1},
                                  {"dry_run", text_or_null(report.dry_run_reason)},
                                  {"run", json::value_from(report.run)},
                                  {"rows", object_of(rows)}}
                  << '\n';
    else if (rows.is_none())
        std::cout << "The journal holds nothing of this person.\n";
    else if (report.run)
        std::cout << fmt::format("Forgotten in {}: run {}.\n", in_words(rows), report.run->str());
    else
        std::cout << fmt::format("The journal holds this person in {}. Nothing was changed ({}).\n",
                                 in_words(rows), report.dry_run_reason);
}

bool is_confirmed(Invocation const& invocation, models::ErasedRows const& rows)
{
    if (invocation.line.yes)
        return true;
    if (invocation.wants_json())
        throw config::UsageError{"forget asks nobody with --format json: add --yes"};
    return answers_yes(fmt::format(
        "{}\nThe journal holds this person in {}. What is forgotten does not come back, and "
        "changes that concern the person cannot be undone any more. The platform's own contacts "
        "and users "
        "stay as they are.\nForget?",
        place_of(invocation.report), in_words(rows)));
}

/// The run that forgets, of which the journal keeps who asked and why, without the person.
void forget(Invocation& invocation, Databases& databases, models::Erasure& person,
            models::ErasedRows& rows)
{
    auto& report = invocation.report;
    person.take_out(invocation.line.reason.front());
    auto record = record_of_decision(invocation);
    record.executed_by = invocation.config().by;
    person.take_out(record.executed_by);
    auto const summary = [&](Ending outcome) {
        return models::RunEnd{
            .outcome = std::string{name_of(outcome)},
            .counts = json::serialize(json::object{{"forgotten", object_of(rows)}}),
            .tenants_read = std::nullopt};
    };
    Run run{databases, record, summary, report.warnings, invocation.config().lease_wait};
    report.run = run.id();
    run.carry_out([&] {
        rows = forget_person(run, databases.connections, person);
        run.finish(Ending::Ok);
        return Ending::Ok;
    });
}

}  // namespace

Ending forget(Invocation& invocation)
{
    require_reason(invocation);
    auto person = person_of(invocation);
    auto& report = invocation.report;
    bool const is_to_write = prepare_to_write(invocation) != models::Role::Reader;
    auto databases = open_databases(invocation, models::Role::Owner);
    require_journal(databases);
    if (is_to_write)
        require_right_to_forget(databases);
    auto rows = find_person(databases.connections, person);
    if (is_to_write && !rows.is_none()) {
        if (!is_confirmed(invocation, rows)) {
            std::cout << "Nothing was changed.\n";
            return Ending::Ok;
        }
        forget(invocation, databases, person, rows);
    }
    for (auto const& warning : report.warnings)
        log_warning(warning);
    print(invocation, rows);
    return Ending::Ok;
}

}  // namespace tracking::job
