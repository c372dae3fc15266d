#include "job/commands.hpp"

#include "config/json_schema.hpp"
#include "config/problems.hpp"
#include "job/policy.hpp"

#include <fmt/format.h>

#include <iostream>

namespace tracking::job {

Outcome show_config(Invocation& invocation)
{
    auto const& words = invocation.line.words;
    auto const what = words.size() == 2 ? words[1] : std::string{};
    if (what == "show") {
        for (auto const& line : invocation.loaded.show())
            std::cout << line << '\n';
    } else if (what == "check") {
        policy_from(invocation.config(), {}, {});  // the models have a say about tags
        std::cout << "The configuration is valid.\n";
    } else if (what == "schema") {
        std::cout << config::json_schema() << '\n';
    } else {
        throw config::UsageError{"config takes one of: check, show, schema"};
    }
    return Outcome::Ok;
}

}  // namespace tracking::job
