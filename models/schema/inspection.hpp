#pragma once

#include "models/pg/database.hpp"
#include "models/rules/id.hpp"
#include "models/schema/schema.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::models {

/// How far a standby server has replayed the changes of its primary.
struct Standby
{
    /// A standby is current while its last replayed transaction is no older than this.
    static constexpr std::chrono::minutes kRecent{5};

    bool is_paused = false;
    bool has_replayed_all = false;               ///< it receives changes and has replayed them all
    std::optional<std::chrono::seconds> behind;  ///< age of the last replayed transaction; high
                                                 ///< where the primary is idle

    /// Whether it has replayed everything, but for the last minutes.
    bool is_current() const
    {
        return !is_paused && (has_replayed_all || (behind && *behind <= kRecent));
    }
};

/// What `doctor` asks a server about itself and this session.
struct ServerFacts
{
    std::string version;             ///< "15.18"
    int major_version = 0;           ///< 15
    bool is_encrypted = false;       ///< the connection to the server, or to the pooler
    bool is_local = false;           ///< over a unix socket
    bool is_pooled = false;          ///< a pooler answers for the server
    std::optional<Standby> standby;  ///< set: the server takes no writes
    bool has_citus = false;
    std::chrono::sys_seconds time;
};

/// The oldest server that knows all that the statements use. The newest of that is
/// pg_attribute.attgenerated.
inline constexpr int kOldestServer = 12;

/// The servers that all tests ran on: those of Debian 12 and 13.
inline constexpr std::array kTestedServers{15, 17};

/// Takes libpq's number: 150018 is 15.18. @throws SchemaMismatch where the server is older
void require_server(int version_number);

ServerFacts inspect_server(Transaction& tx);

/// What a run has to know of a session before it reads.
struct SessionFacts
{
    std::string identity;  ///< tells databases apart, however they are reached: name and oid
    std::chrono::sys_seconds time;   ///< the server's clock
    std::size_t about_tenants = 0;   ///< by the server's statistics; 0 before ANALYZE
    bool is_pooled = false;          ///< a pooler answers for the server
    bool has_citus = false;          ///< no snapshot holds on all of its servers
    std::optional<Standby> standby;  ///< set: the server takes no writes
    /// Of those that are read: row security may hide rows of them from the role.
    std::vector<std::string> tables_with_row_security{};
};

/// @throws SchemaMismatch as require_server
SessionFacts inspect_session(Transaction& tx, SchemaProfile const& profile, Side side);

/// An index that is missing. The job works without it.
struct IndexAdvice
{
    std::string why;
    std::string ddl;
};

std::vector<IndexAdvice> missing_indexes(Transaction& tx, SchemaProfile const& profile);

/// How many definitions of a tag on companies exist: 0 at first, then 1; more are duplicates.
int count_definitions(Transaction& tx, SchemaProfile const& profile, TenantId management,
                      std::string_view tag);

enum class Evidence
{
    Ids,           ///< ids as the job makes them
    IdsOrJournal,  ///< or the journal says that a run has made the contact
};

/// Contacts that earlier versions of the job made without the type that the platform's code gives
/// an e-mail address. Contacts of companies that are to be left alone are skipped.
std::vector<ContactId> untyped_contacts(Transaction& tx, SchemaProfile const& profile,
                                        TenantId management, Evidence proof);

/// How many companies carry one of these tags in the form of the companies generation, not in that
/// of clients. The platform's migration to clients leaves them so. Its own pages do not read them
/// any more.
std::size_t count_tagged_as_of_old(Transaction& tx, SchemaProfile const& profile,
                                   TenantId management, std::span<std::string const> tags);

}  // namespace tracking::models
