#include "tests/support/servers/job_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>

namespace tracking::testing {

namespace {

/// A file without a name. Another process writes it, and this one reads it.
class Captured
{
public:
    Captured()
    {
        std::string name = "/tmp/reconcile-test-XXXXXX";
        fd_ = mkostemp(name.data(), O_CLOEXEC);
        if (fd_ < 0)
            throw std::runtime_error{"cannot create a temporary file"};
        unlink(name.c_str());
    }
    ~Captured() { close(fd_); }
    Captured(Captured const&) = delete;
    Captured& operator=(Captured const&) = delete;

    int fd() const { return fd_; }

    std::string text() const
    {
        std::string text;
        std::array<char, 65536> part{};
        // Not by read(): the process would go on writing where read() ends.
        for (ssize_t n;
             (n = pread(fd_, part.data(), part.size(), static_cast<off_t>(text.size()))) > 0;)
            text.append(part.data(), static_cast<std::size_t>(n));
        return text;
    }

private:
    int fd_;
};

std::vector<char*> pointers_to(std::vector<std::string>& texts)
{
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (auto& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

std::vector<std::string> variables_from(std::map<std::string, std::string> const& environment)
{
    std::vector<std::string> variables{std::string{"PATH="} + std::getenv("PATH")};
    for (auto const& [name, value] : environment)
        variables.push_back(std::string{name}.append("=").append(value));
    // The suite `odd` runs in another zone.
    if (auto const* const zone = std::getenv("CUSTOMER_RECONCILE_TEST_TZ");
        zone && !environment.contains("TZ"))
        variables.push_back(std::string{"TZ="} + zone);
    return variables;
}

pid_t spawn(std::vector<std::string> arguments, std::vector<std::string> environment,
            Captured const& out, Captured const& err)
{
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, out.fd(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, err.fd(), STDERR_FILENO);
    pid_t pid = 0;
    int const error = posix_spawn(&pid, arguments.front().c_str(), &files, nullptr,
                                  pointers_to(arguments).data(), pointers_to(environment).data());
    posix_spawn_file_actions_destroy(&files);
    if (error != 0)
        throw std::runtime_error{"cannot start " + arguments.front()};
    return pid;
}

int exit_code_from(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace

struct RunningJob::Process
{
    Captured out;
    Captured err;
    pid_t pid = 0;
    int status = 0;
    bool has_ended = false;
};

RunningJob::RunningJob(std::vector<std::string> const& arguments,
                       std::map<std::string, std::string> const& environment)
    : process_{std::make_unique<Process>()}
{
    std::vector<std::string> command{RECONCILE_JOB};
    command.insert(command.end(), arguments.begin(), arguments.end());
    process_->pid = spawn(command, variables_from(environment), process_->out, process_->err);
}

RunningJob::~RunningJob()
{
    if (has_ended())
        return;
    send(SIGKILL);
    wait();
}

bool RunningJob::has_ended()
{
    auto& process = *process_;
    if (!process.has_ended)
        process.has_ended = waitpid(process.pid, &process.status, WNOHANG) == process.pid;
    return process.has_ended;
}

std::string RunningJob::err_so_far() const
{
    return process_->err.text();
}

void RunningJob::send(int signal)
{
    kill(process_->pid, signal);
}

Ended RunningJob::wait()
{
    auto& process = *process_;
    if (!process.has_ended)
        waitpid(process.pid, &process.status, 0);
    process.has_ended = true;
    return {.exit_code = exit_code_from(process.status),
            .out = process.out.text(),
            .err = process.err.text()};
}

Ended run_shell(std::string const& script, std::map<std::string, std::string> const& environment)
{
    auto variables = variables_from(environment);
    variables.push_back(std::string{"JOB="} + RECONCILE_JOB);
    Captured const out;
    Captured const err;
    int status = 0;
    waitpid(spawn({"/bin/bash", "-c", script}, variables, out, err), &status, 0);
    return {.exit_code = exit_code_from(status), .out = out.text(), .err = err.text()};
}

Ended run_job(std::vector<std::string> const& arguments,
              std::map<std::string, std::string> const& environment)
{
    return RunningJob{arguments, environment}.wait();
}

Ended run_job(std::vector<std::string> const& arguments,
              std::map<std::string, std::string> const& environment,
              std::function<bool()> const& is_time, int signal)
{
    RunningJob job{arguments, environment};
    while (!job.has_ended()) {
        if (is_time()) {
            job.send(signal);
            break;
        }
    }
    return job.wait();
}

}  // namespace tracking::testing
