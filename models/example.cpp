// How another program uses the models: one company with a contact and a tag, in a transaction of
// its own. With a user session the acting user is recorded; without one all works the same.
//
//     models_example DSN TENANT [USER]      a password comes from PGPASSWORD or a password file

#include "models/crm/company_model.hpp"
#include "models/crm/contact_model.hpp"
#include "models/crm/tag_model.hpp"
#include "models/pg/database.hpp"
#include "models/schema/schema.hpp"

#include <array>
#include <exception>
#include <iostream>
#include <optional>
#include <stdexcept>

using namespace tracking::models;

namespace {

void create_example(std::string dsn, TenantId owner, std::optional<UserId> actor)
{
    Login login;
    login.dsn = std::move(dsn);
    Database database{login};
    auto const profile = [&] {
        auto tx = database.begin(Access::ReadOnly);
        return detect_schema(tx, Side::Management);
    }();
    auto tx = database.begin_among_triggers(profile.schema());

    // Each model works on either generation of the schema, for the companies of one tenant.
    CompanyModel const companies{profile, owner};
    ContactModel const contacts{profile, owner};
    TagModel const tags{profile, owner, actor};

    // checked_company and checked_contact refuse what the platform would refuse. The caller chooses
    // the ids: made from a name, they are the same each time. So a second run changes nothing.
    std::array const company{NewCompany{
        .id = name_based<CompanyId>(owner, "example company"),
        .record = checked_company({.name = "Example Ltd", .url = "https://example.com"})}};
    std::array const contact{NewContact{
        .id = name_based<ContactId>(owner, "example contact"),
        .company = company[0].id,
        .record = checked_contact({.full_name = "Eve Example", .email = "eve@example.com"})}};

    // Every call takes a batch, and returns the ids of the rows that it wrote.
    auto const created = companies.create(tx, company);
    contacts.create(tx, contact);
    auto const tag = tags.define(tx, "Example");
    tags.attach(tx, tag, std::array{company[0].id});
    tx.commit();  // or none of it happened

    std::cout << (created.empty() ? "was there\n" : "created\n") << "company " << company[0].id
              << "\ncontact " << contact[0].id << "\ntag " << tag << '\n';
}

}  // namespace

int main(int argc, char** argv)
try {
    auto const owner = argc > 2 ? TenantId::parse(argv[2]) : std::nullopt;
    auto const actor = argc > 3 ? UserId::parse(argv[3]) : std::nullopt;
    if (!owner || argc > 4 || (argc == 4 && !actor))
        throw std::invalid_argument{"usage: models_example DSN TENANT [USER], ids as UUIDs"};
    create_example(argv[1], *owner, actor);
} catch (std::exception const& error) {
    std::cerr << "models_example: " << error.what() << '\n';
    return 1;
}
