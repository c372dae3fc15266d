#pragma once

#include "models/rules/id.hpp"
#include "models/values/past_clean_up.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tracking::models {

/// A contact that the job or the workflow made, as it is now.
struct OwnContact
{
    ContactId id;
    CompanyId company;
    std::string full_name;
    std::string email;  ///< trimmed and lower-cased
    bool is_of_job = false;
};

/// What the job has last written to a contact, and for whom. A contact that differs was touched by
/// somebody else.
struct WrittenContact
{
    ContactId contact;
    CompanyId company;
    TenantId tenant;
    std::optional<UserId> user;  ///< empty: it stands for the tenant's own address
    std::string full_name;
    std::string email;
};

/// An active user of a tenant.
struct ActiveUser
{
    TenantId tenant;
    UserId id;
    std::string full_name;
    std::string email;  ///< trimmed and lower-cased
};

/// A company to which the job has made this kind of change in at least kOften of its last kLastRuns
/// runs: it seems that somebody changes it back each time.
struct OftenChanged
{
    static constexpr int kOften = 3;
    static constexpr int kLastRuns = 5;

    CompanyId company;
    std::string change;  ///< name_of(Change)
    int runs = 0;
};

/// Whom a look at users is for.
struct UsersSought
{
    std::vector<TenantId> tenants;
    std::vector<std::string> emails;  ///< a user with one of these,
    std::vector<UserId> ids;          ///< or with one of these ids
};

/// Looks up the people behind contacts, and what the job has done. No stream returns them, since
/// most customers are in order.
class PeopleLookup
{
public:
    virtual ~PeopleLookup() = default;

    /// The active contacts of the companies that the job or the workflow made, by id.
    virtual std::vector<OwnContact> own_contacts(std::span<CompanyId const> companies) = 0;

    /// What the journal remembers of the companies' contacts, in no particular order.
    virtual std::vector<WrittenContact> written(std::span<CompanyId const> companies) = 0;

    /// Of those companies, the ones whose last change by the job that still stands is a clean-up.
    virtual std::vector<PastCleanUp> clean_ups(std::span<CompanyId const> companies) = 0;

    /// The companies that the job has changed in most of its last runs.
    virtual std::vector<OftenChanged> often_changed() = 0;

    /// In no particular order.
    virtual std::vector<ActiveUser> users(UsersSought const& sought) = 0;
};

}  // namespace tracking::models
