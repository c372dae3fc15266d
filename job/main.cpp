#include "job/commands/command_table.hpp"
#include "job/invocation/delivery.hpp"
#include "job/process/interruption.hpp"
#include "job/process/standard_output.hpp"
#include "job/process/version.hpp"
#include "job/report/failure.hpp"
#include "job/telemetry/report_log.hpp"

#include "config/notation/problems.hpp"
#include "models/pg/abandonable.hpp"

#include <malloc.h>

#include <cstdlib>
#include <iostream>

namespace {

using namespace tracking;
using job::Ending;

Ending outcome_of(auto const& work, std::string& message,
                  std::optional<job::EndingWords>* words = nullptr)
{
    try {
        return work();
    } catch (std::exception const&) {
        auto failure = job::failure_of(std::current_exception());
        message = std::move(failure.message);
        if (words)
            *words = std::move(failure.words);
        return failure.outcome;
    }
}

/// `problems` are those of the configuration. The part of it that could be read says where the
/// report goes.
Ending run_and_report(job::Command const& command, job::Invocation& invocation,
                      config::Problems const& problems)
{
    auto& report = invocation.report;
    auto const& config = invocation.config();
    job::set_up_log(config.log, job::identity_from(config::process_environment()));
    job::log_routine(job::start_event(report));
    auto const start = std::chrono::steady_clock::now();
    auto const work = [&] {
        problems.raise();
        job::require_distinct_files(invocation);
        job::watch_for_interruption(config.deadline);
        return command.run(invocation);
    };
    report.outcome = outcome_of(work, report.error, &report.words);
    report.phases = invocation.phases.all();
    report.duration = std::chrono::steady_clock::now() - start;
    if (!report.error.empty())
        job::log_error(report.error);
    if (command.reports && report.outcome != Ending::Usage)
        job::deliver(invocation);
    report.outcome = job::finish_output(report.outcome);
    job::log_routine(job::summary_event(report));
    return report.outcome;
}

std::optional<std::filesystem::path> config_file(config::CommandLine const& line)
{
    return line.config.empty() ? std::nullopt : std::optional{line.config.front()};
}

Ending run(std::vector<std::string> const& arguments)
{
    auto const line = config::parse_command_line(arguments);
    if (line.version) {
        std::cout << "customer-reconcile " << job::kVersion << '\n';
        return job::finish_output(Ending::Ok);
    }
    if (line.help) {
        std::cout << (line.words.empty() ? job::general_help() : job::command_of(line).help());
        return job::finish_output(Ending::Ok);
    }
    auto const& command = job::command_of(line);
    if (command.print) {
        std::cout << command.print(line);
        return job::finish_output(Ending::Ok);
    }
    config::Problems problems;
    job::Invocation invocation{.line = line,
                               .loaded = config::load({.file = config_file(line),
                                                       .environment = config::process_environment(),
                                                       .flags = line.settings},
                                                      problems)};
    invocation.report.command = line.words.front();
    invocation.report.version = job::kVersion;
    invocation.report.repeated = job::repeated_options(line);
    return run_and_report(command, invocation, problems);
}

}  // namespace

int main(int argc, char** argv)
{
    // What is read lies in few large pieces that grow. glibc keeps the room of those that were too
    // small, once it has seen one of that size, unless it is told what is large.
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    job::set_up_standard_streams();
    // An error of the command line is logged before there is a configuration.
    auto const environment = config::process_environment();
    auto const format = environment.find("CUSTOMER_RECONCILE_LOG_FORMAT");
    if (format != environment.end() && format->second == "json")
        job::set_up_log({.format = config::Format::Json}, job::identity_from(environment));
    std::string message;
    auto const outcome = outcome_of([&] { return run({argv + 1, argv + argc}); }, message);
    if (!message.empty())
        job::log_error(message);
    // A thread that cannot be stopped may still be at work: do not destroy what it uses.
    if (models::abandonable_threads() > 0)
        std::_Exit(static_cast<int>(outcome));
    return static_cast<int>(outcome);
}
