#pragma once

#include "models/values/change_kinds.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::models {

/// A contact that a run has changed.
struct ReplacedContact
{
    ContactId id;
    UserId user;
    PersonName name_by;  ///< what the run wrote
    Email email_by;
    PersonName name_was;  ///< what stood there before
    Email email_was;
    friend bool operator==(ReplacedContact const&, ReplacedContact const&) = default;
};
BOOST_DESCRIBE_STRUCT(ReplacedContact, (), (id, user, name_by, email_by, name_was, email_was))

/// A value that a run has replaced, and the one that it wrote.
struct Replaced
{
    Stored by;   ///< what the run wrote
    Stored was;  ///< what stood there before
    friend bool operator==(Replaced const&, Replaced const&) = default;
};
BOOST_DESCRIBE_STRUCT(Replaced, (), (by, was))

/// The same of a company's name, which no report hides.
struct ReplacedName
{
    ThingName by;
    ThingName was;
    friend bool operator==(ReplacedName const&, ReplacedName const&) = default;
};
BOOST_DESCRIBE_STRUCT(ReplacedName, (), (by, was))

/// Undoes what a run did to one company, piece by piece. A piece that has changed since stays as it
/// is, and the receipt says so. Rows are JSON objects with an array for each table.
struct Restore
{
    static constexpr std::string_view kName = "restore";
    static constexpr Writes kWrites{.companies = true, .contacts = true, .tags = true};
    TenantId tenant;
    CompanyId company;
    ThingName name;                           ///< the company's, as the run left it
    std::optional<ReplacedName> renamed;      ///< the company's name
    std::vector<ProfileId> renamed_profiles;  ///< billing profiles that were renamed with it
    std::optional<Replaced> properties;       ///< JSON; empty: NULL
    std::optional<bool> was_inactive;         ///< the run has set the opposite
    bool was_unset = false;                   ///< was_inactive is false because the column was NULL
    std::vector<ContactId> deactivated;       ///< contacts that the run made inactive
    std::vector<ContactId> unset;             ///< those of `deactivated` whose column was NULL
    std::vector<ContactId> activated;         ///< contacts that the run made active
    std::vector<ReplacedContact> changed;     ///< contacts that the run changed
    Stored made;                              ///< rows that the run has made
    Stored removed;                           ///< whole rows that the run has taken away
    bool has_made_company = false;            ///< `made` holds it: remove it, or make it inactive
    bool has_removed_company = false;         ///< `removed` holds it: put it back
    ThingName canceled_tag;                   ///< for a company that cannot be removed any more
    OwnTags own_tags;                         ///< their mappings go with a removed company

    Effect effect() const;
    RowsWritten rows() const { return {.companies = 1}; }
    friend bool operator==(Restore const&, Restore const&) = default;
};
BOOST_DESCRIBE_STRUCT(Restore, (),
                      (tenant, company, name, renamed, renamed_profiles, properties, was_inactive,
                       was_unset, deactivated, unset, activated, changed, made, removed,
                       has_made_company, has_removed_company, canceled_tag, own_tags))

/// What a Restore would do, in words, in the order in which it is done.
std::vector<std::string> effects_of(Restore const& restore);

}  // namespace tracking::models
