#include "job/databases/connections.hpp"

#include "job/process/interruption.hpp"

namespace tracking::job {

models::Login login_for(config::Database const& database, config::Config const& config)
{
    return {
        .dsn = database.dsn,
        .password = database.password,
        .connect_timeout = std::chrono::duration_cast<std::chrono::seconds>(config.connect_timeout),
        .cancellation = &cancellation()};
}

Connections::Connections(config::Config const& config, Retries& retries)
    : timeouts_{.statement = config.statement_timeout, .lock = config.lock_timeout},
      lease_time_{config.lease_time},
      retrier_{config.retry, retries},
      management_login_{login_for(config.management_database(), config)},
      source_login_{login_for(config.source, config)},
      management_{connect(management_login_)}
{}

void Connections::connect_source(config::Config const& config)
{
    if (!config.management.dsn.empty() && config.management.dsn != config.source.dsn)
        source_.emplace(connect(source_login_));
}

models::Database Connections::connect(models::Login const& login)
{
    return retrier_.run([&] { return models::Database{login}; }, [] {});
}

void Connections::renew_sessions()
{
    management_.reconnect();
    if (source_)
        source_->reconnect();
}

}  // namespace tracking::job
