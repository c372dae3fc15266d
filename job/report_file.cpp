#include "job/report_file.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <random>
#include <stdexcept>
#include <system_error>

namespace tracking::job {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail()
{
    throw std::system_error{errno, std::generic_category()};
}

/// A file under a passing name in the same folder, since only there a rename is atomic. It is gone
/// with this object unless it took its place.
class PassingFile
{
public:
    explicit PassingFile(fs::path const& target)
        : path_{target.parent_path() /
                fmt::format(".{}.{:08x}.tmp", target.filename().string(), std::random_device{}())},
          fd_{::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)}
    {
        if (fd_ < 0)
            fail();
    }

    PassingFile(PassingFile const&) = delete;
    PassingFile& operator=(PassingFile const&) = delete;

    /// Swallows errors: what matters was checked by then.
    ~PassingFile()
    {
        ::close(fd_);
        if (!is_in_place_)
            ::unlink(path_.c_str());
    }

    void write(std::string_view content)
    {
        while (!content.empty()) {
            auto const written = ::write(fd_, content.data(), content.size());
            if (written >= 0)
                content.remove_prefix(static_cast<std::size_t>(written));
            else if (errno != EINTR)
                fail();
        }
    }

    void let_everyone_read()
    {
        if (::fchmod(fd_, 0644) != 0)
            fail();
    }

    void take_place_of(fs::path const& target)
    {
        // Some file systems have the name on disk before the content.
        if (::fsync(fd_) != 0 || std::rename(path_.c_str(), target.c_str()) != 0)
            fail();
        is_in_place_ = true;
    }

private:
    fs::path path_;
    int fd_;
    bool is_in_place_ = false;
};

}  // namespace

void replace_file(fs::path const& file, std::string_view content, Readers readers)
{
    PassingFile passing{file};
    passing.write(content);
    if (readers == Readers::Everyone)
        passing.let_everyone_read();
    passing.take_place_of(file);
}

void write_report_file(fs::path const& file, std::string_view content)
{
    try {
        replace_file(file, content, Readers::Umask);
    } catch (std::system_error const& error) {
        throw std::runtime_error{fmt::format("cannot write the report to {}: {}", file.string(),
                                             error.code().message())};
    }
}

}  // namespace tracking::job
