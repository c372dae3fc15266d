#include "job/usage/command.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tracking::job {

std::vector<std::string_view> words_of(std::string_view text)
{
    std::vector<std::string_view> words;
    for (std::size_t begin = 0; (begin = text.find_first_not_of(' ', begin)) != text.npos;) {
        auto const end = std::min(text.find(' ', begin), text.size());
        words.push_back(text.substr(begin, end - begin));
        begin = end;
    }
    return words;
}

bool Command::uses(std::string_view option) const
{
    return std::ranges::any_of(options, [&](std::string_view group) {
        return std::ranges::any_of(words_of(group), [&](std::string_view known) {
            return option == known ||
                   (option.starts_with(known) && option.substr(known.size()).starts_with('.'));
        });
    });
}

std::string Command::help() const
{
    auto const used = [this](std::string_view option) { return uses(option); };
    return fmt::format(
        "customer-reconcile {0}: {1}\n\n"
        "{6}usage:   customer-reconcile {0}{2}{3} [OPTION...]\n"
        "example: customer-reconcile {4}\n\n{5}",
        name, summary, operands.empty() ? "" : " ", operands, example, config::options_help(used),
        details.empty() ? "" : fmt::format("{}\n\n", details));
}

}  // namespace tracking::job
