#include "job/process/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace tracking::job {

namespace {

constexpr int kDefaultWidth = 100;

std::string value_of(std::map<std::string, std::string> const& environment, std::string const& name)
{
    auto const found = environment.find(name);
    return found == environment.end() ? std::string{} : found->second;
}

}  // namespace

bool is_terminal(int fd)
{
    return ::isatty(fd) == 1;
}

int terminal_width(int fd)
{
    winsize size{};
    if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return kDefaultWidth;
    return size.ws_col;
}

bool wants_color(config::Color color, int fd, std::map<std::string, std::string> const& environment)
{
    if (color != config::Color::Auto)
        return color == config::Color::Always;
    auto const terminal = value_of(environment, "TERM");
    return is_terminal(fd) && !terminal.empty() && terminal != "dumb" &&
           value_of(environment, "NO_COLOR").empty();
}

}  // namespace tracking::job
