#pragma once

#include <csignal>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tracking::testing {

/// What a run of the job left behind.
struct Ended
{
    int exit_code = -1;  ///< minus the signal where one ended it
    std::string out;
    std::string err;
};

/// Runs the real binary and waits for its end. It sees PATH and `environment`, and nothing else of
/// this process's environment; its standard input is empty.
Ended run_job(std::vector<std::string> const& arguments,
              std::map<std::string, std::string> const& environment);

/// The same, but sends it a signal as soon as `is_time` says so. No signal where it ends before.
Ended run_job(std::vector<std::string> const& arguments,
              std::map<std::string, std::string> const& environment,
              std::function<bool()> const& is_time, int signal = SIGTERM);

/// Runs a command line of the shell in which $JOB is the binary; `out` is what the shell's own
/// standard output got.
Ended run_shell(std::string const& script, std::map<std::string, std::string> const& environment);

/// A run that is under way. It is killed where nobody waited for it.
class RunningJob
{
public:
    RunningJob(std::vector<std::string> const& arguments,
               std::map<std::string, std::string> const& environment);
    ~RunningJob();
    RunningJob(RunningJob const&) = delete;
    RunningJob& operator=(RunningJob const&) = delete;

    bool has_ended();
    std::string err_so_far() const;
    void send(int signal);
    Ended wait();

private:
    struct Process;
    std::unique_ptr<Process> process_;
};

}  // namespace tracking::testing
