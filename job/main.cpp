#include "job/commands.hpp"
#include "job/delivery.hpp"
#include "job/failure.hpp"
#include "job/interruption.hpp"
#include "job/report_log.hpp"
#include "job/standard_output.hpp"
#include "job/version.hpp"

#include "config/problems.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <iostream>
#include <map>

namespace {

using namespace tracking;
using job::Outcome;

struct Command
{
    job::Outcome (*run)(job::Invocation&);
    std::string_view operands;
    std::string_view help;
    bool reports = false;
};

std::map<std::string_view, Command> const kCommands{
    {"plan", {job::plan, "", "compare both sides and report; never writes", true}},
    {"apply",
     {job::apply, "[PLANFILE]", "plan, then write the changes and prove the result", true}},
    {"link",
     {job::link, "TENANT COMPANY", "a person's decision: this company is that tenant's customer",
      true}},
    {"history", {job::history, "[N]", "past runs, newest first; 0: all", false}},
    {"show",
     {job::show, "RUN|PLANFILE", "a past run, or a saved plan, stale or not, in any format", true}},
    {"undo", {job::undo, "RUN", "what would take a run back, as a plan; --yes applies it", true}},
    {"explain", {job::explain, "TENANT|COMPANY", "why one tenant or company is as it is", false}},
    {"init", {job::init, "", "create or upgrade the journal; --print, --prune", false}},
    {"doctor", {job::doctor, "", "check connection, schema, grants and journal", false}},
    {"config", {job::show_config, "check|show|schema", "the configuration", false}},
};

void print_help()
{
    std::cout
        << "customer-reconcile keeps the management tenant's customers equal to the tenants.\n\n"
           "usage: customer-reconcile COMMAND [OPTION...]\n\n";
    for (auto const& [name, command] : kCommands)
        std::cout << fmt::format("  {:<24} {}\n", fmt::format("{} {}", name, command.operands),
                                 command.help);
    std::cout << '\n' << config::options_help();
}

Command const& command_of(config::CommandLine const& line)
{
    if (line.words.empty())
        throw config::UsageError{"no command given: see --help"};
    auto const found = kCommands.find(line.words.front());
    if (found == kCommands.end()) {
        std::vector<std::string> names;
        names.reserve(kCommands.size());
        for (auto const& [name, command] : kCommands)
            names.emplace_back(name);
        throw config::UsageError{
            fmt::format("unknown command \"{}\"{}", line.words.front(),
                        config::did_you_mean(line.words.front(), names, "; see --help"))};
    }
    if (found->second.operands.empty() && line.words.size() > 1)
        throw config::UsageError{fmt::format("{} takes no operand, but was given \"{}\"",
                                             line.words.front(), line.words[1])};
    if (line.rehearse && line.words.front() != "plan")
        throw config::UsageError{
            fmt::format("--rehearse belongs to plan; {} would do it for real", line.words.front())};
    return found->second;
}

Outcome outcome_of(auto const& work, std::string& message)
{
    try {
        return work();
    } catch (std::exception const&) {
        auto failure = job::failure_of(std::current_exception());
        message = std::move(failure.message);
        return failure.outcome;
    }
}

/// `problems` are the configuration's: what could be read of it says where the report goes.
Outcome run_and_report(Command const& command, job::Invocation& invocation,
                       config::Problems const& problems)
{
    auto& report = invocation.report;
    auto const& config = invocation.config();
    job::set_up_log(config.log, job::identity_from(config::process_environment()));
    job::log_routine(job::start_event(report));
    auto const start = std::chrono::steady_clock::now();
    job::watch_for_interruption(config.deadline);
    auto const work = [&] {
        problems.raise();
        job::require_distinct_files(invocation);
        return command.run(invocation);
    };
    report.outcome = outcome_of(work, report.error);
    report.duration = std::chrono::steady_clock::now() - start;
    if (!report.error.empty())
        job::log_error(report.error);
    if (command.reports && report.outcome != Outcome::Usage)
        job::deliver(invocation);
    report.outcome = job::finish_output(report.outcome);
    job::log_routine(job::summary_event(report));
    return report.outcome;
}

std::optional<std::filesystem::path> config_file(config::CommandLine const& line)
{
    return line.config.empty() ? std::nullopt : std::optional{line.config.front()};
}

Outcome run(std::vector<std::string> const& arguments)
{
    auto const line = config::parse_command_line(arguments);
    if (line.version) {
        std::cout << "customer-reconcile " << job::kVersion << '\n';
        return job::finish_output(Outcome::Ok);
    }
    if (line.help) {
        print_help();
        return job::finish_output(Outcome::Ok);
    }
    auto const& command = command_of(line);
    config::Problems problems;
    job::Invocation invocation{.line = line,
                               .loaded = config::load({.file = config_file(line),
                                                       .environment = config::process_environment(),
                                                       .flags = line.settings},
                                                      problems)};
    invocation.report.command = line.words.front();
    invocation.report.version = job::kVersion;
    return run_and_report(command, invocation, problems);
}

}  // namespace

int main(int argc, char** argv)
{
    job::set_up_standard_streams();
    // What is wrong with the command line is told before there is a configuration.
    auto const environment = config::process_environment();
    auto const format = environment.find("CUSTOMER_RECONCILE_LOG_FORMAT");
    if (format != environment.end() && format->second == "json")
        job::set_up_log({.format = config::Format::Json}, job::identity_from(environment));
    std::string message;
    auto const outcome = outcome_of([&] { return run({argv + 1, argv + argc}); }, message);
    if (!message.empty())
        job::log_error(message);
    // A connection attempt may still be under way in its thread: nothing is torn down under it.
    if (outcome == Outcome::Interrupted)
        std::_Exit(static_cast<int>(outcome));
    return static_cast<int>(outcome);
}
