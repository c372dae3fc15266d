#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tracking::reconcile {

/// How the two sides can differ, in the order of reports. kDriftTable says the rest of each kind.
enum class DriftKind
{
    Missing,
    Unstamped,
    Untagged,
    ContactMissing,
    ContactChanged,
    ContactStale,
    Returned,
    Renamed,
    Inactive,
    Orphaned,
    Duplicate,
    Ambiguous,
    Unlinked,
    Invalid,
    EmailTaken,
    NoAdmin,
    Undone,
    Ignored,
};

/// What removes drift of a kind.
enum class Remedy
{
    Create,    ///< the job makes a customer
    Change,    ///< the job changes a customer
    CleanUp,   ///< the job cleans a customer up
    Person,    ///< an anomaly: reported, and not changed until a person decides
    NotDrift,  ///< no difference, but listed like one
};

/// What is done about drift of one kind.
enum class Handling
{
    Apply,
    Report,
    Off
};

/// All that describes a kind of drift, except how it is found.
struct DriftRow
{
    DriftKind kind;
    std::string_view name;  ///< as journal, reports and metrics write it
    Remedy remedy;
    Handling usual;            ///< unless the configuration says otherwise
    std::string_view meaning;  ///< a few words, at most 31 columns
    std::string_view advice;   ///< what a person can do; empty for what the job does itself
    std::string_view help;     ///< for the configuration's documentation
};

inline constexpr std::array kDriftTable{
    DriftRow{DriftKind::Missing, "missing", Remedy::Create, Handling::Apply,
             "tenants without a customer", "",
             "A tenant without a customer: create company, contact and tag"},
    DriftRow{DriftKind::Unstamped, "unstamped", Remedy::Change, Handling::Apply,
             "customers not linked by id yet", "",
             "A customer found by name or e-mail: stamp the tenant's id on it"},
    DriftRow{DriftKind::Untagged, "untagged", Remedy::Change, Handling::Apply,
             "customers without their tag", "",
             "A customer without its product's tag: add the tag"},
    DriftRow{DriftKind::ContactMissing, "contact_missing", Remedy::Change, Handling::Apply,
             "customers without the admin", "",
             "A customer without the tenant's admin: add the contact"},
    DriftRow{DriftKind::ContactChanged, "contact_changed", Remedy::Change, Handling::Apply,
             "users with another address", "",
             "A contact of the job's own, whose user has another address or name now: change it"},
    DriftRow{DriftKind::ContactStale, "contact_stale", Remedy::Change, Handling::Report,
             "contacts without a user", "",
             "A contact that the job or the old workflow made, and no user has its address: "
             "make it inactive"},
    DriftRow{DriftKind::Returned, "returned", Remedy::Change, Handling::Apply,
             "cleaned up, and the tenant back", "",
             "A customer that the job has cleaned up, and its tenant is back: take that back"},
    DriftRow{DriftKind::Renamed, "renamed", Remedy::Change, Handling::Report,
             "other name than the tenant's",
             "where another company holds the tenant's name too, rename one of them",
             "A company not named as its tenant: rename it"},
    DriftRow{DriftKind::Inactive, "inactive", Remedy::Change, Handling::Report,
             "live tenants, inactive company", "",
             "A live tenant's inactive company or admin contact: reactivate it, take the tag of "
             "canceled customers off"},
    DriftRow{DriftKind::Orphaned, "orphaned", Remedy::CleanUp, Handling::Apply,
             "companies whose tenant is gone", "",
             "An active company whose tenant is gone: clean up after the grace"},
    DriftRow{DriftKind::Duplicate, "duplicate", Remedy::Person, Handling::Report,
             "further companies of a tenant",
             "decide which one is the customer, and tell the job to ignore the others",
             "Two companies for one tenant"},
    DriftRow{DriftKind::Ambiguous, "ambiguous", Remedy::Person, Handling::Report,
             "candidates, but not unique", "decide which company it is, and link that one",
             "A match that is not unique: neither adopted nor created"},
    DriftRow{DriftKind::Unlinked, "unlinked", Remedy::Person, Handling::Report,
             "customers that match no tenant",
             "link it to its tenant, or tell the job to ignore it",
             "A tagged company that matches no tenant"},
    DriftRow{DriftKind::Invalid, "invalid", Remedy::Person, Handling::Report,
             "values that cannot be stored", "correct the value that the item names",
             "A value that cannot be stored or read: a name, a date, a link"},
    DriftRow{DriftKind::EmailTaken, "email_taken", Remedy::Person, Handling::Report,
             "admin is another's contact",
             "give the company another contact, or move the one that has the address",
             "The admin's e-mail belongs to another company's contact"},
    DriftRow{DriftKind::NoAdmin, "no_admin", Remedy::Person, Handling::Report,
             "neither admin nor e-mail",
             "give the tenant an active admin, or the company a contact",
             "A tenant without an admin and without an e-mail"},
    // What a run did, in the plan of an undo.
    DriftRow{DriftKind::Undone, "undone", Remedy::NotDrift, Handling::Apply, "what the run did",
             "put right by hand what cannot be undone", ""},
    // A tenant that is left alone because its customer says "ignore".
    DriftRow{DriftKind::Ignored, "ignored", Remedy::NotDrift, Handling::Report,
             "tenants whose customer says \"ignore\"", "", ""},
};

constexpr DriftRow const& row_of(DriftKind kind)
{
    return kDriftTable[static_cast<std::size_t>(kind)];
}

constexpr bool is_drift(DriftRow const& row)
{
    return row.remedy != Remedy::NotDrift;
}

/// The kinds that a comparison finds. Only these can be configured.
inline constexpr auto kDriftKinds = [] {
    std::array<DriftKind, std::ranges::count_if(kDriftTable, is_drift)> kinds{};
    auto next = kinds.begin();
    for (auto const& row : kDriftTable)
        if (is_drift(row))
            *next++ = row.kind;
    return kinds;
}();

/// As journal and reports write it: `missing`, `contact_missing`, ...
constexpr std::string_view name_of(DriftKind kind)
{
    return row_of(kind).name;
}

/// As the configuration writes it: `contact-missing`.
std::string key_name_of(DriftKind kind);

/// Nothing where no kind in kDriftKinds has that name.
std::optional<DriftKind> drift_kind_named(std::string_view name);

}  // namespace tracking::reconcile
