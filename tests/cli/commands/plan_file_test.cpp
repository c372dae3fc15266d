#include "tests/cli/job_test.hpp"

#include <filesystem>
#include <fstream>

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// Two tenants without customer, and one whose customer lacks its tag and its admin.
class PlanFileTest : public JobTest
{
protected:
    PlanFileTest()
    {
        for (int n = 1; n <= 3; ++n)
            world.tenant({.n = n,
                          .name = "Tenant " + std::to_string(n),
                          .admin_email = "a" + std::to_string(n) + "@t.example"});
        world.company({.n = 3,
                       .name = "Tenant 3",
                       .link = tenant_id(3),
                       .tagged = false,
                       .contact_email = "a3@t.example"});
        init();
        job({"plan", "--out", file_});
    }
    ~PlanFileTest() override { std::filesystem::remove(file_); }

    Ended apply_file() { return job({"apply", file_, "--yes", "--format=json"}); }

    /// The report's words about the only change that dropped out.
    static std::string found_instead(Ended const& applied)
    {
        auto const stale = parsed(applied).at("stale");
        return stale.as_array().size() == 1
                   ? std::string{stale.at_pointer("/0/found").as_string()}
                   : "not one is stale, but " + std::to_string(stale.as_array().size());
    }

    /// Something happens to the customer of tenant 3. Its repair drops out, and the rest goes on.
    void expect_stale_after(std::string const& set, std::string const& said)
    {
        database.execute("UPDATE {companies} SET " + set + " WHERE {company}_id = '" +
                         company_id(3) + "'");
        expect_one_stale(said);
    }

    void expect_one_stale(std::string const& said)
    {
        auto const applied = apply_file();
        EXPECT_EQ(applied.exit_code, 0) << applied.err;
        EXPECT_THAT(found_instead(applied), HasSubstr(said));
        EXPECT_EQ(count("tag_mappings WHERE tagged_id = '" + company_id(3) + "'"), "0");
        EXPECT_EQ(created(), "2");
    }

    std::string created()
    {
        return count("{companies} WHERE notes LIKE 'PSA Customer - Tenant: %'");
    }

    std::string file_text() const
    {
        std::ifstream stream{file_};
        return {std::istreambuf_iterator<char>{stream}, {}};
    }

    std::string file_ = std::filesystem::temp_directory_path() / (database.name() + "-saved.json");
};

TEST_P(PlanFileTest, UnchangedWorldIsAppliedWhole)
{
    auto const applied = apply_file();
    EXPECT_EQ(applied.exit_code, 0) << applied.err;
    EXPECT_EQ(created(), "2");
    EXPECT_EQ(count("tag_mappings WHERE tagged_id = '" + company_id(3) + "'"), "1");
}

TEST_P(PlanFileTest, RenamedCompanyIsStale)
{
    expect_stale_after("{company}_name = 'Other'",
                       "company.name: expected \"Tenant 3\", found \"Other\"");
}

TEST_P(PlanFileTest, CompanyWithEditedPropertiesIsStale)
{
    expect_stale_after("properties = properties || '{\"region\": \"north\"}'",
                       "company.properties.region: expected null, found \"north\"");
}

TEST_P(PlanFileTest, DeactivatedCompanyIsStale)
{
    expect_stale_after("is_inactive = true", "company.is_inactive: expected false, found true");
}

TEST_P(PlanFileTest, CompanyWithAnotherTagOrContactIsStale)
{
    database.execute("INSERT INTO contacts (tenant, {company}_id, full_name, email) VALUES ('" +
                     tenant_id(0) + "', '" + company_id(3) + "', 'Eve', 'eve@t.example')");
    expect_one_stale("company.contacts: expected [");
}

TEST_P(PlanFileTest, VanishedCompanyIsStale)
{
    database.execute("DELETE FROM contacts WHERE {company}_id = '" + company_id(3) +
                     "'; SET session_replication_role = replica; DELETE FROM {companies} WHERE "
                     "{company}_id = '" +
                     company_id(3) + "'");
    auto const applied = apply_file();
    EXPECT_EQ(applied.exit_code, 0) << applied.err;
    EXPECT_THAT(found_instead(applied), HasSubstr("found null"));
}

TEST_P(PlanFileTest, RowsThatMustNotExistArePartOfItAndLookedForAgain)
{
    EXPECT_THAT(file_text(), AllOf(HasSubstr("\"name_of\":null"), HasSubstr("\"email_of\":null"),
                                   HasSubstr("\"contact\":null"), HasSubstr("\"company\":null")));
}

