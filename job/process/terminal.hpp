#pragma once

#include "config/settings/config.hpp"

#include <map>
#include <string>

namespace tracking::job {

bool is_terminal(int fd);

/// The columns of the terminal; 100 where `fd` is no terminal or does not tell.
int terminal_width(int fd);

/// Whether output to `fd` gets colours. With `Auto` it does where `fd` is a terminal, TERM is set
/// and not "dumb", and NO_COLOR (no-color.org) is empty. `Always` does not look at these.
bool wants_color(config::Color color, int fd,
                 std::map<std::string, std::string> const& environment);

}  // namespace tracking::job
