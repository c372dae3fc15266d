#include "job/report/repeated_options.hpp"

#include <fmt/format.h>

#include <sstream>

namespace tracking::job {

namespace {

bool has(std::string const& command, std::string const& flag)
{
    auto const name = flag.substr(0, flag.find('='));
    return command.find(fmt::format(" {}=", name)) != command.npos ||
           command.find(fmt::format(" {} ", name)) != command.npos;
}

}  // namespace

std::string RepeatedOptions::complete(std::string text) const
{
    std::istringstream words{text};
    std::string program;
    std::string name;
    std::string next;
    words >> program >> name >> next;
    if (program != "customer-reconcile" || name.empty())
        return text;
    if (flags.contains(name + " " + next))
        name += " " + next;
    else if (!next.empty() && name == "apply" && !next.starts_with("--"))
        name = "apply PLANFILE";
    auto const repeated = flags.find(name);
    if (repeated == flags.end())
        return text;
    auto command = text;
    for (auto const& flag : repeated->second) {
        if (!has(text, flag))
            command += " " + flag;
    }
    return command;
}

}  // namespace tracking::job
