#pragma once

#include "models/crm/billing_profile_model.hpp"
#include "models/crm/contact_model.hpp"
#include "models/crm/dependents.hpp"
#include "models/crm/tag_model.hpp"
#include "models/pg/database.hpp"
#include "models/schema/schema.hpp"
#include "models/values/blast_radius.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::models {

/// Companies that are locked with all that is theirs.
struct LockedCustomers
{
    std::vector<BlastRadius> radii;  ///< in the order of the companies
    RowImages images;                ///< of those that are there: the whole rows, see images()
};

/// Deletes whole customers of one owner, and puts them back. Nothing here relies on a cascade. See
/// CompanyModel for what all functions share.
class CustomerRemoval
{
public:
    CustomerRemoval(SchemaProfile const& profile, TenantId owner);

    /// Locks companies, contacts and billing profiles, so that no new row can refer to them before
    /// the transaction ends. Then finds the rows that refer to them; see blast_radii() for `made`.
    /// Rows without a foreign key do not wait for the locks: they are seen if they are committed.
    LockedCustomers lock(Transaction& tx, std::span<CompanyId const> companies,
                         std::span<std::string const> own_tags,
                         MadeByCompany const& made = {}) const;

    /// The whole rows that remove() deletes and restore() puts back: an object with `companies`,
    /// `contacts`, `tag_mappings` and, in the clients generation, `billing_profiles`.
    RowImages images(Transaction& tx, std::span<CompanyId const> companies) const;

    /// The whole rows that map tags with these texts: an array.
    RowImages tag_images(Transaction& tx, std::span<CompanyId const> companies,
                         std::span<std::string const> texts) const;

    /// Deletes companies that lock() found clear in this transaction, mappings and contacts first.
    /// @throws StatementFailed where anything still refers to one of them
    void remove(Transaction& tx, std::span<BlastRadius const> companies,
                std::span<std::string const> own_tags) const;

    /// Puts rows back. Rows that exist again stay as they are. `rows` is an image of images(), or
    /// an object with some of its members and whole rows of `tag_definitions`.
    /// @throws StatementFailed where another row has the name or the address by now
    void restore(Transaction& tx, std::string_view rows) const;

private:
    SchemaProfile profile_;
    TenantId owner_;
    ContactModel contacts_;
    BillingProfileModel profiles_;
    TagModel tags_;
};

}  // namespace tracking::models
