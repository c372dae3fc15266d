#include "models/rules/email.hpp"

#include <gtest/gtest.h>

#include <string>

#include "models/rules/text.hpp"

namespace tracking::models {
namespace {

struct Case
{
    std::string email;
    bool valid_raw;
    bool valid_trimmed;
};

void PrintTo(Case const& c, std::ostream* out)
{
    *out << '"' << printable(c.email) << '"';
}

class EmailTest : public testing::TestWithParam<Case>
{};

TEST_P(EmailTest, IsJudgedAsThePlatformDoes)
{
    EXPECT_EQ(is_valid_email(GetParam().email), GetParam().valid_raw);
    EXPECT_EQ(is_valid_email(trim(GetParam().email)), GetParam().valid_trimmed);
}

INSTANTIATE_TEST_SUITE_P(
    Vectors, EmailTest,
    testing::Values(
        Case{"a@b.c", true, true}, Case{"a@b", false, false}, Case{"a@b..c", true, true},
        Case{"a@.c", false, false}, Case{"a @b.c", false, false}, Case{"a@b.c ", false, true},
        Case{"a@b@c.d", false, false}, Case{"a@b.c.", true, true}, Case{"\"q\"@b.c", true, true},
        Case{"ä@ö.ü", true, true}, Case{"a@[1.2.3.4]", true, true},
        Case{"a\u00A0@b.c", false, false}, Case{"a\u200B@b.c", true, true},
        Case{"a@b\u3000.c", false, false}, Case{"x@y.z\n", false, true}, Case{"", false, false},
        Case{"@", false, false}, Case{"@b.c", false, false}, Case{"a@b.", false, false},
        Case{"a@bc.", false, false}, Case{"a@.bc", false, false}, Case{"a@..", false, false},
        Case{"a@...", true, true}, Case{"plain", false, false}, Case{"a\xFF@b.c", true, true}));

}  // namespace
}  // namespace tracking::models
