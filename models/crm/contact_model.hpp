#pragma once

#include "models/crm/company_model.hpp"
#include "models/pg/database.hpp"
#include "models/rules/contact_rules.hpp"
#include "models/rules/id.hpp"
#include "models/schema/schema.hpp"

#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace tracking::models {

struct NewContact
{
    ContactId id;
    CompanyId company;
    ContactRecord record;
};

struct ContactRow
{
    ContactId id;
    CompanyId company;
    std::string email;
    bool inactive = false;
    bool is_unset = false;  ///< whether it is inactive is NULL: it counts as active
};

/// Contacts of one owner's companies; see CompanyModel for what all its functions share.
class ContactModel
{
public:
    ContactModel(SchemaProfile profile, TenantId owner);

    /// Inserts those whose e-mail no row has, also among the additional addresses of the clients
    /// generation. Their companies are the caller's: made or locked in the transaction. Of one
    /// e-mail twice the contact with the lower id. Compared as stored, which an index serves;
    /// CompanyLookup::holders_of knows other spellings. With Inserting::OrFailing one that a
    /// unique constraint finds taken fails them all: SQLSTATE 23505.
    std::vector<ContactId> create(Transaction& tx, std::span<NewContact const> contacts) const;

    /// Gives another id to each whose id is taken: a contact that was made for an address, and has
    /// got another address since, keeps its own. Only for Inserting::AroundConflicts; otherwise
    /// create() finds out.
    void avoid_taken_ids(Transaction& tx, std::span<NewContact> contacts) const;

    /// All contacts of the companies, ordered by company, then id.
    std::vector<ContactRow> of(Transaction& tx, std::span<CompanyId const> companies) const;

    std::vector<ContactId> set_activity(Transaction& tx, std::span<ContactId const> contacts,
                                        Activity activity) const;

    /// Gives those whose e-mail address has no type the one that create() gives. A schema without
    /// that column has none.
    std::vector<ContactId> give_email_type(Transaction& tx,
                                           std::span<ContactId const> contacts) const;

    /// What refers to those of them that anything refers to, in words. Locks them, so that no
    /// foreign key can begin to until the transaction ends. One statement a referring table.
    std::unordered_map<ContactId, std::string> references(
        Transaction& tx, std::span<ContactId const> contacts) const;

    std::vector<ContactId> remove(Transaction& tx, std::span<ContactId const> contacts) const;

private:
    SchemaProfile profile_;
    TenantId owner_;
};

}  // namespace tracking::models
