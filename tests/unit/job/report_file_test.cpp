#include "job/process/report_file.hpp"

#include <gmock/gmock.h>

#include <stdlib.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace tracking::job {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

void write_report(fs::path const& file, std::string_view content)
{
    write_file(file, content, Readers::AsBefore);
}

class ReportFileTest : public ::testing::Test
{
protected:
    void SetUp() override
    {
        auto name = ::testing::TempDir() + "report_file.XXXXXX";
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        folder_ = name;
    }

    void TearDown() override { fs::remove_all(folder_); }

    static std::string content_of(fs::path const& file)
    {
        std::ostringstream content;
        content << std::ifstream{file}.rdbuf();
        return content.str();
    }

    auto entries() const { return std::distance(fs::directory_iterator{folder_}, {}); }

    fs::path folder_;
};

TEST_F(ReportFileTest, HoldsTheContentAndLeavesNothingElse)
{
    write_report(folder_ / "report.json", "{}\n");
    EXPECT_EQ(content_of(folder_ / "report.json"), "{}\n");
    EXPECT_EQ(entries(), 1);
}

// A report may be read from the journal while it is written.
TEST_F(ReportFileTest, AFileWhoseContentBreaksOffLeavesTheFormerOne)
{
    write_report(folder_ / "report.json", "former");
    auto const break_off = [](std::ostream& out) {
        out << std::string(100'000, 'x');
        throw std::invalid_argument{"the server is gone"};
    };
    EXPECT_THROW(write_file(folder_ / "report.json", break_off, Readers::AsBefore),
                 std::invalid_argument);
    EXPECT_EQ(content_of(folder_ / "report.json"), "former");
    EXPECT_EQ(entries(), 1);
}

TEST_F(ReportFileTest, TakesThePlaceOfAnOlderOne)
{
    write_report(folder_ / "report.json", std::string(100'000, 'x'));
    write_report(folder_ / "report.json", "new");
    EXPECT_EQ(content_of(folder_ / "report.json"), "new");
    EXPECT_EQ(entries(), 1);
}

TEST_F(ReportFileTest, AMissingFolderIsNamedWithTheReason)
{
    auto const file = folder_ / "nowhere" / "report.json";
    EXPECT_THAT([&] { write_report(file, "{}"); },
                ThrowsMessage<std::runtime_error>(
                    AllOf(HasSubstr(file.string()), HasSubstr("No such file or directory"))));
}

TEST_F(ReportFileTest, WhatCannotTakeItsPlaceLeavesNothingBehind)
{
    fs::create_directories(folder_ / "report.json" / "full");
    EXPECT_THROW(write_report(folder_ / "report.json", "{}"), std::runtime_error);
    EXPECT_EQ(entries(), 1);
}

}  // namespace
}  // namespace tracking::job
