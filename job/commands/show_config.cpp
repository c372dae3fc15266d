#include "job/commands/commands.hpp"

#include "config/settings/json_schema.hpp"

#include <fmt/format.h>

#include <iostream>

namespace tracking::job {

Ending check_config(Invocation& invocation)
{
    if (invocation.config().format == config::Format::Json)
        std::cout << R"({"format": "customer-reconcile/config-check", "version": 1, "valid": true})"
                  << '\n';
    else
        std::cout << "The configuration is valid.\n";
    return Ending::Ok;
}

Ending show_config(Invocation& invocation)
{
    if (invocation.config().format == config::Format::Json)
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
