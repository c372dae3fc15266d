#pragma once

#include "job/usage/command.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace tracking::job {

inline constexpr std::array<std::string_view, 3> kShells{"bash", "zsh", "fish"};

/// What the shell reads to complete commands, their options, and the words and files that these
/// take. @throws config::UsageError for another shell
std::string completion_for(std::string_view shell, std::span<Command const> commands);

}  // namespace tracking::job
