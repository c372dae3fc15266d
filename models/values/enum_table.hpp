#pragma once

#include <cstddef>

namespace tracking::models {

/// Whether a table has a row for each enumerator up to the last one, in their order, so that a row
/// is found by its place. `enumerator` is the member of a row that says whose it is.
template <class Table, class Row, class Enum>
constexpr bool has_row_for_each(Table const& table, Enum Row::*enumerator, Enum last)
{
    for (std::size_t i = 0; i < table.size(); ++i)
        if (table[i].*enumerator != static_cast<Enum>(i))
            return false;
    return !table.empty() && table.back().*enumerator == last;
}

}  // namespace tracking::models
