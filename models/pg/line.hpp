#pragma once

#include "models/pg/cancellation.hpp"

#include <atomic>
#include <memory>

struct pg_conn;
struct pg_cancel;

namespace tracking::models {

/// A session's connection to its server, for those who wait for it and those who end such waits.
class Line final : public Cancellable, public std::enable_shared_from_this<Line>
{
public:
    /// @throws ConnectionLost where the process may not open any more files
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

    int socket_;  // a copy: the session may close its own any time
    std::unique_ptr<pg_cancel, FreeCancel> cancel_;
    std::atomic<bool> is_asking_ = false;
    std::atomic<bool> is_shut_ = false;
};

}  // namespace tracking::models
