#pragma once

#include <utility>

namespace tracking::job {

/// Calls `work` at the end of its scope, however that is left.
template <class Work>
class AtEnd
{
public:
    explicit AtEnd(Work work) : work_{std::move(work)} {}
    ~AtEnd() { work_(); }
    AtEnd(AtEnd const&) = delete;
    AtEnd& operator=(AtEnd const&) = delete;

private:
    Work work_;
};

}  // namespace tracking::job
