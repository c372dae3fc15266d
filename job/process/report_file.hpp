#pragma once

#include <filesystem>
#include <string_view>

namespace tracking::job {

enum class Readers
{
    AsBefore,  ///< of a file that is there; else whom the umask lets
    Everyone,  ///< also those that the umask would keep out
    Owner      ///< nobody else: it holds personal data
};

/// Puts `content` in place of the file: whoever reads it finds the former one or the whole new one,
/// also after a crash. A symbolic link stays, and the file that it names is replaced. What is no
/// regular file (a device, a FIFO) is written to.
/// @throws std::runtime_error that names the file and the reason; a file that was there is then as
///         it was.
void write_file(std::filesystem::path const& file, std::string_view content, Readers readers);

/// The file that is meant in the end: symbolic links followed, also to one that is not there yet.
std::filesystem::path target_of(std::filesystem::path file);

/// Whether both name one file, however they spell it.
bool are_same_file(std::filesystem::path const& one, std::filesystem::path const& other);

}  // namespace tracking::job
