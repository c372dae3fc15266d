#include "job/report/repeated_options.hpp"

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>

#include <utility>

namespace tracking::job {

namespace {

bool has(std::string const& command, std::string const& flag)
{
    auto const name = " " + flag.substr(0, flag.find('='));
    return command.find(name + "=") != command.npos || command.find(name + " ") != command.npos;
}

}  // namespace

std::string RepeatedOptions::complete(std::string text) const
{
    std::vector<std::string> words;
    boost::split(words, text, boost::is_any_of(" "));
    if (words.size() < 2 || words[0] != "customer-reconcile")
        return text;
    auto name = words[1];
    if (words.size() > 2 && flags.contains(name + " " + words[2]))
        name += " " + words[2];
    else if (words.size() > 2 && name == "apply" && !words[2].starts_with("--"))
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
