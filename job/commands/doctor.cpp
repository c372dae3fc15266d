#include "job/commands/commands.hpp"
#include "job/databases/connections.hpp"
#include "job/doctor/checks.hpp"
#include "job/process/shown_text.hpp"
#include "job/process/terminal.hpp"

#include "models/values/errors.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <vector>

namespace tracking::job {

namespace {

using namespace std::chrono_literals;

std::string_view name_of(models::Side side)
{
    return side == models::Side::Source ? "source" : "management";
}

void examine_side(Checkup& checkup, config::Config const& config, models::Transaction& tx,
                  models::Side side)
{
    auto const profile = models::detect_schema(tx, side);
    checkup.pass("schema", fmt::format("{} generation, {} side",
                                       models::name_of(profile.generation()), name_of(side)));
    examine_rights(checkup, config, tx, profile, side);
    if (side == models::Side::Management) {
        examine_creators(checkup, tx, profile);
        examine_columns(checkup, tx, profile);
        examine_management(checkup, config, tx, profile);
    }
}

void examine_database(Checkup& checkup, config::Config const& config, std::string_view name,
                      config::Database const& where, std::vector<models::Side> const& databases)
{
    try {
        models::Database database{login_for(where, config)};
        checkup.pass(name, database.description());
        auto tx = database.begin(models::Access::ReadOnly, {.statement = 10s, .lock = 2s});
        examine_server(checkup, tx, databases);
        for (auto const side : databases)
            examine_side(checkup, config, tx, side);
    } catch (models::ConnectionLost const& error) {
        checkup.fail(name, sentence(error.what()), "check host, port and network policy",
                     Ending::Unavailable);
    } catch (models::LoginRefused const& error) {
        checkup.fail(name, sentence(error.what()), "check role and password", Ending::Denied);
    } catch (models::ConnectionMisconfigured const& error) {
        checkup.fail(name, sentence(error.what()), "check the dsn and the PG* variables",
                     Ending::Config);
    } catch (models::SchemaMismatch const& error) {
        checkup.fail("schema", error.what(), "point the job at the platform's database",
                     Ending::Data);
    }
}

}  // namespace

Ending doctor(Invocation& invocation)
{
    auto const& config = invocation.config();
    auto const form = invocation.wants_json() ? Form::Json
                      : wants_color(config.color, STDOUT_FILENO, config::process_environment())
                          ? Form::Colored
                          : Form::Plain;
    Checkup checkup{form};
    using enum models::Side;
    if (config.management.dsn.empty()) {
        examine_database(checkup, config, "database", config.source, {Management, Source});
    } else {
        examine_database(checkup, config, "management", config.management, {Management});
        examine_database(checkup, config, "source", config.source, {Source});
    }
    examine_metrics(checkup, config.metrics);
    examine_notify(checkup, config.notify);
    return checkup.conclude();
}

}  // namespace tracking::job
