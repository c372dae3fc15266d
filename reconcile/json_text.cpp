#include "reconcile/json_text.hpp"

namespace tracking::reconcile {

boost::json::value parsed_json(std::string_view text)
{
    if (text.empty())
        return nullptr;
    boost::json::parse_options options;
    options.max_depth = 10'000;
    return boost::json::parse({text.data(), text.size()}, {}, options);
}

}  // namespace tracking::reconcile
