#pragma once

#include "config/notation/format.hpp"
#include "config/sources/command_line.hpp"
#include "job/process/ending.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tracking::job {

struct Invocation;

/// One command: what it runs, and everything that it can be given. What is not listed is refused.
struct Command
{
    std::string_view name;  ///< "plan"; of two words where the first has several: "config show"
    Ending (*run)(Invocation&) = nullptr;
    std::string (*print)(config::CommandLine const&) = nullptr;  ///< in place of `run`: a text that
                                                                 ///< needs no configuration
    std::string_view operands{};  ///< as the help writes them: "TENANT [COMPANY]"
    std::string_view summary;
    std::string_view details{};  ///< what else to know; may be empty
    std::string_view example;    ///< what follows the program's name
    /// Names of options without their dashes, between blanks: a setting's key or its whole section
    /// ("guard"), or an option of the invocation.
    std::vector<std::string_view> options;
    std::vector<config::Format> formats{};  ///< that it can print
    bool reports = false;                   ///< main prints and sends the report that it fills

    /// Whether it uses the option: a setting's key, or an option of the invocation.
    bool uses(std::string_view option) const;

    std::string help() const;
};

/// The words of a text that blanks separate.
std::vector<std::string_view> words_of(std::string_view text);

}  // namespace tracking::job
