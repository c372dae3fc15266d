#include "job/masking.hpp"

#include "job/json_report.hpp"
#include "job/text_report.hpp"
#include "tests/support/sample_report.hpp"

#include <gmock/gmock.h>

namespace tracking::job {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Report masked(Report report)
{
    mask_personal_data(report);
    return report;
}

TEST(MaskingTest, TheLocalPartOfEveryAddressGoes)
{
    EXPECT_EQ(mask_addresses("ada@acme.example is taken, as is <o'brien+x@b.example>"),
              "***@acme.example is taken, as is <***@b.example>");
    EXPECT_EQ(mask_addresses("(tenant, email)=(0, äda@acme.example)"),
              "(tenant, email)=(0, ***@acme.example)");
    EXPECT_EQ(mask_addresses("a@b@c.example"), "***@c.example");
    for (auto const* none : {"", "@", "a @ b", "at @home", "mail@", "no address"})
        EXPECT_EQ(mask_addresses(none), none);
}

TEST(MaskingTest, RowsThatTheServerQuotesGo)
{
    EXPECT_EQ(
        mask_addresses("ERROR: x\nDETAIL:  Failing row contains (0, Ada (Lovelace), t).\nEND"),
        "ERROR: x\nDETAIL:  Failing row contains (***).\nEND");
}

TEST(MaskingTest, LogsKeepNothingBetweenQuotes)
{
    EXPECT_EQ(without_names("expected \"Acme \"Ltd\"\", found \"x\"; more\nDETAIL: y"),
              "expected \"***\"; more");
    EXPECT_EQ(without_names("an open \"quote"), "an open \"***\"");
    EXPECT_EQ(without_names("nothing to hide"), "nothing to hide");
}

TEST(MaskingTest, ReportsInEveryFormKeepCompaniesAndLosePeople)
{
    auto const report = masked(samples::apply_with_every_outcome());
    for (auto const& text : {render_json(report), render_text(report, {.list_limit = 0})}) {
        EXPECT_THAT(text, HasSubstr("Acme Corp"));
        for (auto const* personal : {"Ada", "Lovelace", "ada@", "bob@", "richard@"})
            EXPECT_THAT(text, Not(HasSubstr(personal)));
    }
}

TEST(MaskingTest, AutoMasksWhatIsNoTerminal)
{
    using enum config::PersonalData;
    EXPECT_TRUE(wants_masking(Auto, kNoTerminal));
    EXPECT_FALSE(wants_masking(Show, kNoTerminal));
    EXPECT_TRUE(wants_masking(Mask, 1));
}

}  // namespace
}  // namespace tracking::job
