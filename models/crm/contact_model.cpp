#include "models/crm/contact_model.hpp"

#include "models/pg/pg.hpp"
#include "models/values/change.hpp"

#include <algorithm>

namespace tracking::models {

namespace {

// Addresses are compared as stored, for equality, so that the unique index serves. The plan has
// looked for other spellings. DISTINCT ON: a batch may hold an address twice.
constexpr char const* kInsertContacts = R"sql(
    INSERT INTO {contacts} (tenant, contact_name_id, {company_id}, full_name, email, role, notes
                          {email_type_column})
    SELECT DISTINCT ON (want.email)
           $1::uuid, want.id, want.company, want.full_name, want.email, want.role, want.notes
           {email_type}
      FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[])
           AS want (id, company, full_name, email, role, notes)
     WHERE true
       {and_email_is_free}
       {without_additional_email}
     ORDER BY want.email, want.id
        {around_conflicts}
    RETURNING contact_name_id
)sql";

constexpr char const* kSelectTaken = R"sql(
    SELECT p.contact_name_id
      FROM {contacts} p
     WHERE p.tenant = $1::uuid
       AND p.contact_name_id = ANY ($2::uuid[])
)sql";

constexpr char const* kContactsOf = R"sql(
    SELECT p.contact_name_id, p.{company_id}, lower(btrim(COALESCE(p.email, ''))),
           COALESCE(p.is_inactive, false), p.is_inactive IS NULL
      FROM {contacts} p
     WHERE p.tenant = $1::uuid
       AND p.{company_id} = ANY ($2::uuid[])
     ORDER BY p.{company_id}, p.contact_name_id
)sql";

constexpr char const* kSetActivity = R"sql(
    UPDATE {contacts} p
       SET is_inactive = $3::bool,
           updated_at = now()
     WHERE p.tenant = $1::uuid
       AND p.contact_name_id = ANY ($2::uuid[])
       AND p.is_inactive IS DISTINCT FROM $3::bool
    RETURNING p.contact_name_id
)sql";

constexpr char const* kGiveEmailType = R"sql(
    UPDATE {contacts} p
       SET primary_email_canonical_type = 'work',
           updated_at = now()
     WHERE p.tenant = $1::uuid
       AND p.contact_name_id = ANY ($2::uuid[])
       AND p.primary_email_canonical_type IS NULL
    RETURNING p.contact_name_id
)sql";

constexpr char const* kDelete = R"sql(
    DELETE FROM {contacts} p
     WHERE p.tenant = $1::uuid
       AND p.contact_name_id = ANY ($2::uuid[])
    RETURNING p.contact_name_id
)sql";

}  // namespace

ContactModel::ContactModel(SchemaProfile profile, TenantId owner) : profile_{profile}, owner_{owner}
{}

void ContactModel::avoid_taken_ids(Transaction& tx, std::span<NewContact> contacts) const
{
    auto const taken = [&] {
        auto const ids = pg::array_of(contacts, [](NewContact const& one) { return one.id; });
        return pg::first_column<ContactId>(
            pg::exec(tx, profile_.fill(kSelectTaken), {owner_, ids}));
    };
    if (profile_.inserting() == Inserting::OrFailing)
        return;
    for (auto ids = taken(); !ids.empty(); ids = taken()) {
        for (auto& contact : contacts) {
            if (std::ranges::find(ids, contact.id) != ids.end())
                contact.id = next_contact_id(owner_, contact.id);
        }
    }
}

std::vector<ContactId> ContactModel::create(Transaction& tx,
                                            std::span<NewContact const> contacts) const
{
    auto const column = [&](auto element) { return pg::array_of(contacts, element); };
    return pg::first_column<ContactId>(
        pg::exec(tx, profile_.fill(kInsertContacts),
                 {owner_, column([](auto const& c) { return c.id; }),
                  column([](auto const& c) { return c.company; }),
                  column([](auto const& c) { return c.record.full_name; }),
                  column([](auto const& c) { return c.record.email; }),
                  column([](auto const& c) { return c.record.role; }),
                  column([](auto const& c) { return c.record.notes; })}));
}

std::vector<ContactRow> ContactModel::of(Transaction& tx,
                                         std::span<CompanyId const> companies) const
{
    std::vector<ContactRow> contacts;
    for (auto const& row :
         pg::exec(tx, profile_.fill(kContactsOf), {owner_, pg::array_of(companies)}))
        contacts.push_back({.id = pg::id<ContactId>(row[0]),
                            .company = pg::id<CompanyId>(row[1]),
                            .email = std::string{pg::text(row[2])},
                            .inactive = pg::is_true(row[3]),
                            .is_unset = pg::is_true(row[4])});
    return contacts;
}

std::vector<ContactId> ContactModel::set_activity(Transaction& tx,
                                                  std::span<ContactId const> contacts,
                                                  Activity activity) const
{
    return pg::first_column<ContactId>(
        pg::exec(tx, profile_.fill(kSetActivity),
                 {owner_, pg::array_of(contacts), inactive_flag(activity)}));
}

std::vector<ContactId> ContactModel::give_email_type(Transaction& tx,
                                                     std::span<ContactId const> contacts) const
{
    if (!profile_.has(Piece::EmailType))
        return {};
    return pg::first_column<ContactId>(
        pg::exec(tx, profile_.fill(kGiveEmailType), {owner_, pg::array_of(contacts)}));
}

std::vector<ContactId> ContactModel::remove(Transaction& tx,
                                            std::span<ContactId const> contacts) const
{
    return pg::first_column<ContactId>(
        pg::exec(tx, profile_.fill(kDelete), {owner_, pg::array_of(contacts)}));
}

}  // namespace tracking::models
