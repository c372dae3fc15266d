#include "tests/support/servers/proxy.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace tracking::testing {

namespace {

using namespace std::string_view_literals;

/// The text of a statement without a name, as Parse sends it.
constexpr auto kCommit = "\0COMMIT\0"sv;

sockaddr_in loopback(int port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int connect_to(int port)
{
    int const fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto const address = loopback(port);
    if (connect(fd, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

bool send_all(int to, std::string_view bytes)
{
    while (!bytes.empty()) {
        auto const sent = send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::string value_of(std::string const& key, std::string const& dsn)
{
    auto const from = dsn.find(key + "=") + key.size() + 1;
    return dsn.substr(from, dsn.find(' ', from) - from);
}

}  // namespace

Proxy::Proxy(std::string const& dsn)
    : dsn_{dsn},
      server_port_{std::stoi(value_of("port", dsn))},
      listener_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
{
    auto address = loopback(0);
    socklen_t size = sizeof address;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        listen(listener_, 16) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error{"the proxy cannot listen"};
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread{[this] { accept_connections(); }};
}

Proxy::~Proxy()
{
    is_over_ = true;
    acceptor_.join();
    for (auto& thread : relays_)
        thread.join();
    ::close(listener_);
}

std::string Proxy::dsn() const
{
    return "host=127.0.0.1 port=" + std::to_string(port_) + " user=" + value_of("user", dsn_) +
           " dbname=" + value_of("dbname", dsn_);
}

void Proxy::harm_commit(int n, Mischief mischief)
{
    mischief_ = mischief;
    commits_left_ = n;
}

void Proxy::fall_silent()
{
    is_silent_ = true;
}

void Proxy::close()
{
    is_closed_ = true;
}

void Proxy::accept_connections()
{
    while (!is_over_) {
        pollfd waiting{listener_, POLLIN, 0};
        if (poll(&waiting, 1, 20) <= 0)
            continue;
        int const client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        int const server = is_closed_ ? -1 : connect_to(server_port_);
        if (server < 0)
            ::close(client);
        else
            relays_.emplace_back([=, this] { relay(client, server); });
    }
}

void Proxy::relay(int client, int server)
{
    std::array<pollfd, 2> ends{pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0}};
    bool is_answered = true;
    for (bool is_open = true; is_open && !is_over_ && !is_closed_;) {
        if (is_silent_ || poll(ends.data(), ends.size(), 20) <= 0) {
            if (is_silent_)
                std::this_thread::sleep_for(std::chrono::milliseconds{20});
            continue;
        }
        if (ends[0].revents != 0) {
            round_trips_ += std::exchange(is_answered, false) ? 1 : 0;
            is_open = --until_cut_ != 0 && pass_on(client, server);
        }
        if (is_open && ends[1].revents != 0) {
            is_answered = true;
            is_open = pass_on(server, client);
        }
    }
    ::close(client);
    ::close(server);
}

/// False: the connection is over.
bool Proxy::pass_on(int from, int to)
{
    std::array<char, 65536> part{};
    auto const size = recv(from, part.data(), part.size(), 0);
    if (size <= 0)
        return false;
    std::string_view const bytes{part.data(), static_cast<std::size_t>(size)};
    bool const is_harmed =
        bytes.find(kCommit) != bytes.npos && commits_left_ > 0 && --commits_left_ == 0;
    if (!is_harmed)
        return send_all(to, bytes);
    if (mischief_ == Mischief::LoseAnswer && send_all(to, bytes))
        recv(to, part.data(), part.size(), 0);  // it has committed by now
    return false;
}

}  // namespace tracking::testing
