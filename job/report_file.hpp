#pragma once

#include <filesystem>
#include <string_view>

namespace tracking::job {

/// Puts `content` in place of the file: whoever reads it finds the former one or the whole new one,
/// also after a crash. @throws std::runtime_error that names the file and the reason; a file that
/// was there is then as it was.
void write_report_file(std::filesystem::path const& file, std::string_view content);

enum class Readers
{
    Umask,    ///< whom the umask lets
    Everyone  ///< also those that the umask would keep out
};

/// The same for other files. @throws std::system_error
void replace_file(std::filesystem::path const& file, std::string_view content, Readers readers);

}  // namespace tracking::job
