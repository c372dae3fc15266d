#pragma once

#include <boost/json.hpp>

#include <string_view>

namespace tracking::reconcile {

/// JSON that a server has written, however deep; null for no text at all.
boost::json::value parsed_json(std::string_view text);

}  // namespace tracking::reconcile
