#include "job/process/ending.hpp"

#include <algorithm>

namespace tracking::job {

namespace {

EndingRow const& row_of(Ending ending)
{
    auto const* const found = std::ranges::find(kEndings, ending, &EndingRow::ending);
    return found == kEndings.end() ? row_of(Ending::Failed) : *found;
}

}  // namespace

std::string_view name_of(Ending outcome)
{
    return row_of(outcome).name;
}

std::string_view meaning_of(Ending outcome)
{
    return row_of(outcome).meaning;
}

}  // namespace tracking::job
