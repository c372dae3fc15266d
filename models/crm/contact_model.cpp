#include "models/crm/contact_model.hpp"

#include "models/pg/pg.hpp"
#include "models/rules/text.hpp"
#include "models/schema/references.hpp"
#include "models/values/change.hpp"
#include "models/values/lists.hpp"

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

constexpr char const* kSelectRows = R"sql(
    SELECT p.contact_name_id, p.{company_id}, COALESCE(p.email, ''),
           COALESCE(p.is_inactive, false), p.is_inactive IS NULL, p.full_name
      FROM {contacts} p
     WHERE p.tenant = $1::uuid
)sql";

constexpr char const* kOfCompanies = R"sql(
       AND p.{company_id} = ANY ($2::uuid[])
     ORDER BY p.{company_id}, p.contact_name_id
)sql";

constexpr char const* kLocked = R"sql(
       AND p.contact_name_id = ANY ($2::uuid[])
     ORDER BY p.contact_name_id
       FOR NO KEY UPDATE
)sql";

constexpr char const* kSelectHeld = R"sql(
    SELECT p.email, p.contact_name_id
      FROM {contacts} p
     WHERE p.tenant = $1::uuid
       AND p.email = ANY ($2::text[])
    {or_additional_address}
)sql";

// Contacts whose address another one is to have get one that nobody has first, so that addresses
// can go round: the unique index looks at each row by itself.
constexpr char const* kPark = R"sql(
    UPDATE {contacts} p
       SET email = p.contact_name_id::text || '@moving.invalid'::text
     WHERE p.tenant = $1::uuid
       AND p.contact_name_id = ANY ($2::uuid[])
       AND p.email = ANY ($3::text[])
)sql";

constexpr char const* kChange = R"sql(
    UPDATE {contacts} p
       SET full_name = want.full_name,
           email = want.email,
           updated_at = now()
      FROM unnest($2::uuid[], $3::text[], $4::text[]) AS want (id, full_name, email)
     WHERE p.tenant = $1::uuid
       AND p.contact_name_id = want.id
    RETURNING p.contact_name_id
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

constexpr char const* kLockToRemove = R"sql(
    SELECT p.contact_name_id
      FROM {contacts} p
     WHERE p.tenant = $1::uuid
       AND p.contact_name_id = ANY ($2::uuid[])
     ORDER BY p.contact_name_id
       FOR UPDATE
)sql";

constexpr char const* kDelete = R"sql(
    DELETE FROM {contacts} p
     WHERE p.tenant = $1::uuid
       AND p.contact_name_id = ANY ($2::uuid[])
    RETURNING p.contact_name_id
)sql";

std::vector<ContactRow> contact_rows(pg::Rows const& rows)
{
    return each_of(rows, [](auto const& row) {
        return ContactRow{.id = pg::id<ContactId>(row[0]),
                          .company = pg::if_there(row[1], pg::id<CompanyId>).value_or(CompanyId{}),
                          .email = normalize_email(pg::text(row[2])),
                          .full_name = std::string{pg::text(row[5])},
                          .inactive = pg::is_true(row[3]),
                          .is_unset = pg::is_true(row[4])};
    });
}

}  // namespace

ContactModel::ContactModel(SchemaProfile const& profile, TenantId owner)
    : profile_{profile}, owner_{owner}
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

std::future<std::vector<ContactId>> ContactModel::ask_to_create(
    Transaction& tx, std::span<NewContact const> contacts) const
{
    auto const column = [&](auto element) { return pg::array_of(contacts, element); };
    return pg::ask(tx, profile_.fill(kInsertContacts),
                   {owner_, column([](auto const& c) { return c.id; }),
                    column([](auto const& c) { return c.company; }),
                    column([](auto const& c) { return c.record.full_name; }),
                    column([](auto const& c) { return c.record.email; }),
                    column([](auto const& c) { return c.record.role; }),
                    column([](auto const& c) { return c.record.notes; })},
                   &pg::first_column<ContactId>);
}

std::vector<ContactRow> ContactModel::of(Transaction& tx,
                                         std::span<CompanyId const> companies) const
{
    return contact_rows(pg::exec(tx, profile_.fill(std::string{kSelectRows} + kOfCompanies),
                                 {owner_, pg::array_of(companies)}));
}

std::vector<ContactRow> ContactModel::lock(Transaction& tx,
                                           std::span<ContactId const> contacts) const
{
    return contact_rows(pg::exec(tx, profile_.fill(std::string{kSelectRows} + kLocked),
                                 {owner_, pg::array_of(contacts)}));
}

std::unordered_map<std::string, ContactId> ContactModel::holders(
    Transaction& tx, std::span<std::string const> emails) const
{
    std::unordered_map<std::string, ContactId> holders;
    for (auto const& row : pg::exec(tx, profile_.fill(kSelectHeld), {owner_, pg::array_of(emails)}))
        holders.emplace(pg::text(row[0]),
                        row[1].is_null() ? ContactId{} : pg::id<ContactId>(row[1]));
    return holders;
}

std::vector<ContactId> ContactModel::change(Transaction& tx,
                                            std::span<ContactChange const> changes) const
{
    if (changes.empty())
        return {};
    auto const ids = pg::array_of(changes, [](auto const& one) { return one.id; });
    auto const emails = pg::array_of(changes, [](auto const& one) { return one.email; });
    if (changes.size() > 1)
        pg::exec(tx, profile_.fill(kPark), {owner_, ids, emails});
    auto const names = pg::array_of(changes, [](auto const& one) { return one.full_name; });
    return pg::first_column<ContactId>(
        pg::exec(tx, profile_.fill(kChange), {owner_, ids, names, emails}));
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

std::unordered_map<ContactId, std::string> ContactModel::references(
    Transaction& tx, std::span<ContactId const> contacts) const
{
    pg::exec(tx, profile_.fill(kLockToRemove), {owner_, pg::array_of(contacts)});
    std::unordered_map<AnyId, std::size_t> groups;
    for (std::size_t i = 0; i < contacts.size(); ++i)
        groups.emplace(AnyId{contacts[i].bytes()}, i);
    auto const found = references_to(tx, profile_, owner_, groups);
    std::unordered_map<ContactId, std::string> referred;
    for (std::size_t i = 0; i < contacts.size(); ++i) {
        if (auto const radius = found.of(i); !radius.is_unreferenced())
            referred.emplace(contacts[i], listed(radius));
    }
    return referred;
}

std::vector<ContactId> ContactModel::remove(Transaction& tx,
                                            std::span<ContactId const> contacts) const
{
    return pg::first_column<ContactId>(
        pg::exec(tx, profile_.fill(kDelete), {owner_, pg::array_of(contacts)}));
}

}  // namespace tracking::models
