#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tracking::testing {

/// A folder that is gone with the object.
class TemporaryFolder
{
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(TemporaryFolder const&) = delete;
    TemporaryFolder& operator=(TemporaryFolder const&) = delete;

    std::filesystem::path const& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// Writes a certificate for localhost, `tls.crt` with `tls.key`, and the authority's, `ca.crt`.
void make_certificates(std::filesystem::path const& folder);

/// A program on a free port of the loopback interface, ready when constructed.
class ServerProcess
{
public:
    /// The program takes its address from `--web.listen-address` and is ready when it answers
    /// `/-/ready`.
    explicit ServerProcess(std::vector<std::string> command);
    ~ServerProcess();
    ServerProcess(ServerProcess const&) = delete;
    ServerProcess& operator=(ServerProcess const&) = delete;

    std::string address() const;  ///< 127.0.0.1:port

    /// Head and body of the answer. Not over TLS, and without a password.
    std::string get(std::string const& path) const;

private:
    TemporaryFolder folder_;
    int port_;
    pid_t pid_ = 0;
};

/// The real Pushgateway.
class Pushgateway : public ServerProcess
{
public:
    explicit Pushgateway(std::vector<std::string> const& options = {});

    /// Everything that it holds, in the text format.
    std::string metrics() const { return get("/metrics"); }
};

/// Accepts connections, waits for a request, says `answer`, and then `drip` again and again.
class ScriptedServer
{
public:
    explicit ScriptedServer(std::string answer, std::string drip = "");
    ~ScriptedServer();
    ScriptedServer(ScriptedServer const&) = delete;
    ScriptedServer& operator=(ScriptedServer const&) = delete;

    std::string address() const;
    std::string request() const;   ///< the last one, its head and what came with it
    std::size_t requests() const;  ///< how many there were

private:
    void serve();
    void answer_to(int connection);

    std::string answer_;
    std::string drip_;
    mutable std::mutex mutex_;
    std::string request_;
    std::size_t requests_ = 0;
    int socket_;
    int port_;
    std::atomic<bool> is_over_ = false;
    std::thread thread_;
};

}  // namespace tracking::testing
