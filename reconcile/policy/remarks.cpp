#include "reconcile/policy/remarks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iterator>
#include <utility>

namespace tracking::reconcile {

namespace {

constexpr std::size_t kNamed = 5;

}  // namespace

void Remarks::add(std::string_view sort, std::string remark)
{
    auto& [count, first] = sorts_.try_emplace(std::string{sort}).first->second;
    ++count;
    first.insert(std::move(remark));
    if (first.size() > kNamed)
        first.erase(std::prev(first.end()));
}

std::vector<std::string> Remarks::texts() const
{
    std::vector<std::string> texts;
    for (auto const& [name, sort] : sorts_) {
        if (sort.count <= kNamed)
            texts.insert(texts.end(), sort.first.begin(), sort.first.end());
        else
            texts.push_back(fmt::format("{} {}: {}; and {} more", sort.count, name,
                                        fmt::join(sort.first, "; "),
                                        sort.count - sort.first.size()));
    }
    return texts;
}

}  // namespace tracking::reconcile
