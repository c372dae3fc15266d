#include "job/forms/text_page.hpp"

#include <gmock/gmock.h>

namespace tracking::job {
namespace {

std::string wrapped(std::string const& head, std::string const& text, int width)
{
    TextPage page{Colors::Off, width};
    page.paragraph(head, text);
    return std::move(page).take();
}

TEST(TextPageTest, WideCharactersTakeTwoColumnsAndCombiningOnesNone)
{
    EXPECT_EQ(display_width("abc"), 3U);
    EXPECT_EQ(display_width("Zürich"), 6U);
    EXPECT_EQ(display_width("日本"), 4U);
    EXPECT_EQ(display_width("u\u0308\u200B"), 1U);
    EXPECT_EQ(display_width("\xFF"), 1U);
}

TEST(TextPageTest, ColoursTakeNoColumns)
{
    TextPage const page{Colors::On, 80};
    EXPECT_EQ(page.paint(Tone::Bad, "no"), "\x1B[1;31mno\x1B[0m");
    EXPECT_EQ(display_width(page.paint(Tone::Bad, "no")), 2U);
    EXPECT_EQ(display_width("\x1B[1"), 0U) << "not ended";
}

TEST(TextPageTest, WithoutColoursTheTextIsLeftAsItIs)
{
    EXPECT_EQ((TextPage{Colors::Off, 80}.paint(Tone::Bad, "no")), "no");
}

TEST(TextPageTest, FurtherLinesStandUnderTheFirst)
{
    EXPECT_EQ(wrapped("head  ", "one two three four five six seven eight nine", 40),
              "head  one two three four five six seven\n"
              "      eight nine\n");
}

TEST(TextPageTest, BlanksWithinALineAreKeptAndAtItsEndLeftOut)
{
    EXPECT_EQ(wrapped("", "two  blanks   ", 40), "two  blanks\n");
    EXPECT_EQ(wrapped("  label  ", "", 40), "  label\n");
}

TEST(TextPageTest, AWordThatIsTooLongStandsAlone)
{
    std::string const word(60, 'x');
    EXPECT_EQ(wrapped("  ", "a " + word + " b", 40), "  a\n  " + word + "\n  b\n");
}

TEST(TextPageTest, AGapIsOneEmptyLine)
{
    TextPage page{Colors::Off, 80};
    page.gap();
    page.line("a ");
    page.gap();
    page.gap();
    page.line("b");
    EXPECT_EQ(std::move(page).take(), "a\n\nb\n");
}

}  // namespace
}  // namespace tracking::job
