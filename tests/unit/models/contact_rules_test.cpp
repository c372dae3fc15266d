#include "models/rules/contact_rules.hpp"

#include <gmock/gmock.h>

#include "models/rules/rule_violation.hpp"

namespace tracking::models {
namespace {

std::string refused_field(ContactDraft const& draft)
{
    try {
        checked_contact(draft);
        return "none";
    } catch (RuleViolation const& violation) {
        return violation.field();
    }
}

TEST(ContactRulesTest, EmailIsStoredTrimmedAndInLowerCase)
{
    EXPECT_EQ(checked_contact({" Ada Lovelace ", " Ada@Example.COM\n", "Admin", ""}),
              (ContactRecord{"Ada Lovelace", "ada@example.com", "Admin", std::nullopt}));
}

TEST(ContactRulesTest, FullNameIsRequired)
{
    EXPECT_EQ(refused_field({.full_name = " \u00A0", .email = "a@b.c"}), "contact name");
}

TEST(ContactRulesTest, EmailMustFitThePattern)
{
    EXPECT_EQ(refused_field({.full_name = "Ada", .email = ""}), "contact e-mail");
    EXPECT_EQ(refused_field({.full_name = "Ada", .email = "ada@example"}), "contact e-mail");
}

TEST(AdminFullNameTest, IsMadeOfWhatThereIs)
{
    EXPECT_EQ(admin_full_name("Ada", "Lovelace", "a@b.c"), "Ada Lovelace");
    EXPECT_EQ(admin_full_name(" Ada ", " ", "a@b.c"), "Ada");
    EXPECT_EQ(admin_full_name(std::nullopt, "Lovelace", "a@b.c"), "Lovelace");
}

TEST(AdminFullNameTest, FallsBackToTheLocalPartOfTheEmail)
{
    EXPECT_EQ(admin_full_name(std::nullopt, std::nullopt, " ada.l@b.c"), "ada.l");
    EXPECT_EQ(admin_full_name("", "\u00A0", "ada"), "ada");
    EXPECT_EQ(admin_full_name(std::nullopt, std::nullopt, "@b.c"), "@b.c");
    EXPECT_EQ(admin_full_name(std::nullopt, std::nullopt, " "), "");
}

}  // namespace
}  // namespace tracking::models
