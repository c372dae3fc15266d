// The server, and the way to it.

#include "job/databases/identity.hpp"
#include "job/databases/rights.hpp"
#include "job/doctor/checks.hpp"

#include "models/schema/inspection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace tracking::job {

namespace {

using namespace std::chrono_literals;

constexpr auto kTolerableSkew = 60s;

void examine_version(Checkup& checkup, models::ServerFacts const& facts)
{
    auto const finding =
        fmt::format("PostgreSQL {}{}", facts.version, facts.has_citus ? " with Citus" : "");
    auto const tested =
        fmt::format("all tests of the job ran on PostgreSQL {}", models::kTestedServer);
    if (facts.major_version < models::kOldestServer)
        checkup.fail("server", finding + ", which is too old",
                     fmt::format("it needs {} or later; {}", models::kOldestServer, tested),
                     Ending::Data);
    else if (facts.major_version != models::kTestedServer)
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
