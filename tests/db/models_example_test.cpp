#include "tests/db/models_test.hpp"

#include <gmock/gmock.h>

#include <array>
#include <cstdio>

namespace tracking::models {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class ModelsExampleTest : public ModelsTest
{
protected:
    /// What the program printed on both streams.
    std::string run(std::string const& arguments)
    {
        auto const command =
            std::string{MODELS_EXAMPLE} + " '" + database.dsn() + "' " + arguments + " 2>&1";
        std::string output;
        auto* const pipe = popen(command.c_str(), "r");
        for (std::array<char, 256> line{}; std::fgets(line.data(), line.size(), pipe) != nullptr;)
            output += line.data();
        status = pclose(pipe);
        return output;
    }

    /// Company, contact, tag and creator, joined as they should be.
    auto written()
    {
        return database.rows(
            "SELECT c.{company}_name, c.url, p.full_name, p.email, d.tag_text, m.created_by"
            "  FROM {companies} c"
            "  JOIN contacts p USING (tenant, {company}_id)"
            "  JOIN tag_mappings m ON m.tenant = c.tenant AND m.tagged_id = c.{company}_id"
            "  JOIN tag_definitions d ON d.tenant = m.tenant AND d.tag_id = m.tag_id"
            " WHERE c.tenant = '" +
            owner.str() + "' AND m.tagged_type = '{company}'");
    }

    int status = -1;
};
TEST_BOTH_GENERATIONS(ModelsExampleTest);

TEST_P(ModelsExampleTest, CreatesCompanyContactAndTagWithoutAUser)
{
    auto const output = run(owner.str());

    EXPECT_EQ(status, 0) << output;
    EXPECT_THAT(output, StartsWith("created\ncompany "));
    EXPECT_THAT(written(),
                ElementsAre(ElementsAre("Example Ltd", "https://example.com", "Eve Example",
                                        "eve@example.com", "Example", "NULL")));
}

TEST_P(ModelsExampleTest, RecordsTheActingUser)
{
    run(owner.str() + " " + testing::user_id(0));

    EXPECT_EQ(written().at(0).back(), testing::user_id(0));
}

TEST_P(ModelsExampleTest, ASecondRunPrintsTheSameAndChangesNothing)
{
    auto const first = run(owner.str());
    auto const second = run(owner.str());

    EXPECT_EQ(status, 0);
    EXPECT_THAT(second, StartsWith("was there\n"));
    EXPECT_EQ(second.substr(second.find("company")), first.substr(first.find("company")));
    EXPECT_EQ(written().size(), 1U);
}

TEST_P(ModelsExampleTest, AnUnknownUserLeavesNothingBehind)
{
    auto const output = run(owner.str() + " " + testing::user_id(77));

    EXPECT_NE(status, 0);
    EXPECT_THAT(output, HasSubstr("models_example: "));
    EXPECT_TRUE(written().empty());
    EXPECT_EQ(database.value("SELECT count(*) FROM tag_definitions"), "0");
}

}  // namespace
}  // namespace tracking::models
