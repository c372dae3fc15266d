#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string_view>

namespace tracking::job {

enum class Readers
{
    AsBefore,  ///< of the former file; without one, whom the umask lets
    Everyone,  ///< whatever the umask says
    Owner      ///< nobody else, as it holds personal data
};

/// Replaces the file by one with what `write` writes. A reader finds either the former file or the
/// whole new one, even after a crash. A symbolic link stays, and the file that it names is
/// replaced. Something that is no regular file (a device, a FIFO) is not replaced, but written to.
/// @throws std::runtime_error that names the file and the reason, and what `write` throws; a former
///         regular file is then unchanged
void write_file(std::filesystem::path const& file, std::function<void(std::ostream&)> const& write,
                Readers readers);

/// The same with this content.
void write_file(std::filesystem::path const& file, std::string_view content, Readers readers);

/// Whether both paths name the same file, however they are spelled.
bool are_same_file(std::filesystem::path const& one, std::filesystem::path const& other);

}  // namespace tracking::job
