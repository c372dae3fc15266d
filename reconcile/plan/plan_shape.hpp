#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::reconcile {

/// Looks at a plan file while it is read, so that a file which cannot be one is refused at once: to
/// parse 100 MB of `[1,1,1` takes long, and much memory. What passes may still be no plan.
class PlanShape
{
public:
    /// The next bytes of the file.
    /// @throws PlanFileError
    void take(std::string_view chunk);

private:
    void take(char byte);
    void take_in_text(char byte);
    void begin_value(char byte);
    void open(char byte);
    void close();
    void count_member();
    void check_heading();
    bool is_in_changes() const { return open_.size() == 2 && open_.back() == '['; }

    std::vector<char> open_;  ///< the brackets that are open
    bool is_in_text_ = false;
    bool is_escaped_ = false;
    bool has_begun_ = false;
    std::string heading_;  ///< the first bytes, until they have been checked
    bool is_heading_checked_ = false;
    std::size_t at_ = 0;
    std::size_t headings_ = 0;  ///< members of the file itself
    std::size_t changes_ = 0;
    std::size_t change_began_ = 0;
    std::size_t members_ = 0;  ///< of this change, or of what stands beside the changes
};

}  // namespace tracking::reconcile
