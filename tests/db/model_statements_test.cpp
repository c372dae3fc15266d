#include "models/crm/company_extras.hpp"
#include "tests/db/models_test.hpp"
#include "tests/support/statements/statement_rules.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace tracking::models {
namespace {

using ::testing::IsEmpty;

class ModelStatementsTest : public ModelsTest
{};
TEST_BOTH_GENERATIONS(ModelStatementsTest);

// tests/cli looks at the job's own statements.
TEST_P(ModelStatementsTest, OfStepsThatTheJobSkipsKeepTheRulesForCitus)
{
    world.company({.n = 1, .name = "Acme"});
    database.execute("INSERT INTO tax_regions (tenant, region_code, region_name) VALUES ('" +
                     owner.str() +
                     "', 'X', 'X'); INSERT INTO tax_rates (tenant, tax_percentage,"
                     " start_date, region_code, created_at) VALUES ('" +
                     owner.str() + "', 7, '2020-01-01', 'X', now())");
    setenv("PGOPTIONS", testing::StatementLog::kShowStatements, 1);
    Database shown{login(database.dsn())};
    unsetenv("PGOPTIONS");
    testing::StatementLog const log{database.name()};
    CompanyExtras const companies{profile, owner};
    {
        auto tx = shown.begin_among_triggers(profile.schema());
        EXPECT_EQ(companies.add_default_tax_settings(tx, std::array{company(1)}).rows, 1U);
        companies.add_email_suffix(tx, company(1), "https://acme.example", user(0));
        companies.set_url(tx, company(1), "https://acme.example");
        tx.commit();
    }
    auto const seen = log.read();
    testing::StatementRules const rules{database};
    for (auto const& statement : seen)
        EXPECT_THAT(rules.violations(statement), IsEmpty()) << statement.text;
    EXPECT_GE(std::ranges::count_if(seen, [](auto const& one) { return !one.trees.empty(); }), 5);
}

}  // namespace
}  // namespace tracking::models
