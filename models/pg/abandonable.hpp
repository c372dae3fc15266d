#pragma once

#include <atomic>
#include <future>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

namespace tracking::models {

/// How many threads do something that cannot be stopped. While there are any, nothing that they may
/// use is to be destroyed: the process ends without that.
inline std::atomic<int>& abandonable_threads()
{
    static std::atomic<int> running = 0;
    return running;
}

/// Does `work` that may never end and cannot be stopped (a look-up of a name), in a thread that
/// nobody has to wait for.
/// @throws std::system_error where no thread can be started
void in_abandonable_thread(auto work)
{
    ++abandonable_threads();
    try {
        std::thread{[work = std::move(work)]() mutable {
            work();
            --abandonable_threads();
        }}.detach();
    } catch (std::system_error const&) {
        --abandonable_threads();
        throw;
    }
}

/// The same for work with a result. Where no thread can be started, it is done here and now.
template <class Work>
auto in_abandonable_thread_or_here(Work work) -> std::future<decltype(work())>
{
    auto const task = std::make_shared<std::packaged_task<decltype(work())()>>(std::move(work));
    auto result = task->get_future();
    try {
        in_abandonable_thread([task] { (*task)(); });
    } catch (std::system_error const&) {
        (*task)();
    }
    return result;
}

}  // namespace tracking::models
