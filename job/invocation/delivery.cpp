#include "job/invocation/delivery.hpp"

#include "job/forms/render.hpp"
#include "job/notify/notification.hpp"
#include "job/process/interruption.hpp"
#include "job/process/log.hpp"
#include "job/process/report_file.hpp"
#include "job/process/standard_output.hpp"
#include "job/report/failure.hpp"
#include "job/report/masking.hpp"
#include "job/report/tally.hpp"
#include "job/report/wording.hpp"
#include "job/telemetry/metrics_targets.hpp"

#include "config/notation/problems.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <exception>
#include <iostream>
#include <sstream>
#include <utility>
#include <vector>

namespace tracking::job {

namespace {

namespace fs = std::filesystem;

using NamedFile = std::pair<std::string, fs::path>;

/// The files that are written, and those that are only read, each with the option that names it.
std::pair<std::vector<NamedFile>, std::vector<NamedFile>> files_of(Invocation const& invocation)
{
    auto const& line = invocation.line;
    auto const& config = invocation.config();
    std::vector<NamedFile> written;
    for (auto const& file : config.report)
        written.emplace_back("--report", file);
    for (auto const& file : line.out)
        written.emplace_back("--out", file);
    if (!config.metrics.textfile.empty())
        written.emplace_back("--metrics-textfile", config.metrics.textfile);
    std::vector<NamedFile> read;
    for (auto const& file : line.config)
        read.emplace_back("--config", file);
    if (line.words.size() == 2)  // the plan file of apply and show
        read.emplace_back(line.words[0], line.words[1]);
    std::error_code error;
    if (fs::is_regular_file("/dev/stdout", error))
        read.emplace_back("standard output", "/dev/stdout");
    return {written, read};
}

/// What the command ends as where its output could not be written.
Ending ended_with(Ending outcome, Ending failure)
{
    return outcome == Ending::Ok || outcome == Ending::Drift ? failure : outcome;
}

/// Where `write` fails, logs why and notes it in `outcome`.
void try_to(auto const& write, Ending& outcome)
{
    try {
        write();
    } catch (std::exception const&) {
        auto const failure = failure_of(std::current_exception());
        log_error(failure.message);
        outcome = ended_with(outcome, failure.outcome);
    }
}

void write_reports(Report const& report, config::Config const& config, Ending& outcome)
{
    TextStyle const plain{.list_limit = static_cast<std::size_t>(config.list_limit)};
    for (auto const& file : config.report) {
        auto const format = config::format_of(file).value_or(config::Format::Text);
        auto const write = [&](std::ostream& out) { render(report, format, plain, out); };
        try_to([&] { write_file(file, write, Readers::AsBefore); }, outcome);
    }
}

/// What a run has done, for the log where standard output cannot be written.
std::string what_was_done(Report const& report)
{
    if (!report.run)
        return {};
    auto const sum = sum_of(tally_changes(report));
    auto const applied = sum.outcomes.find(models::Outcome::Applied);
    return fmt::format("the run itself ended as \"{}\": {} of {} applied, run {} in the journal",
                       name_of(report.outcome), applied == sum.outcomes.end() ? 0 : applied->second,
                       counted(sum.due, "change", "changes"), report.run->str());
}

}  // namespace

void require_distinct_files(Invocation const& invocation)
{
    auto const [written, read] = files_of(invocation);
    for (std::size_t i = 0; i < written.size(); ++i) {
        auto others = read;
        others.insert(others.end(), written.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                      written.end());
        for (auto const& [option, file] : others)
            if (are_same_file(written[i].second, file))
                throw config::UsageError{fmt::format(
                    "{} {} and {} {} are the same file: one would overwrite the other; name two",
                    written[i].first, written[i].second.string(), option, file.string())};
    }
}

void deliver(Invocation& invocation)
{
    auto& report = invocation.report;
    auto const& config = invocation.config();
    if (!report.all_items)
        invocation.databases.reset();  // who reads the report slowly holds no session
    // These come first, so that the report can say whether they arrived.
    send_metrics(report, config);
    notify(report, config, invocation.last_apply);
    if (report.outcome == Ending::Ok && is_interrupted()) {
        report.outcome = Ending::Interrupted;
        report.error = "asked to end while metrics and news were sent; everything else is done";
        log_error(report.error);
    }
    for (auto const& warning : report.warnings)
        log_warning(warning);
    auto outcome = report.outcome;
    auto const show = [&](std::ostream& out) {
        try_to([&] { render(report, config.format, style_for(config, STDOUT_FILENO), out); },
               outcome);
    };
    bool const masks_output = wants_masking(config.personal_data, STDOUT_FILENO);
    if (masks_output)
        mask_personal_data(report);
    // A terminal may show personal data that a file may not.
    std::ostringstream shown;
    bool const files_hide_more =
        !config.report.empty() && !masks_output && wants_masking(config.personal_data, kNoTerminal);
    if (files_hide_more) {
        show(shown);
        mask_personal_data(report);
    }
    write_reports(report, config, outcome);
    if (files_hide_more)
        std::cout << shown.view();
    else
        show(std::cout);
    report.outcome = finish_output(outcome, what_was_done(report));
}

Ending finish_output(Ending outcome, std::string const& done)
{
    auto const problem = finish_standard_output();
    if (problem.empty())
        return outcome;
    log_error(done.empty() ? problem : problem + "; " + done);
    return ended_with(outcome, Ending::Failed);
}

}  // namespace tracking::job
