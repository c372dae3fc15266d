#include "job/databases/runs.hpp"

#include "models/rules/text.hpp"
#include "models/values/lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace tracking::job {

namespace {

constexpr std::size_t kShortestName = 8;
constexpr std::size_t kItemsAtOnce = 500;

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

StoredItems::StoredItems(Databases& databases)
    : databases_{databases}, history_{databases.facts.tenant, databases.connections.lease_time()}
{}

void StoredItems::tell(Report& report, std::string const& run, std::size_t most)
{
    databases_.connections.look_up([&](auto& tx) {
        auto const past = run_named(tx, history_, run);
        run_ = past.id;
        names_.clear();
        auto const visit_changes = [&](auto const& visit) {
            history_.visit_changes(tx, past.id, [&](models::PastChange const& change) {
                if (auto const known = models::blank_change(change.change))
                    names_.push_back({change.company, name_of(*known)});
                visit(change);
            });
        };
        job::tell(report, past, visit_changes, most);
    });
}

void StoredItems::visit(std::function<void(PastItem const&)> const& visit)
{
    std::span<Name const> const all{names_};
    for (std::size_t at = 0; at < all.size(); at += kItemsAtOnce) {
        for (auto const& item : read(all.subspan(at, std::min(kItemsAtOnce, all.size() - at))))
            visit(item);
    }
}

// A company may have changes in other portions, too. Both readings have the same order.
std::vector<PastItem> StoredItems::read(std::span<Name const> portion)
{
    auto const companies = models::each_of(portion, &Name::company);
    std::vector<PastItem> items;
    databases_.connections.look_up([&](auto& tx) {
        items.clear();
        auto next = portion.begin();
        history_.visit_changes(tx, run_, companies, [&](models::PastChange const& change) {
            auto const found = std::find_if(next, portion.end(), [&](Name const& name) {
                return name.company == change.company && name.change == change.change;
            });
            if (found == portion.end())
                return;
            next = found + 1;
            items.push_back(item_of(change).value());
        });
    });
    return items;
}

}  // namespace tracking::job
