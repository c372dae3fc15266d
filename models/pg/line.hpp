#pragma once

#include "models/pg/cancellation.hpp"

#include <atomic>
#include <memory>

struct pg_conn;
struct pg_cancel;

namespace tracking::models {

/// A session's way to its server, as those see it that wait there and those that end such waits.
class Line final : public Cancellable, public std::enable_shared_from_this<Line>
{
public:
    /// @throws ConnectionLost where the process may have no more files open
    explicit Line(pg_conn* session);
    ~Line();
    Line(Line const&) = delete;
    Line& operator=(Line const&) = delete;

    void cancel_statement() noexcept override;
    void shut() noexcept override;
    bool is_shut() const { return is_shut_; }

private:
    struct FreeCancel
    {
        void operator()(pg_cancel* cancel) const;
    };

    int socket_;  // one of its own: the session may close its any time
    std::unique_ptr<pg_cancel, FreeCancel> cancel_;
    std::atomic<bool> is_asking_ = false;
    std::atomic<bool> is_shut_ = false;
};

}  // namespace tracking::models
