#include "models/crm/tag_model.hpp"

#include "models/rules/rule_violation.hpp"
#include "models/values/errors.hpp"
#include "tests/db/models_test.hpp"

#include <gmock/gmock.h>

namespace tracking::models {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Property;
using ::testing::Throws;
using ::testing::UnorderedElementsAre;

using Ids = std::vector<CompanyId>;

class TagModelTest : public ModelsTest
{
protected:
    TagModelTest()
    {
        for (int const n : {1, 2})
            world.company({.n = n, .name = "Company " + std::to_string(n), .tagged = false});
    }

    TagId define(std::string const& text)
    {
        return committed([&](auto& tx) { return tags.define(tx, text); });
    }

    Ids attach(TagId tag, Ids const& ids)
    {
        return committed([&](auto& tx) { return tags.attach(tx, tag, ids); });
    }

    Ids detach(std::string const& text, Ids const& ids)
    {
        return committed([&](auto& tx) { return tags.detach(tx, text, ids); });
    }

    /// Doubles the rows of a table under new keys, which production on Citus allows.
    void double_rows(std::string const& table, std::string const& key)
    {
        database.execute("CREATE TEMPORARY TABLE copy AS TABLE " + table + "; UPDATE copy SET " +
                         key + " = gen_random_uuid(); INSERT INTO " + table +
                         " SELECT * FROM copy; DROP TABLE copy");
    }

