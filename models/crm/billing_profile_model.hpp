#pragma once

#include "models/pg/database.hpp"
#include "models/rules/id.hpp"
#include "models/schema/schema.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tracking::models {

/// A company and its name, which its default profile gets too.
struct NewProfile
{
    CompanyId company;
    std::string name;
};

/// A new name for a company's default profile. It applies only while the profile has the former
/// name.
struct ProfileName
{
    CompanyId company;
    std::optional<ProfileId> profile;  ///< none: the one that the system manages
    std::string former;
    std::string name;
};

struct CompanyProfile
{
    CompanyId company;
    ProfileId profile;
    bool is_default = false;  ///< and managed by the system
};

/// Billing profiles of one owner's companies. Without Piece::BillingProfiles there are none: then
/// no function does anything or asks the server. See CompanyModel for what all functions share.
class BillingProfileModel
{
public:
    BillingProfileModel(SchemaProfile const& profile, TenantId owner);

    /// Creates the default profiles. Every company has exactly one; a deferred trigger checks it at
    /// COMMIT.
    void create(Transaction& tx, std::span<NewProfile const> profiles) const;

    /// Renames the profile that the system manages: it is named after the company. A profile that a
    /// person has named stays as it is.
    std::vector<CompanyProfile> rename(Transaction& tx, std::span<ProfileName const> names) const;

    std::vector<CompanyProfile> of(Transaction& tx, std::span<CompanyId const> companies) const;

    /// Locks the profiles of the companies until the transaction ends, in order of id.
    void lock(Transaction& tx, std::span<CompanyId const> companies) const;

    void remove(Transaction& tx, std::span<CompanyId const> companies) const;

private:
    bool are_there() const { return profile_.has(Piece::BillingProfiles); }

    SchemaProfile profile_;
    TenantId owner_;
};

}  // namespace tracking::models
