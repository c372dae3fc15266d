// What explain, doctor and init tell programs; README has the shapes.

#include "tests/cli/job_test.hpp"

namespace tracking::testing {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ProgramsTest : public JobTest
{
protected:
    ProgramsTest()
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
        init();
    }

    static std::string field(boost::json::value const& document, std::string const& pointer)
    {
        return boost::json::serialize(document.at_pointer(pointer));
    }
};
TEST_BOTH_GENERATIONS(ProgramsTest);

TEST_P(ProgramsTest, ExplainTellsProgramsWhatItTellsPeople)
{
    auto const explained = job({"explain", "Acme", "--format=json"});
    EXPECT_EQ(explained.exit_code, 0) << explained.err;
    auto const document = parsed(explained);
    EXPECT_EQ(document.at("format"), "customer-reconcile/explain");
    EXPECT_EQ(document.at("version"), 1);
    EXPECT_EQ(document.at("subject"), "Acme");
    auto const& sections = document.at("sections").as_array();
    ASSERT_EQ(sections.size(), 3U) << explained.out;
    EXPECT_EQ(sections[0].at("section"), "tenant");
    EXPECT_EQ(field(sections[0], "/id"), '"' + tenant_id(1) + '"');
    EXPECT_EQ(sections[0].at("candidates").as_array().size(), 0U);
    EXPECT_EQ(sections[1].at("section"), "verdict");
    EXPECT_EQ(field(sections[1], "/lines/0/label"), "\"missing\"");
    EXPECT_EQ(sections[2].at("section"), "history");
    EXPECT_THAT(explained.out, Not(HasSubstr("ada@acme.example")))
        << "masked, as it is no terminal";

    auto const unknown = job({"explain", "Nobody", "--format=json"});
    EXPECT_EQ(unknown.exit_code, 65);
    EXPECT_EQ(parsed(unknown).at("sections").as_array().size(), 0U);
}

TEST_P(ProgramsTest, DoctorTellsProgramsWhatItTellsPeople)
{
    auto const document = parsed(job({"doctor", "--format=json"}));
    EXPECT_EQ(document.at("format"), "customer-reconcile/doctor");
    EXPECT_EQ(document.at("version"), 1);
    EXPECT_EQ(document.at("is_complete"), true);
    auto const& checks = document.at("checks").as_array();
    auto const lines = job({"doctor"}).out;
    EXPECT_GT(checks.size(), 5U);
    for (auto const& check : checks) {
        EXPECT_THAT(lines, HasSubstr(std::string{check.at("check").as_string()}));
        EXPECT_EQ(check.at("verdict") == "pass", check.at("remedy").is_null());
    }
}

TEST_P(ProgramsTest, InitTellsProgramsWhatItTellsPeople)
{
    auto const document = parsed(job({"init", "--prune", "--format=json"}));
    EXPECT_EQ(document.at("format"), "customer-reconcile/init");
    EXPECT_EQ(field(document, "/management_tenant/id"), '"' + tenant_id(0) + '"');
    EXPECT_EQ(document.at("was_pinned"), true);
    EXPECT_EQ(document.at("journal_version"), document.at("journal_version_before"));
    EXPECT_EQ(field(document, "/pruned/runs"), "0");
    auto const printed = parsed(job({"init", "--print", "--format=json"}));
    EXPECT_EQ(printed.at("format"), "customer-reconcile/init-sql");
    EXPECT_EQ(std::string{printed.at("sql").as_string()}, job({"init", "--print"}).out);
}

}  // namespace

}  // namespace tracking::testing
