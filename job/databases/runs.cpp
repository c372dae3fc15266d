#include "job/databases/runs.hpp"

#include "models/rules/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace tracking::job {

namespace {

constexpr std::size_t kShortestName = 8;

}  // namespace

bool is_run_name(std::string_view word)
{
    return word.size() >= kShortestName && word.size() <= 36 &&
           std::ranges::all_of(word, [](unsigned char c) { return std::isxdigit(c) || c == '-'; });
}

models::PastRun run_named(models::Transaction& tx, models::JournalHistory const& history,
                          std::string const& name)
{
    auto prefix = name;
    std::ranges::transform(prefix, prefix.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    auto runs = is_run_name(name) ? history.runs_named(tx, prefix) : std::vector<models::PastRun>{};
    if (runs.empty())
        throw RunUnusable{
            fmt::format("the journal knows no run \"{}\": `customer-reconcile history` lists them",
                        models::printable(name))};
    if (runs.size() > 1)
        throw RunUnusable{
            fmt::format("\"{}\" is how several runs begin, {} and {} among them; give "
                        "more of the id",
                        name, runs[0].id.str(), runs[1].id.str())};
    return std::move(runs.front());
}

}  // namespace tracking::job
