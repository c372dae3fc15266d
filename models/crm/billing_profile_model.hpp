#pragma once

#include "models/pg/database.hpp"
#include "models/rules/id.hpp"
#include "models/schema/schema.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tracking::models {

/// A company, and the name that its default profile gets: its own.
struct NewProfile
{
    CompanyId company;
    std::string name;
};

/// A new name for a company's default profile, where it bears the former one.
struct ProfileName
{
    CompanyId company;
    std::optional<ProfileId> profile;  ///< none: whichever is the system's own
    std::string former;
    std::string name;
};

struct CompanyProfile
{
    CompanyId company;
    ProfileId profile;
    bool is_default = false;  ///< and the system's own
};

/// Billing profiles of one owner's companies. In a state of the schema without
/// Piece::BillingProfiles there are none: then nothing is done, and the server is not asked. See
/// CompanyModel for what all functions share.
class BillingProfileModel
{
public:
    BillingProfileModel(SchemaProfile profile, TenantId owner);

    /// Every company has exactly one default profile; a deferred trigger checks it at COMMIT.
    void create(Transaction& tx, std::span<NewProfile const> profiles) const;

    /// The system's own profile is named after the company. One that a person has named is left
    /// alone.
    std::vector<CompanyProfile> rename(Transaction& tx, std::span<ProfileName const> names) const;

    std::vector<CompanyProfile> of(Transaction& tx, std::span<CompanyId const> companies) const;

    /// Locks those of the companies until the transaction ends, in order of id.
    void lock(Transaction& tx, std::span<CompanyId const> companies) const;

    void remove(Transaction& tx, std::span<CompanyId const> companies) const;

private:
    bool are_there() const { return profile_.has(Piece::BillingProfiles); }

    SchemaProfile profile_;
    TenantId owner_;
};

}  // namespace tracking::models
