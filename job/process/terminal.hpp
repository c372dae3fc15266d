#pragma once

#include "config/settings/config.hpp"

#include <map>
#include <string>

namespace tracking::job {

bool is_terminal(int fd);

/// Columns of the terminal; 100 where `fd` is none or does not say.
int terminal_width(int fd);

/// Whether what is written to `fd` gets colours. `Auto` asks for a terminal that is not "dumb", and
/// gives way to a NO_COLOR that is not empty (no-color.org); `Always` does not.
bool wants_color(config::Color color, int fd,
                 std::map<std::string, std::string> const& environment);

}  // namespace tracking::job