TEST_P(PlanFileTest, OtherChangeThatIsDueInsteadIsDescribed)
{
    database.execute("UPDATE tenants SET {company}_name = 'Acme' WHERE tenant = '" + tenant_id(1) +
                     "'");
    auto const applied = apply_file();
    EXPECT_EQ(applied.exit_code, 0) << applied.err;
    EXPECT_THAT(found_instead(applied), AllOf(HasSubstr("another change is due now: create company "
                                                        "\"Acme\" with tag \"PSA Customer\""),
                                              HasSubstr("<***@t.example>")));
}

TEST_P(PlanFileTest, OnlyWhatDiffersOfTheDatabasesIsNamed)
{
    TestDatabase other{GetParam()};
    auto const applied =
        run_job({"apply", file_, "--yes"}, {{"CUSTOMER_RECONCILE_SOURCE_DSN", other.dsn()},
                                            {"CUSTOMER_RECONCILE_MANAGEMENT_DSN", database.dsn()}});
    EXPECT_EQ(applied.exit_code, 65);
    EXPECT_THAT(applied.err, AllOf(HasSubstr("made for source database " + database.name()),
                                   HasSubstr("this is source database " + other.name()),
                                   Not(HasSubstr("management"))));
}

TEST_P(PlanFileTest, TakenNameIsStale)
{
    world.company({.n = 8, .name = "Tenant 1", .tagged = false});
    auto const applied = apply_file();
    EXPECT_THAT(found_instead(applied),
                HasSubstr("name_of: expected null, found \"" + company_id(8)));
    EXPECT_EQ(created(), "1");
}

TEST_P(PlanFileTest, TakenAddressIsStale)
{
    world.company({.n = 8, .name = "Else", .tagged = false, .contact_email = "a1@t.example"});
    auto const applied = apply_file();
    EXPECT_THAT(found_instead(applied), HasSubstr("email_of: expected null"));
    EXPECT_EQ(created(), "1");
}

TEST_P(PlanFileTest, TakenIdIsStale)
{
    auto const plan = boost::json::parse(file_text());
    auto const id = std::string{plan.at_pointer("/changes/0/company").as_string()};
    world.company({.n = 8, .name = "Else", .tagged = false});
    database.execute(
        "SET session_replication_role = replica; UPDATE {companies} SET {company}_id ="
        " '" +
        id + "' WHERE {company}_id = '" + company_id(8) + "'");
    auto const applied = apply_file();
    EXPECT_THAT(found_instead(applied), HasSubstr("company: expected null, found {"));
    EXPECT_EQ(created(), "1");
}

TEST_P(PlanFileTest, TagThatIsThereByNowIsStale)
{
    world.tag(3, "PSA Customer");
    auto const applied = apply_file();
    EXPECT_THAT(found_instead(applied), HasSubstr("company.tags: expected null, found ["));
}

TEST_P(PlanFileTest, NumbersBeyondADoubleAreComparedAsTheyAreWritten)
{
    auto const set = [&](std::string const& number) {
        database.execute("UPDATE {companies} SET properties = properties || '{\"n\": " + number +
                         "}' WHERE {company}_id = '" + company_id(3) + "'");
    };
    auto const saved = "1" + std::string(400, '0') + ".10";
    set(saved);
    job({"plan", "--out", file_});
    EXPECT_EQ(job({"show", file_}).exit_code, 0);
    set("1" + std::string(400, '0') + ".11");
    expect_one_stale("company.properties.n: expected " + saved + ", found 1");
}

TEST_P(PlanFileTest, EditedChangeIsNamedWithItsPlace)
{
    auto text = file_text();
    text.replace(text.find("Tenant 2"), 8, "Tenant X");
    std::ofstream{file_} << text;
    auto const applied = apply_file();
    EXPECT_EQ(applied.exit_code, 65);
    EXPECT_THAT(applied.err, HasSubstr("change 2 was edited"));
}

TEST_P(PlanFileTest, RemovedChangeIsNoticed)
{
    auto text = file_text();
    auto const begin = text.find("{\"kind\"", text.find("{\"kind\"") + 1);
    text.erase(begin, text.find('\n', begin) + 1 - begin);
    std::ofstream{file_} << text;
    auto const applied = apply_file();
    EXPECT_EQ(applied.exit_code, 65);
    EXPECT_THAT(applied.err, HasSubstr("changes were added, removed or moved"));
}

TEST_BOTH_GENERATIONS(PlanFileTest);

}  // namespace

}  // namespace tracking::testing