    TagModel const tags{profile, owner};
};
TEST_BOTH_GENERATIONS(TagModelTest);

TEST_P(TagModelTest, MakesADefinitionWithTheColoursOfItsText)
{
    auto const tag = define("  PSA Customer ");

    EXPECT_THAT(database.rows("SELECT tag_id, tag_text, tagged_type, background_color, text_color"
                              "  FROM tag_definitions WHERE tenant = '" +
                              owner.str() + "'"),
                ElementsAre(ElementsAre(tag.str(), "PSA Customer",
                                        std::string{profile.tagged_type()}, "#BEC5F4", "#2C3E50")));
}

TEST_P(TagModelTest, TakesTheDefinitionThatIsThere)
{
    world.company({.n = 3, .name = "Acme", .tag = "PSA Customer"});

    EXPECT_EQ(define("PSA Customer").str(), database.value("SELECT tag_id FROM tag_definitions"));
    EXPECT_NE(define("psa customer"), define("PSA Customer"));
}

TEST_P(TagModelTest, ATagOnOtherThingsIsNotOurs)
{
    auto const tag = define("VIP");
    database.execute(
        "UPDATE tag_definitions SET tag_id = gen_random_uuid(), tagged_type = 'ticket'");

    EXPECT_EQ(define("VIP"), tag);
    EXPECT_EQ(database.value("SELECT count(*) FROM tag_definitions"), "2");
}

TEST_P(TagModelTest, ADefinitionThatWasGivenAnotherTextDoesNotStandInTheWay)
{
    auto const before = define("PSA Customer");
    database.execute("UPDATE tag_definitions SET tag_text = 'Customer'");

    EXPECT_NE(define("PSA Customer"), before);
    EXPECT_EQ(define("PSA Customer"), define("PSA Customer"));
}

TEST_P(TagModelTest, OfTwoDefinitionsTheFirstByIdIsTaken)
{
    database.execute_file("citus_like.sql");
    define("VIP");
    double_rows("tag_definitions", "tag_id");

    EXPECT_EQ(define("VIP").str(),
              database.value("SELECT tag_id FROM tag_definitions ORDER BY tag_id LIMIT 1"));
}

TEST_P(TagModelTest, RefusesATextThatIsNoTag)
{
    auto tx = session.begin_among_triggers(profile.schema());

    EXPECT_THROW(tags.define(tx, " "), RuleViolation);
    EXPECT_THROW(tags.define(tx, "Zürich"), RuleViolation);
    EXPECT_THROW(tags.detach(tx, std::string(51, 'x'), Ids{company(1)}), RuleViolation);
}

TEST_P(TagModelTest, AttachReturnsOnlyThoseThatDidNotHaveTheTag)
{
    auto const tag = define("VIP");

    EXPECT_THAT(attach(tag, {company(1)}), ElementsAre(company(1)));
    EXPECT_THAT(attach(tag, {company(2), company(1), company(2)}), ElementsAre(company(2)));

    EXPECT_THAT(database.rows("SELECT tag_id, tagged_id, tagged_type, created_by FROM tag_mappings"
                              " ORDER BY tagged_id"),
                ElementsAre(ElementsAre(tag.str(), testing::company_id(1),
                                        std::string{profile.tagged_type()}, "NULL"),
                            ElementsAre(tag.str(), testing::company_id(2),
                                        std::string{profile.tagged_type()}, "NULL")));
}

TEST_P(TagModelTest, ACompanyThatHasTheTextByAnotherDefinitionHasTheTag)
{
    database.execute_file("citus_like.sql");
    auto const tag = define("VIP");
    attach(tag, {company(1)});
    double_rows("tag_definitions", "tag_id");
    database.execute(
        "UPDATE tag_mappings m SET tag_id = d.tag_id FROM tag_definitions d"
        " WHERE d.tag_id <> m.tag_id");

    EXPECT_THAT(attach(tag, {company(1), company(2)}), ElementsAre(company(2)));
}

TEST_P(TagModelTest, TheActingUserIsTheCreator)
{
    TagModel const by_user{profile, owner, user(0)};

    committed(
        [&](auto& tx) { return by_user.attach(tx, by_user.define(tx, "VIP"), Ids{company(1)}); });

    EXPECT_EQ(database.value("SELECT created_by FROM tag_mappings"), testing::user_id(0));
}

TEST_P(TagModelTest, AnActingUserThatIsNotThereIsAFailedStatement)
{
    TagModel const by_nobody{profile, owner, user(77)};
    auto tx = session.begin_among_triggers(profile.schema());
    auto const tag = by_nobody.define(tx, "VIP");

    EXPECT_THAT([&] { by_nobody.attach(tx, tag, Ids{company(1)}); },
                Throws<StatementFailed>(Property(&StatementFailed::sqlstate, "23503")));
}

TEST_P(TagModelTest, DetachTakesThatTagFromThoseCompanies)
{
    attach(define("VIP"), {company(1), company(2)});
    attach(define("Canceled"), {company(1)});

    EXPECT_THAT(detach("VIP", {company(1), company(77)}), ElementsAre(company(1)));

    EXPECT_THAT(database.rows("SELECT m.tagged_id, d.tag_text FROM tag_mappings m"
                              "  JOIN tag_definitions d USING (tenant, tag_id) ORDER BY 1"),
                ElementsAre(ElementsAre(testing::company_id(1), "Canceled"),
                            ElementsAre(testing::company_id(2), "VIP")));
}

TEST_P(TagModelTest, DetachTakesEveryMappingOfThatText)
{
    database.execute_file("citus_like.sql");
    attach(define("VIP"), {company(1)});
    double_rows("tag_mappings", "mapping_id");

    EXPECT_THAT(detach("VIP", {company(1)}), UnorderedElementsAre(company(1), company(1)));
    EXPECT_EQ(database.value("SELECT count(*) FROM tag_mappings"), "0");
}

TEST_P(TagModelTest, ATagOfAnotherTenantStays)
{
    attach(define("VIP"), {company(1)});
    world.tenant({.n = 7, .name = "Elsewhere"});
    TagModel const elsewhere{profile, tenant(7)};

    auto const removed =
        committed([&](auto& tx) { return elsewhere.detach(tx, "VIP", Ids{company(1)}); });

    EXPECT_THAT(removed, IsEmpty());
}

}  // namespace
}  // namespace tracking::models
