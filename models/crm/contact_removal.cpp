// ContactModel::references, apart from the model's everyday work.

#include "models/crm/contact_model.hpp"

#include "models/pg/pg.hpp"
#include "models/schema/references.hpp"

namespace tracking::models {

namespace {

constexpr char const* kLock = R"sql(
    SELECT p.contact_name_id
      FROM {contacts} p
     WHERE p.tenant = $1::uuid
       AND p.contact_name_id = ANY ($2::uuid[])
     ORDER BY p.contact_name_id
       FOR UPDATE
)sql";

}  // namespace

std::unordered_map<ContactId, std::string> ContactModel::references(
    Transaction& tx, std::span<ContactId const> contacts) const
{
    pg::exec(tx, profile_.fill(kLock), {owner_, pg::array_of(contacts)});
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

}  // namespace tracking::models
