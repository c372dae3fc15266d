#include "job/process/standard_output.hpp"

#include "job/process/write_all.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <iostream>
#include <system_error>
#include <utility>

namespace tracking::job {

namespace {

class CheckedOutput : public std::streambuf
{
public:
    CheckedOutput() { clear(); }

    /// The errno of the first write that failed since the last call, or 0.
    int take_error() { return std::exchange(error_, 0); }

protected:
    int_type overflow(int_type c) override
    {
        sync();
        if (!traits_type::eq_int_type(c, traits_type::eof()))
            sputc(traits_type::to_char_type(c));
        return traits_type::not_eof(c);
    }

    int sync() override
    {
        if (is_usable_) {
            auto const size = static_cast<std::size_t>(pptr() - pbase());
            error_ = write_all(STDOUT_FILENO, {pbase(), size}, kAsLongAsItTakes);
            is_usable_ = error_ == 0;
        }
        clear();
        return 0;  // an error would make std::cout stop without a reason
    }

private:
    void clear() { setp(buffer_.data(), buffer_.data() + buffer_.size()); }

    std::array<char, 65536> buffer_{};
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
    std::signal(SIGPIPE, SIG_IGN);
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
