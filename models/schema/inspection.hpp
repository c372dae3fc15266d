#pragma once

#include "models/pg/database.hpp"
#include "models/rules/id.hpp"
#include "models/schema/schema.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::models {

/// How far a server that replays another's changes has come.
struct Standby
{
    /// How long a primary may have been at what is not replayed yet.
    static constexpr std::chrono::minutes kRecent{5};

    bool is_paused = false;
    bool has_replayed_all = false;               ///< it is being sent changes, and has them all
    std::optional<std::chrono::seconds> behind;  ///< the last transaction replayed; of an idle
                                                 ///< primary it may be old

    /// Whether it has replayed everything but for the last minutes.
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
    bool is_encrypted = false;       ///< the way to the server; behind a pooler: the pooler's
    bool is_local = false;           ///< over a unix socket
    bool is_pooled = false;          ///< a pooler answers for the server
    std::optional<Standby> standby;  ///< it takes no writes
    bool has_citus = false;
    std::chrono::sys_seconds time;
};

/// The oldest server that knows all that the statements use: pg_attribute.attgenerated is the
/// youngest of it.
inline constexpr int kOldestServer = 12;

/// The server that all tests ran on.
inline constexpr int kTestedServer = 15;

/// @throws SchemaMismatch where the server, by libpq's number (150018 is 15.18), is older
void require_server(int version_number);

ServerFacts inspect_server(Transaction& tx);

/// What a run wants to know of a session before it reads.
struct SessionFacts
{
    std::string identity;            ///< tells one database from another, over whatever way it is
                                     ///< reached: its name and its oid
    std::chrono::sys_seconds time;   ///< the server's clock
    std::size_t about_tenants = 0;   ///< by its statistics; on Citus, and before ANALYZE: 0
    bool is_pooled = false;          ///< a pooler answers for the server
    std::optional<Standby> standby;  ///< it takes no writes
};

/// @throws SchemaMismatch as require_server
SessionFacts inspect_session(Transaction& tx, SchemaProfile const& profile);

/// An index that is not there; the job works without it.
struct IndexAdvice
{
    std::string why;
    std::string ddl;
};

std::vector<IndexAdvice> missing_indexes(Transaction& tx, SchemaProfile profile);

/// How many definitions of a tag on companies there are: 0 to begin with, 1, or duplicates.
int count_definitions(Transaction& tx, SchemaProfile profile, TenantId management,
                      std::string_view tag);

enum class Evidence
{
    Ids,           ///< as the job makes them
    IdsOrJournal,  ///< or the journal tells that a run has made the contact
};

/// Contacts that earlier versions of the job have made without the type that the platform's code
/// gives an e-mail address. Not those of companies that are to be left alone.
std::vector<ContactId> untyped_contacts(Transaction& tx, SchemaProfile const& profile,
                                        TenantId management, Evidence proof);

/// Companies that carry one of these tags as the companies generation wrote it, and not as clients
/// do: the platform's migration to clients leaves it so, and its own pages read it no more.
std::size_t count_tagged_as_of_old(Transaction& tx, SchemaProfile profile, TenantId management,
                                   std::span<std::string const> tags);

}  // namespace tracking::models
