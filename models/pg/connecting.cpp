#include "models/pg/connecting.hpp"

#include <libpq-fe.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <poll.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <optional>
#include <vector>

namespace tracking::models {

namespace {

using Clock = Attempt::Clock;
using namespace std::chrono_literals;

/// The settings of a session that libpq has found, in all the places where it looks.
class Settings
{
public:
    explicit Settings(pg_conn* session) : options_{PQconninfo(session), &PQconninfoFree} {}

    std::string_view operator[](std::string_view keyword) const
    {
        for (auto const* option = options_.get(); option && option->keyword; ++option) {
            if (option->keyword == keyword && option->val)
                return option->val;
        }
        return {};
    }

    /// Starts another session with these settings, some of them replaced.
    RawSession start(std::vector<std::pair<std::string, std::string>> const& replaced) const
    {
        std::vector<char const*> keywords, values;
        auto const add = [&](char const* keyword, char const* value) {
            keywords.push_back(keyword);
            values.push_back(value);
        };
        for (auto const* option = options_.get(); option && option->keyword; ++option) {
            if (option->val && std::ranges::find(replaced, option->keyword, [](auto& one) {
                                   return one.first;
                               }) == replaced.end())
                add(option->keyword, option->val);
        }
        for (auto const& [keyword, value] : replaced)
            add(keyword.c_str(), value.c_str());
        add(nullptr, nullptr);
        return RawSession{PQconnectStartParams(keywords.data(), values.data(), 0)};
    }

private:
    std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options_;
};

std::vector<std::string> split(std::string_view list)
{
    std::vector<std::string> parts;
    for (std::size_t from = 0; from <= list.size();) {
        auto const to = std::min(list.find(',', from), list.size());
        parts.emplace_back(list.substr(from, to - from));
        from = to + 1;
    }
    return parts;
}

/// The lists of hosts without the host that the session is trying; nothing where that is the only
/// one. libpq itself goes on to the next host only in its blocking connect.
std::optional<std::vector<std::pair<std::string, std::string>>> other_hosts(
    pg_conn* session, Settings const& settings)
{
    auto const hosts = split(settings["host"]);
    auto const addresses = split(settings["hostaddr"]);
    auto const ports = split(settings["port"]);
    auto const count = std::max(hosts.size(), addresses.size());
    if (count < 2)
        return std::nullopt;
    std::size_t at = 0;
    for (; at + 1 < count; ++at) {
        auto const& port = ports.size() == count ? ports[at] : ports.front();
        bool const is_host =
            hosts.size() == count ? hosts[at] == PQhost(session) : addresses[at] == PQhost(session);
        if (is_host && (port.empty() || port == PQport(session)))
            break;
    }
    std::vector<std::pair<std::string, std::string>> rest;
    auto const add = [&](std::string keyword, std::vector<std::string> list) {
        if (list.size() != count)
            return;
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(at));
        rest.emplace_back(std::move(keyword), fmt::format("{}", fmt::join(list, ",")));
    };
    add("host", hosts);
    add("hostaddr", addresses);
    add("port", ports);
    return rest;
}

std::string where(pg_conn* session)
{
    return fmt::format("server at \"{}\", port {}", PQhost(session), PQport(session));
}

std::chrono::seconds patience_of(Settings const& settings, std::chrono::seconds usual)
{
    auto const text = std::string{settings["connect_timeout"]};
    auto const number = std::atoi(text.c_str());
    return number > 0 ? std::chrono::seconds{number} : usual;
}

/// Waits until the server can be read from or written to, or the attempt is over. Returns what
/// poll() found.
short await(Attempt const& attempt, pg_conn* session, PostgresPollingStatusType state)
{
    pollfd ready{.fd = PQsocket(session),
                 .events = static_cast<short>((state == PGRES_POLLING_READING ? POLLIN : POLLOUT) |
                                              POLLRDHUP),
                 .revents = 0};
    while (!attempt.is_given_up && Clock::now() < attempt.due.load()) {
        if (poll(&ready, 1, 20) > 0)
            return ready.revents;
    }
    return 0;
}

enum class Ending
{
    Open,
    NotTried,  ///< for a setting that libpq refuses
    Failed,
    FailedInTls,  ///< for another reason than a missing answer
    NoAnswer,
};

/// Whether a message of libpq is of an attempt to reach a host. Else libpq has refused a setting,
/// and would refuse it again. libpq's own messages are English here: nobody sets a locale.
bool is_of_an_attempt(std::string_view message)
{
    return message.find("connection to server") != message.npos ||
           message.find("could not translate host name") != message.npos;
}

/// Tries libpq's list of hosts to its end, or to a host that does not answer.
Ending try_hosts(Attempt& attempt, pg_conn* session, std::chrono::seconds patience)
{
    // The message then holds the code. The text alone is in the server's language.
    PQsetErrorVerbosity(session, PQERRORS_VERBOSE);
    std::string host;
    auto state = PGRES_POLLING_WRITING;
    if (PQstatus(session) == CONNECTION_BAD)
        return is_of_an_attempt(PQerrorMessage(session)) ? Ending::Failed : Ending::NotTried;
    while (true) {
        if (auto const now_at = where(session) + PQhostaddr(session); now_at != host) {
            host = now_at;
            attempt.due = Clock::now() + patience;
        }
        auto const found = await(attempt, session, state);
        if (found == 0)
            return Ending::NoAnswer;
        bool const is_in_tls = PQstatus(session) == CONNECTION_SSL_STARTUP;
        state = PQconnectPoll(session);
        if (state == PGRES_POLLING_OK)
            return Ending::Open;
        if (state == PGRES_POLLING_FAILED)
            return is_in_tls && !(found & (POLLHUP | POLLERR | POLLRDHUP)) ? Ending::FailedInTls
                                                                           : Ending::Failed;
    }
}

/// The message without the place in the server's source.
std::string message_of(pg_conn* session)
{
    std::string_view rest = PQerrorMessage(session);
    std::string message;
    while (!rest.empty()) {
        auto const line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        if (!line.starts_with("LOCATION:  "))
            message += fmt::format("{}{}", message.empty() ? "" : "\n", line);
    }
    return message;
}

/// The last code in a message of libpq: `FATAL:  28000: ...`, in any language.
std::string_view sqlstate_in(std::string_view message)
{
    constexpr std::size_t kLength = 5;
    std::string_view code;
    for (auto at = message.find(":  "); at != message.npos; at = message.find(":  ", at + 1)) {
        auto const part = message.substr(at + 3, kLength + 2);
        if (part.size() == kLength + 2 && part.substr(kLength) == ": " &&
            std::ranges::all_of(part.substr(0, kLength),
                                [](unsigned char c) { return std::isdigit(c) || std::isupper(c); }))
            code = part.substr(0, kLength);
    }
    return code;
}

}  // namespace

