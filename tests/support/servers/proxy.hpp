#pragma once

#include <atomic>
#include <limits>
#include <string>
#include <thread>
#include <vector>

namespace tracking::testing {

/// What becomes of a COMMIT on its way through the proxy. The connection is cut in each case.
enum class Mischief
{
    LoseAnswer,  ///< the server has committed, nobody hears of it
    LoseCommit,  ///< the server never hears of it
};

/// Stands between the job and the server, and cuts the connection at the worst moment.
class Proxy
{
public:
    /// In front of the server that `dsn` names.
    explicit Proxy(std::string const& dsn);
    ~Proxy();
    Proxy(Proxy const&) = delete;
    Proxy& operator=(Proxy const&) = delete;

    /// The same database by way of this.
    std::string dsn() const;

    /// Does it to the n-th COMMIT from now, once.
    void harm_commit(int n, Mischief mischief);

    /// Cuts a connection, once, in place of a client's n-th message from now.
    void cut_at(int n) { until_cut_ = n; }
    bool has_cut() const { return until_cut_ <= 0; }

    /// How often a client has waited for the server until now, and then sent more.
    int round_trips() const { return round_trips_; }

    /// From now on nothing comes through. Connections stay, and new ones are still made.
    void fall_silent();

    /// From now on there is no server behind it: connections are cut, and none is made.
    void close();

private:
    void accept_connections();
    void relay(int client, int server);
    bool pass_on(int from, int to);

    std::string dsn_;
    int server_port_ = 0;
    int listener_ = -1;
    int port_ = 0;
    std::atomic<int> commits_left_ = 0;  // 0: none is harmed
    std::atomic<Mischief> mischief_ = Mischief::LoseAnswer;
    std::atomic<int> until_cut_ = std::numeric_limits<int>::max();
    std::atomic<int> round_trips_ = 0;
    std::atomic<bool> is_silent_ = false;
    std::atomic<bool> is_closed_ = false;
    std::atomic<bool> is_over_ = false;
    std::vector<std::thread> relays_;
    std::thread acceptor_;
};

}  // namespace tracking::testing
