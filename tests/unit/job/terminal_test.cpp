#include "job/process/terminal.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace tracking::job {
namespace {

using config::Color;
using Environment = std::map<std::string, std::string>;

/// The program's side of a terminal of 77 columns.
class TerminalTest : public ::testing::Test
{
protected:
    void SetUp() override
    {
        ASSERT_EQ(grantpt(outside_), 0);
        ASSERT_EQ(unlockpt(outside_), 0);
        terminal_ = open(ptsname(outside_), O_RDWR | O_NOCTTY);
        ASSERT_GE(terminal_, 0);
        winsize const size{.ws_row = 24, .ws_col = 77, .ws_xpixel = 0, .ws_ypixel = 0};
        ASSERT_EQ(ioctl(terminal_, TIOCSWINSZ, &size), 0);
    }

    void TearDown() override
    {
        close(terminal_);
        close(outside_);
        close(file_);
    }

    int outside_ = posix_openpt(O_RDWR | O_NOCTTY);
    int terminal_ = -1;
    int file_ = open("/dev/null", O_WRONLY);
    Environment const usual_{{"TERM", "xterm-256color"}};
};

TEST_F(TerminalTest, KnowsATerminalAndItsWidth)
{
    EXPECT_TRUE(is_terminal(terminal_));
    EXPECT_EQ(terminal_width(terminal_), 77);
}

TEST_F(TerminalTest, AFileIsNoTerminalAndAHundredColumnsWide)
{
    EXPECT_FALSE(is_terminal(file_));
    EXPECT_EQ(terminal_width(file_), 100);
}

TEST_F(TerminalTest, AutoColoursOnlyATerminal)
{
    EXPECT_TRUE(wants_color(Color::Auto, terminal_, usual_));
    EXPECT_FALSE(wants_color(Color::Auto, file_, usual_));
}

TEST_F(TerminalTest, AutoGivesWayToNoColorUnlessThatIsEmpty)
{
    EXPECT_FALSE(wants_color(Color::Auto, terminal_, {{"TERM", "xterm"}, {"NO_COLOR", "1"}}));
    EXPECT_TRUE(wants_color(Color::Auto, terminal_, {{"TERM", "xterm"}, {"NO_COLOR", ""}}));
}

TEST_F(TerminalTest, AutoLeavesADumbOrNamelessTerminalAlone)
{
    EXPECT_FALSE(wants_color(Color::Auto, terminal_, {{"TERM", "dumb"}}));
    EXPECT_FALSE(wants_color(Color::Auto, terminal_, {}));
}

TEST_F(TerminalTest, AlwaysAndNeverAskNobody)
{
    EXPECT_TRUE(wants_color(Color::Always, file_, {{"NO_COLOR", "1"}}));
    EXPECT_FALSE(wants_color(Color::Never, terminal_, usual_));
}

}  // namespace
}  // namespace tracking::job
