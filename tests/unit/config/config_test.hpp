#pragma once

#include "config/sources/command_line.hpp"
#include "config/sources/load.hpp"
#include "tests/support/loading.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace tracking::config {

using Environment = std::map<std::string, std::string>;

/// In a folder of its own, which is the current one.
class ConfigTest : public ::testing::Test
{
protected:
    ConfigTest()
    {
        auto pattern = (std::filesystem::temp_directory_path() / "config-test-XXXXXX").string();
        folder_ = mkdtemp(pattern.data());
        std::filesystem::current_path(folder_);
    }

    ~ConfigTest() override
    {
        std::filesystem::current_path("/");
        std::filesystem::remove_all(folder_);
    }

    static void write(std::string const& name, std::string const& text)
    {
        std::ofstream(name, std::ios::binary) << text;
    }

    /// Loads `yaml` as the file "f".
    static Loaded load_all(std::string const& yaml, Environment const& environment = {},
                           std::vector<std::string> const& arguments = {})
    {
        write("f", yaml);
        return load({"f", environment, parse_command_line(arguments).settings});
    }

    static std::vector<std::string> problems(std::string const& yaml,
                                             Environment const& environment = {},
                                             std::vector<std::string> const& arguments = {})
    {
        try {
            load_all(yaml, environment, arguments);
        } catch (ConfigError const& error) {
            return lines_of(error);
        }
        return {};
    }

private:
    std::filesystem::path folder_;
};

}  // namespace tracking::config
