#include "job/commands/commands.hpp"

#include "config/notation/problems.hpp"
#include "config/settings/json_schema.hpp"
#include "config/sources/secret_url.hpp"

#include <fmt/format.h>

#include <iostream>
#include <string>

namespace tracking::job {

Ending check_config(Invocation& invocation)
{
    auto const& [config, places] = invocation.loaded;
    config::Problems problems;
    for (auto const& [key, file] : config::secret_urls(config.notify))
        if (auto const read = config::read_secret_url(file); !read.url)
            problems.add(places.at(std::string{key}), fmt::format("{}: {}", key, read.objection));
    problems.raise();
    if (invocation.wants_json())
        std::cout << R"({"format": "customer-reconcile/config-check", "version": 1, "valid": true})"
                  << '\n';
    else
        std::cout << "The configuration is valid.\n";
    return Ending::Ok;
}

Ending show_config(Invocation& invocation)
{
    if (invocation.wants_json())
        std::cout << invocation.loaded.show_json();
    else
        for (auto const& line : invocation.loaded.show())
            std::cout << line << '\n';
    return Ending::Ok;
}

Ending show_config_schema(Invocation&)
{
    std::cout << config::json_schema() << '\n';
    return Ending::Ok;
}

}  // namespace tracking::job
