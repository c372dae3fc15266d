#pragma once

#include <sys/types.h>

#include <atomic>
#include <filesystem>
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

/// The real Pushgateway on a free port of the loopback interface, ready when constructed.
class Pushgateway
{
public:
    explicit Pushgateway(std::vector<std::string> const& options = {});
    ~Pushgateway();
    Pushgateway(Pushgateway const&) = delete;
    Pushgateway& operator=(Pushgateway const&) = delete;

    std::string address() const;  ///< 127.0.0.1:port

    /// Everything that it holds, in the text format. Not over TLS, and without a password.
    std::string metrics() const;

private:
    TemporaryFolder folder_;
    int port_;
    pid_t pid_ = 0;
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
    std::string request() const;  ///< the last one, its head and what came with it

private:
    void serve();
    void answer_to(int connection);

    std::string answer_;
    std::string drip_;
    std::string request_;
    int socket_;
    int port_;
    std::atomic<bool> is_over_ = false;
    std::thread thread_;
};

}  // namespace tracking::testing
