#pragma once

#include "job/usage/command.hpp"

#include <span>
#include <string>
#include <string_view>

namespace tracking::job {

/// The page customer-reconcile(1) for man, in roff.
std::string manual_page(std::string_view version, std::span<Command const> commands);

}  // namespace tracking::job
