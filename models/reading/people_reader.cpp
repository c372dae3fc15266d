#include "models/reading/people_reader.hpp"

#include "models/pg/pg.hpp"
#include "models/reading/case_rules.hpp"
#include "models/rules/contact_rules.hpp"
#include "models/rules/text.hpp"
#include "models/values/change.hpp"
#include "models/values/lists.hpp"

namespace tracking::models {

namespace {

// The job's ids are of version 5.
constexpr char const* kSelectOwnContacts = R"sql(
    SELECT p.contact_name_id, p.{company_id}, p.full_name, COALESCE(p.email, ''),
           substr(p.contact_name_id::text, 15, 1) = '5'
      FROM {contacts} p
     WHERE p.tenant = $1::uuid
       AND p.{company_id} = ANY ($2::uuid[])
       AND p.is_inactive IS NOT TRUE
       AND (substr(p.contact_name_id::text, 15, 1) = '5'
            OR p.role = $3::text AND p.notes = $4::text)
     ORDER BY p.contact_name_id
)sql";

constexpr char const* kSelectUsers = R"sql(
    SELECT u.tenant, u.user_id, u.email, u.first_name, u.last_name
      FROM {users} u
     WHERE u.tenant = ANY ($1::uuid[])
       AND u.is_inactive IS NOT TRUE
       AND ({is_sought} OR u.user_id = ANY ($3::uuid[]))
)sql";

}  // namespace

std::vector<OwnContact> read_own_contacts(Transaction& tx, SchemaProfile const& profile,
                                          TenantId management, std::span<CompanyId const> companies)
{
    return each_of(pg::exec(tx, profile.fill(kSelectOwnContacts),
                            {management, pg::array_of(companies), kAdminRole, kAdminNotes}),
                   [](auto const& row) {
                       return OwnContact{.id = pg::id<ContactId>(row[0]),
                                         .company = pg::id<CompanyId>(row[1]),
                                         .full_name = std::string{pg::text(row[2])},
                                         .email = normalize_email(pg::text(row[3])),
                                         .is_of_job = pg::is_true(row[4])};
                   });
}

std::vector<ActiveUser> read_users(Transaction& tx, SchemaProfile const& profile,
                                   UsersSought const& sought)
{
    auto const users = pg::exec(
        tx, profile.fill(with_sought(kSelectUsers, "u.email", "$2", sought.emails)),
        {pg::array_of(sought.tenants), pg::array_of(sought.emails), pg::array_of(sought.ids)});
    return each_of(users, [](auto const& row) {
        auto email = normalize_email(pg::text(row[2]));
        auto name = admin_full_name(pg::optional_text(row[3]), pg::optional_text(row[4]), email);
        return ActiveUser{.tenant = pg::id<TenantId>(row[0]),
                          .id = pg::id<UserId>(row[1]),
                          .full_name = std::move(name),
                          .email = std::move(email)};
    });
}

}  // namespace tracking::models
