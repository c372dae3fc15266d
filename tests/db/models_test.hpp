#pragma once

#include "models/pg/database.hpp"
#include "models/rules/id.hpp"
#include "models/schema/schema.hpp"
#include "tests/support/servers/database.hpp"
#include "tests/support/worlds/seed.hpp"

#include <string>

namespace tracking::models {

inline TenantId tenant(int n)
{
    return TenantId::parse(testing::tenant_id(n)).value();
}
inline CompanyId company(int n)
{
    return CompanyId::parse(testing::company_id(n)).value();
}
inline ContactId contact(int n)
{
    return ContactId::parse(testing::contact_id(n)).value();
}
inline UserId user(int n)
{
    return UserId::parse(testing::user_id(n)).value();
}

inline Login login(std::string dsn)
{
    Login login;
    login.dsn = std::move(dsn);
    return login;
}

/// A world in a database of its own, and a session that the models work in.
class ModelsTest : public testing::DatabaseTest
{
protected:
    /// What `work` returns, once its transaction is committed.
    auto committed(auto work)
    {
        auto tx = session.begin_among_triggers(profile.schema());
        auto result = work(tx);
        tx.commit();
        return result;
    }

    /// `SELECT what FROM {companies}` of the management tenant, in order of id.
    auto companies_of_owner(std::string const& what)
    {
        return database.rows("SELECT " + what + " FROM {companies} WHERE tenant = '" + owner.str() +
                             "' AND {company}_id < '" + testing::company_id(999'999) +
                             "' ORDER BY {company}_id");
    }

    testing::World world{database};
    SchemaProfile const profile{GetParam() == testing::Generation::Clients ? Generation::Clients
                                                                           : Generation::Companies};
    TenantId const owner = tenant(0);
    Database session{login(database.dsn())};
};

}  // namespace tracking::models

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): INSTANTIATE_TEST_SUITE_P is a macro itself.
#define TEST_ONE_GENERATION(suite, generation)                                               \
    INSTANTIATE_TEST_SUITE_P(Only, suite,                                                    \
                             ::testing::Values(::tracking::testing::Generation::generation), \
                             ::tracking::testing::name_of)
