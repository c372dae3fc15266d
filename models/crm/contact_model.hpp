#pragma once

#include "models/crm/company_model.hpp"
#include "models/pg/database.hpp"
#include "models/rules/contact_rules.hpp"
#include "models/rules/id.hpp"
#include "models/schema/schema.hpp"

#include <future>
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

/// What a contact is to be called, and where it is to be reached.
struct ContactChange
{
    ContactId id;
    std::string full_name;
    std::string email;
};

struct ContactRow
{
    ContactId id;
    CompanyId company;  ///< nil: it has none
    std::string email;
    std::string full_name{};
    bool inactive = false;
    bool is_unset = false;  ///< is_inactive is NULL, which counts as active
};

/// Contacts of one owner's companies; see CompanyModel for what all its functions share.
class ContactModel
{
public:
    ContactModel(SchemaProfile const& profile, TenantId owner);

    /// Inserts the contacts whose e-mail no row has. The additional addresses of the clients
    /// generation count too. The caller has made or locked their companies in this transaction.
    /// Where an e-mail occurs twice, the contact with the lower id is inserted. E-mails are
    /// compared as stored, so that an index serves; CompanyLookup::holders_of finds other spellings
    /// too. With Inserting::OrFailing a conflict with a unique constraint fails the whole call:
    /// SQLSTATE 23505.
    std::vector<ContactId> create(Transaction& tx, std::span<NewContact const> contacts) const
    {
        return ask_to_create(tx, contacts).get();
    }

    /// The same; get() waits.
    std::future<std::vector<ContactId>> ask_to_create(Transaction& tx,
                                                      std::span<NewContact const> contacts) const;

    /// Gives a new id to each contact whose id is taken. This happens where a contact was made for
    /// the address and has another address by now: it keeps its id. Only for
    /// Inserting::AroundConflicts; otherwise create() finds out.
    void avoid_taken_ids(Transaction& tx, std::span<NewContact> contacts) const;

    /// All contacts of the companies, ordered by company, then id.
    std::vector<ContactRow> of(Transaction& tx, std::span<CompanyId const> companies) const;

    std::vector<ContactId> set_activity(Transaction& tx, std::span<ContactId const> contacts,
                                        Activity activity) const;

    /// Locks contacts, so that what is found is still true when it is written. Ordered by id.
    std::vector<ContactRow> lock(Transaction& tx, std::span<ContactId const> contacts) const;

    /// Which of the addresses contacts have, with their ids; compared as stored. Additional
    /// addresses count too, with a nil id.
    std::unordered_map<std::string, ContactId> holders(Transaction& tx,
                                                       std::span<std::string const> emails) const;

    /// Gives the contacts other names and addresses. They may pass addresses on among themselves.
    /// The caller has locked them, and found each address free or another's of these contacts.
    std::vector<ContactId> change(Transaction& tx, std::span<ContactChange const> changes) const;

    /// Sets the e-mail type that create() sets, for contacts without one. Does nothing in a schema
    /// without that column.
    std::vector<ContactId> give_email_type(Transaction& tx,
                                           std::span<ContactId const> contacts) const;

    /// What refers to the contacts, in words. Contacts without references are left out. Locks the
    /// contacts, so that no new foreign key can refer to them until the transaction ends. Runs one
    /// statement for each referring table.
    std::unordered_map<ContactId, std::string> references(
        Transaction& tx, std::span<ContactId const> contacts) const;

    std::vector<ContactId> remove(Transaction& tx, std::span<ContactId const> contacts) const;

private:
    SchemaProfile profile_;
    TenantId owner_;
};

}  // namespace tracking::models
