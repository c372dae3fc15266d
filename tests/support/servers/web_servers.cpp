#include "tests/support/servers/web_servers.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <stdexcept>

namespace tracking::testing {

namespace {

using namespace std::chrono_literals;

sockaddr_in loopback(int port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int new_socket()
{
    int const fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        throw std::runtime_error{"no socket"};
    return fd;
}

int bind_to_free_port(int fd)
{
    auto address = loopback(0);
    socklen_t size = sizeof address;
    if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error{"no free port"};
    return ntohs(address.sin_port);
}

int free_port()
{
    int const fd = new_socket();
    int const port = bind_to_free_port(fd);
    close(fd);
    return port;
}

/// The whole answer; empty where nobody listens.
std::string answer_of(int port, std::string const& path)
{
    int const fd = new_socket();
    auto address = loopback(port);
    std::string answer;
    if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
        auto const request = "GET " + path + " HTTP/1.0\r\n\r\n";
        send(fd, request.data(), request.size(), MSG_NOSIGNAL);
        std::array<char, 65536> part{};
        for (ssize_t n; (n = recv(fd, part.data(), part.size(), 0)) > 0;)
            answer.append(part.data(), static_cast<std::size_t>(n));
    }
    close(fd);
    return answer;
}

std::string on_loopback(int port)
{
    return "127.0.0.1:" + std::to_string(port);
}

}  // namespace

TemporaryFolder::TemporaryFolder()
{
    std::string name = "/tmp/reconcile-test-XXXXXX";
    if (!mkdtemp(name.data()))
        throw std::runtime_error{"cannot create a temporary folder"};
    path_ = name;
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

void make_certificates(std::filesystem::path const& folder)
{
    auto const script =
        "cd '" + folder.string() +
        "' && {"
        " openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
        " -subj /CN=authority -keyout ca.key -out ca.crt"
        " && openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=gateway"
        " -keyout tls.key -out tls.csr"
        " && echo subjectAltName=DNS:localhost > san"
        " && openssl x509 -req -in tls.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2"
        " -extfile san -out tls.crt; } 2>err || { cat err; exit 1; }";
    if (std::system(script.c_str()) != 0)
        throw std::runtime_error{"cannot make certificates"};
}

ServerProcess::ServerProcess(std::vector<std::string> command) : port_{free_port()}
{
    command.push_back("--web.listen-address=" + on_loopback(port_));
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (auto& word : command)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    auto const log = folder_.path() / "log";
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT, 0600);
    int const error =
        posix_spawnp(&pid_, arguments.front(), &files, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    if (error != 0)
        throw std::runtime_error{"cannot start " + command.front() + ": is it installed?"};
    // With TLS it answers such a request too, if only to complain.
    for (int tries = 0;; ++tries) {
        auto const answer = get("/-/ready");
        if (!answer.empty() && answer.find(" 503 ") == answer.npos)
            return;
        if (tries == 600)
            throw std::runtime_error{command.front() + " does not get ready"};
        std::this_thread::sleep_for(50ms);
    }
}

ServerProcess::~ServerProcess()
{
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
}

std::string ServerProcess::address() const
{
    return on_loopback(port_);
}

std::string ServerProcess::get(std::string const& path) const
{
    return answer_of(port_, path);
}

namespace {

std::vector<std::string> pushgateway_with(std::vector<std::string> const& options)
{
    // Debian's keeps what was pushed in one file for every Pushgateway of the machine.
    std::vector<std::string> command{"prometheus-pushgateway", "--persistence.file="};
    command.insert(command.end(), options.begin(), options.end());
    return command;
}

}  // namespace

Pushgateway::Pushgateway(std::vector<std::string> const& options)
    : ServerProcess{pushgateway_with(options)}
{}

ScriptedServer::ScriptedServer(std::string answer, std::string drip)
    : answer_{std::move(answer)},
      drip_{std::move(drip)},
      socket_{new_socket()},
      port_{bind_to_free_port(socket_)}
{
    listen(socket_, 8);
    thread_ = std::thread{[this] { serve(); }};
}

ScriptedServer::~ScriptedServer()
{
    is_over_ = true;
    thread_.join();
    close(socket_);
}

std::string ScriptedServer::address() const
{
    return on_loopback(port_);
}

std::string ScriptedServer::request() const
{
    std::lock_guard const lock{mutex_};
    return request_;
}

std::size_t ScriptedServer::requests() const
{
    std::lock_guard const lock{mutex_};
    return requests_;
}

void ScriptedServer::serve()
{
    while (!is_over_) {
        pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
        if (poll(&waiting, 1, 20) != 1)
            continue;
        int const connection = accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
        answer_to(connection);
        close(connection);
    }
}

void ScriptedServer::answer_to(int connection)
{
    std::array<char, 65536> part{};
    auto const n = recv(connection, part.data(), part.size(), 0);
    {
        std::lock_guard const lock{mutex_};
        request_.assign(part.data(), static_cast<std::size_t>(n > 0 ? n : 0));
        ++requests_;
    }
    send(connection, answer_.data(), answer_.size(), MSG_NOSIGNAL);
    if (!answer_.empty() && drip_.empty())
        return;
    // Until the client has had enough.
    for (pollfd gone{.fd = connection, .events = POLLRDHUP, .revents = 0};
         !is_over_ && poll(&gone, 1, 20) == 0;)
        send(connection, drip_.data(), drip_.size(), MSG_NOSIGNAL);
}

}  // namespace tracking::testing
