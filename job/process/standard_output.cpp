#include "job/process/standard_output.hpp"

#include "job/process/output_buffer.hpp"
#include "job/process/write_all.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <system_error>
#include <utility>

namespace tracking::job {

namespace {

/// Goes on after an error, which would make std::cout stop without a reason.
class CheckedOutput : public OutputBuffer
{
public:
    /// The errno of the first write that failed since the last call, or 0.
    int take_error() { return std::exchange(error_, 0); }

private:
    void pass_on(std::string_view portion) override
    {
        if (!is_usable_)
            return;
        error_ = write_all(STDOUT_FILENO, portion, kAsLongAsItTakes);
        is_usable_ = error_ == 0;
    }

    bool is_usable_ = true;
    int error_ = 0;
};

CheckedOutput& output()
{
    // Never destroyed: std::cout is flushed after all other objects are gone.
    static auto* const process_wide = new CheckedOutput;
    return *process_wide;
}

}  // namespace

void set_up_standard_streams()
{
    for (int const fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(fd, F_GETFD) < 0)
            ::open("/dev/null", O_RDONLY);  // takes the lowest free number; writing to it fails
    // A write that fails is an error like any other: no reader is left, or a limit of file sizes.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    std::cout.rdbuf(&output());
}

std::string finish_standard_output()
{
    std::cout.flush();
    auto const error = output().take_error();
    return error == 0 ? std::string{}
                      : fmt::format("standard output could not be written: {}",
                                    std::generic_category().message(error));
}

}  // namespace tracking::job
