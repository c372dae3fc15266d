#include "models/looks/looks.hpp"

#include <gmock/gmock.h>

namespace tracking::models {
namespace {

TEST(LooksTest, TextsThatAReaderTakesForOneHaveOneLook)
{
    std::string const look = look_of("Caf\u00E9 Noir");
    for (std::string const other :
         {"Cafe\u0301 Noir", "caf\u00E9 noir", " Caf\u00E9  Noir ", "Caf\u00E9\u00A0Noir",
          "Caf\u00E9\u3000Noir", "Ca\u200Bf\u00E9 Noir", "\uFEFFCaf\u00E9 Noir",
          "Caf\u00E9\tNoir\n", "\uFF23af\u00E9 Noir", "CAF\u00C9 NOIR", "Ca\u00ADf\u00E9 Noir"})
        EXPECT_EQ(look_of(other), look) << other;
    EXPECT_EQ(look_of("ACME LTD"), look_of("Acme Ltd"));
    EXPECT_EQ(look_of("Strau\u00DF"), look_of("STRAUSS"));
    EXPECT_EQ(look_of("\uFB01rm"), look_of("firm"));
}

TEST(LooksTest, OtherTextsHaveOthers)
{
    EXPECT_NE(look_of("Acme"), look_of("Acme Ltd"));
    EXPECT_NE(look_of("Cafe"), look_of("Caf\u00E9"));
    EXPECT_NE(look_of("AcmeLtd"), look_of("Acme Ltd"));
    EXPECT_EQ(look_of(" \u200B "), "");
    EXPECT_EQ(look_of("\xFF\xFE"), "\xFF\xFE") << "broken text stays";
}

TEST(LooksTest, CapitalsAreSeen)
{
    EXPECT_TRUE(look_the_same("Caf\u00E9", "Cafe\u0301"));
    EXPECT_TRUE(look_the_same("Acme ", "Acme"));
    EXPECT_FALSE(look_the_same("ACME", "Acme"));
}

TEST(LooksTest, ADifferenceIsSpelledOutInCodePoints)
{
    auto const accent = difference_between("Cafe\u0301 Noir", "Caf\u00E9 Noir");
    EXPECT_EQ(accent.of_one, "U+0065 U+0301");
    EXPECT_EQ(accent.of_other, "U+00E9");
    auto const blank = difference_between("Acme", "Acme ");
    EXPECT_EQ(blank.of_one, "nothing");
    EXPECT_EQ(blank.of_other, "U+0020");
    auto const twice = difference_between("a  b", "a b");
    EXPECT_EQ(twice.of_one, "U+0020");
    EXPECT_EQ(twice.of_other, "nothing");
    EXPECT_EQ(difference_between("ABCDEFGHIJ", "abcdefghij").of_one,
              "U+0041 U+0042 U+0043 U+0044 U+0045 U+0046 U+0047 U+0048 ...");
}

}  // namespace
}  // namespace tracking::models
