#pragma once

#include "config/settings/config.hpp"
#include "job/process/retrier.hpp"
#include "models/pg/database.hpp"
#include "models/schema/grants.hpp"

#include <chrono>
#include <optional>

namespace tracking::job {

models::Login login_for(config::Database const& database, config::Config const& config);
RetryPolicy retry_policy(config::Config const& config);

/// The sessions with both sides, and new ones where they were lost.
class Connections
{
public:
    /// Connects the management side, which is the source too until connect_source() finds another.
    /// What has to be done again is counted in `retries`.
    /// @throws models::ConnectionLost, LoginRefused, ConnectionMisconfigured
    Connections(config::Config const& config, Retries& retries);

    /// Connects the source, where the configuration says that it is another database. Throws as the
    /// constructor.
    void connect_source(config::Config const& config);

    /// Does `work`, and again where what stopped it is likely to pass; where it was the connection,
    /// with new sessions on both sides.
    auto persist(auto const& work)
    {
        return retrier_.run(work, [this] { renew_sessions(); });
    }

    /// What `look` finds in a reading transaction with the management side.
    auto look_up(auto const& look)
    {
        return persist([&] {
            auto tx = management_.begin(models::Access::ReadOnly, timeouts_);
            return look(tx);
        });
    }

    models::Database& management() { return management_; }
    models::Database& source() { return source_ ? *source_ : management_; }
    bool are_two() const { return source_.has_value(); }
    /// What the management database is to be fit for.
    models::Side side() const { return are_two() ? models::Side::Management : models::Side::Both; }
    models::Timeouts const& timeouts() const { return timeouts_; }
    std::chrono::milliseconds lease_time() const { return lease_time_; }
    models::Login const& management_login() const { return management_login_; }
    models::Login const& source_login() const { return source_login_; }

private:
    models::Database connect(models::Login const& login);
    void renew_sessions();

    models::Timeouts timeouts_;
    std::chrono::milliseconds lease_time_;
    Retrier retrier_;
    models::Login management_login_;
    models::Login source_login_;
    models::Database management_;
    std::optional<models::Database> source_;  ///< where it is another database
};

}  // namespace tracking::job
