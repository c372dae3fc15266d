#pragma once

#include "config/settings/config.hpp"
#include "job/process/retrier.hpp"
#include "models/pg/database.hpp"
#include "models/schema/schema.hpp"

#include <chrono>
#include <optional>

namespace tracking::job {

models::Login login_for(config::Database const& database, config::Config const& config);

/// The sessions with both sides. Opens new ones where they were lost.
class Connections
{
public:
    /// Connects the management side. It is the source too, unless connect_source() connects
    /// another. Retries are counted in `retries`, which must outlive this object.
    /// @throws models::ConnectionLost, LoginRefused, ConnectionMisconfigured
    Connections(config::Config const& config, Retries& retries);

    /// Connects the source, where the configuration names another database for it. Throws the same
    /// as the constructor.
    void connect_source(config::Config const& config);

    /// Calls `work`, and calls it again where its failure is likely to pass. Where the connection
    /// was lost, it first opens new sessions with both sides.
    auto persist(auto const& work)
    {
        return retrier_.run(work, [this] { renew_sessions(); });
    }

    /// Calls `look` with a read-only transaction of the management side. Retries like persist().
    auto look_up(auto const& look)
    {
        return persist([&] {
            auto tx = management_.begin(models::Access::ReadOnly, timeouts_);
            return look(tx);
        });
    }

    /// The same with a transaction of the source.
    auto look_up_source(auto const& look)
    {
        return persist([&] {
            auto tx = source().begin(models::Access::ReadOnly, timeouts_);
            return look(tx);
        });
    }

    models::Database& management() { return management_; }
    models::Database& source() { return source_ ? *source_ : management_; }
    bool are_two() const { return source_.has_value(); }
    /// Which side or sides the management database has to serve as.
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
    std::optional<models::Database> source_;  ///< only where it is another database
};

}  // namespace tracking::job