void FinishSession::operator()(pg_conn* session) const
{
    PQfinish(session);
}

RawSession open_session(Attempt& attempt)
{
    RawSession session{PQconnectStart(attempt.conninfo.c_str())};
    while (session && !attempt.is_given_up) {
        Settings const settings{session.get()};
        auto const patience = patience_of(settings, attempt.patience);
        switch (try_hosts(attempt, session.get(), patience)) {
            case Ending::Open:
                PQsetErrorVerbosity(session.get(), PQERRORS_DEFAULT);
                return session;
            case Ending::NotTried:
                throw ConnectionMisconfigured{
                    message_of(session.get()) +
                    ": check the dsn, the PG* variables and the service file"};
            case Ending::Failed:
                throw_failed_login(message_of(session.get()));
            case Ending::FailedInTls:
                throw ConnectionMisconfigured{
                    message_of(session.get()) +
                    ": check sslmode and the certificates (sslrootcert, sslcert, sslkey)"};
            case Ending::NoAnswer:
                break;
        }
        auto const rest = other_hosts(session.get(), settings);
        if (!rest)
            throw ConnectionLost{fmt::format("connection to {} failed: no answer within {} s",
                                             where(session.get()), patience.count())};
        session = settings.start(*rest);
    }
    return nullptr;
}

// PgBouncer gives all its own messages one code, and writes them in English only.
void throw_failed_login(std::string message)
{
    auto const has = [&](std::string_view words) { return message.find(words) != message.npos; };
    auto const code = sqlstate_in(message);
    auto const of_class = [&](std::string_view prefix) { return code.starts_with(prefix); };
    bool const is_pooler = code == "08P01";
    if (code == "42501")
        throw LoginRefused{message + ": its owner can give the role CONNECT on the database"};
    if (of_class("28") ||
        (is_pooler && !has("server login failed") &&
         (has("authentication failed") || has("no such user") || has("not allowed"))))
        throw LoginRefused{message + ": check role and password"};
    if (code == "3D000" || (is_pooler && has("no such database")))
        throw ConnectionMisconfigured{message + ": check the database's name"};
    if (is_pooler && has("unsupported startup parameter"))
        throw ConnectionMisconfigured{
            message + ": take it from the dsn, from PGOPTIONS and from the other PG* variables"};
    if (of_class("42") || of_class("22"))
        throw ConnectionMisconfigured{
            message + ": check options in the dsn, PGOPTIONS, and the settings of the role"};
    if (of_class("55"))
        throw ConnectionMisconfigured{message + ": the database is closed to logins"};
    if (code == "53300")
        throw NoRoom{message};
    throw ConnectionLost{message};
}

}  // namespace tracking::models
