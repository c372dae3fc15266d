#pragma once

#include "job/notify/occasions.hpp"
#include "job/report/report.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tracking::job {

/// What a person reads first of the report, for a chat: how the run ended and what is news, where
/// it ran, how much there is to do, what waits for a person, and the commands that help. In the
/// Markdown that Slack, Mattermost and Teams have in common. Addresses are always masked; of items
/// there are only kind, name and id, and so no people's names.
std::string digest_of(Report const& report, std::vector<News> const& news,
                      std::string_view environment);

}  // namespace tracking::job
