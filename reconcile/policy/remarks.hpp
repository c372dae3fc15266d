#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::reconcile {

/// Remarks by their sort. Many of one sort become one remark with their number and the first few,
/// so that the others are not lost among them. Memory follows the sorts.
class Remarks
{
public:
    /// `sort` completes "24000 ...".
    void add(std::string_view sort, std::string remark);

    /// Those of a sort in order. Their order of arrival does not matter.
    std::vector<std::string> texts() const;

private:
    struct Sort
    {
        std::size_t count = 0;
        std::set<std::string> first;
    };
    std::map<std::string, Sort, std::less<>> sorts_;
};

}  // namespace tracking::reconcile
