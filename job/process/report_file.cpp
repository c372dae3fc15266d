#include "job/process/report_file.hpp"

#include "job/process/output_buffer.hpp"
#include "job/process/write_all.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <optional>
#include <ostream>
#include <random>
#include <stdexcept>
#include <system_error>

namespace tracking::job {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kPatience = 30s;

[[noreturn]] void fail(int error)
{
    throw std::system_error{error, std::generic_category()};
}

void check(int result)
{
    if (result != 0)
        fail(errno);
}

using Content = std::function<void(std::ostream&)>;

/// Writes to a descriptor. @throws std::system_error
class FileBuffer : public OutputBuffer
{
public:
    explicit FileBuffer(int fd) : fd_{fd} {}

private:
    void pass_on(std::string_view portion) override
    {
        if (int const error = write_all(fd_, portion, kPatience); error != 0)
            fail(error);
    }

    int fd_;
};

class OpenFile
{
public:
    OpenFile(fs::path path, int flags)
        : path_{std::move(path)}, fd_{::open(path_.c_str(), flags | O_WRONLY | O_CLOEXEC, 0666)}
    {
        if (fd_ < 0)
            fail(errno);
    }
    ~OpenFile() { ::close(fd_); }
    OpenFile(OpenFile const&) = delete;
    OpenFile& operator=(OpenFile const&) = delete;

    fs::path const& path() const { return path_; }
    int fd() const { return fd_; }

    void write(Content const& content) const
    {
        FileBuffer buffer{fd_};
        std::ostream out{&buffer};
        out.exceptions(std::ios::badbit);  // or it would swallow what the buffer throws
        content(out);
        out.flush();
    }

private:
    fs::path path_;
    int fd_;
};

/// A temporary file in the same folder, since only there a rename is atomic. The destructor removes
/// it, unless it has replaced the target.
class PassingFile : public OpenFile
{
public:
    explicit PassingFile(fs::path const& target)
        : OpenFile{target.parent_path() / fmt::format(".{}.{:08x}.tmp", target.filename().string(),
                                                      std::random_device{}()),
                   O_CREAT | O_EXCL}
    {}

    ~PassingFile()
    {
        if (!is_in_place_)
            ::unlink(path().c_str());
    }

    /// Sets owner and mode. Must be called before there is content.
    void let_read(Readers readers, std::optional<struct stat> const& former) const
    {
        if (readers == Readers::Everyone)
            return check(::fchmod(fd(), 0644));
        if (readers == Readers::Owner)
            check(::fchmod(fd(), 0600));
        if (!former)
            return;
        // Only root can keep another owner, and only a member can keep the group. Otherwise the
        // file belongs to the writer.
        auto const is_kept = ::fchown(fd(), former->st_uid, former->st_gid) == 0 ||
                             ::fchown(fd(), static_cast<uid_t>(-1), former->st_gid) == 0;
        if (readers == Readers::AsBefore)
            check(::fchmod(fd(), former->st_mode & (is_kept ? 0777U : 0707U)));
    }

    void take_place_of(fs::path const& target)
    {
        // Some file systems write the name to disk before the content.
        check(::fsync(fd()));
        check(std::rename(path().c_str(), target.c_str()));
        is_in_place_ = true;
    }

private:
    bool is_in_place_ = false;
};

std::optional<struct stat> status_of(fs::path const& file)
{
    struct stat status
    {};
    return ::stat(file.c_str(), &status) == 0 ? std::optional{status} : std::nullopt;
}

/// The file that symbolic links lead to in the end. It need not exist yet.
fs::path target_of(fs::path file)
{
    constexpr int kMostLinks = 40;  // like the kernel
    std::error_code error;
    for (int links = 0; links < kMostLinks && fs::is_symlink(file, error); ++links)
        file = file.parent_path() / fs::read_symlink(file, error);
    return file;
}

void replace(fs::path const& file, Content const& content, Readers readers)
{
    auto const target = target_of(file);
    PassingFile passing{target};
    passing.let_read(readers, status_of(target));
    passing.write(content);
    passing.take_place_of(target);
}

std::string reason_of(std::error_code const& error, fs::path const& file)
{
    if (error == std::errc::no_such_device_or_address && fs::is_fifo(file))
        return "nobody reads this FIFO; start its reader first";
    if (error == std::errc::timed_out)
        return "its reader takes nothing any more";
    return error.message();
}

}  // namespace

void write_file(fs::path const& file, std::function<void(std::ostream&)> const& write,
                Readers readers)
{
    try {
        auto const status = status_of(file);
        // Does not wait until somebody opens the other end of a FIFO.
        if (status && !S_ISREG(status->st_mode))
            OpenFile{file, O_NONBLOCK | O_NOCTTY}.write(write);
        else
            replace(file, write, readers);
    } catch (std::system_error const& error) {
        throw std::runtime_error{
            fmt::format("cannot write {}: {}", file.string(), reason_of(error.code(), file))};
    }
}

void write_file(fs::path const& file, std::string_view content, Readers readers)
{
    write_file(
        file, [&](std::ostream& out) { out << content; }, readers);
}

bool are_same_file(fs::path const& one, fs::path const& other)
{
    std::error_code error;
    if (fs::equivalent(one, other, error) && !error)
        return true;
    auto const in_full = [&](fs::path const& file) {
        return fs::weakly_canonical(fs::absolute(target_of(file), error), error);
    };
    return in_full(one) == in_full(other);
}

}  // namespace tracking::job
