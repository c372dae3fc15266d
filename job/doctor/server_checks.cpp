// The server, and the way to it.

#include "job/databases/identity.hpp"
#include "job/doctor/checks.hpp"

#include "models/schema/citus.hpp"
#include "models/schema/inspection.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace tracking::job {

namespace {

using namespace std::chrono_literals;

constexpr auto kTolerableSkew = 60s;

void examine_version(Checkup& checkup, models::ServerFacts const& facts)
{
    auto const finding =
        fmt::format("PostgreSQL {}{}", facts.version, facts.has_citus ? " with Citus" : "");
    auto const tested = fmt::format("all tests of the job ran on PostgreSQL {}",
                                    fmt::join(models::kTestedServers, " and "));
    if (facts.major_version < models::kOldestServer)
        checkup.fail("server", finding + ", which is too old",
                     fmt::format("it needs {} or later; {}", models::kOldestServer, tested),
                     Ending::Data);
    else if (std::ranges::count(models::kTestedServers, facts.major_version) == 0)
        checkup.warn("server", finding, tested);
    else
        checkup.pass("server", finding);
}

void examine_standby(Checkup& checkup, models::Standby const& standby,
                     std::vector<models::Side> const& databases)
{
    if (std::ranges::count(databases, models::Side::Management) > 0)
        checkup.fail("standby", "the server is a read-only standby",
                     "point management.dsn at the primary", Ending::Unavailable);
    else if (standby.is_current())
        checkup.pass("standby", lag_of(standby));
    else
        checkup.warn("standby", lag_of(standby),
                     "plan works with it; clean-ups are held back until it has replayed "
                     "everything of the last minutes");
}

void examine_citus(Checkup& checkup, models::Transaction& tx)
{
    checkup.pass("snapshot",
                 "Citus has none of all its servers: a plan is a list of candidates, and each "
                 "change is verified again when it is applied");
    auto const workers = models::workers(tx);
    std::vector<std::string> silent;
    for (auto const& worker : workers) {
        if (!worker.answers)
            silent.push_back(worker.name);
    }
    if (silent.empty())
        checkup.pass("Citus workers",
                     fmt::format("{} of {} answer", workers.size(), workers.size()));
    else
        checkup.fail(
            "Citus workers",
            fmt::format("{} of {} do not answer this role: {}", silent.size(), workers.size(),
                        fmt::join(silent, ", ")),
            "start them, and see that they let the role in (pg_hba.conf, pg_dist_authinfo): "
            "a part of the tenants cannot be read",
            Ending::Unavailable);
}

}  // namespace

void examine_server(Checkup& checkup, models::Transaction& tx,
                    std::vector<models::Side> const& databases)
{
    auto const facts = models::inspect_server(tx);
    examine_version(checkup, facts);
    if (facts.is_encrypted || facts.is_local)
        checkup.pass("tls", facts.is_encrypted ? "the connection is encrypted"
                                               : "a local socket needs none");
    else
        checkup.warn("tls", "the connection is not encrypted",
                     "add sslmode=verify-full to the dsn");
    checkup.pass("pooler", facts.is_pooled ? "a pooler is in between" : "none");
    if (facts.has_citus)
        examine_citus(checkup, tx);
    if (facts.standby)
        examine_standby(checkup, *facts.standby, databases);
    auto const skew =
        facts.time - std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    if (std::chrono::abs(skew) <= kTolerableSkew)
        checkup.pass("clock", fmt::format("{} s apart from the server's", skew.count()));
    else
        checkup.warn("clock", fmt::format("{} s apart from the server's", skew.count()),
                     "times in logs will not match; the job itself uses the server's clock");
}

}  // namespace tracking::job
