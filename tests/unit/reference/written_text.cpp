#include "tests/unit/reference/written_text.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace tracking {

std::string text_of(std::filesystem::path const& file)
{
    std::ostringstream text;
    text << std::ifstream{file}.rdbuf();
    return text.str();
}

std::string default_text(config::Setting const& setting)
{
    auto const shown = setting.show(config::Config{});
    return shown.starts_with('"') ? shown.substr(1, shown.size() - 2) : shown;
}

void expect_written(std::filesystem::path const& file,
                    std::function<std::string(std::string const&)> const& wanted)
{
    auto const text = wanted(text_of(file));
    if (std::getenv("WRITE_REFERENCE"))
        std::ofstream{file} << text;
    EXPECT_EQ(text_of(file), text) << "write it anew: WRITE_REFERENCE=1 job_tests "
                                      "--gtest_filter='*ReferenceTest*'";
}

}  // namespace tracking
