#include "job/telemetry/web_client.hpp"

#include "job/process/interruption.hpp"
#include "job/text/base64.hpp"

#include "models/pg/abandonable.hpp"
#include "models/rules/text.hpp"

#include <fmt/format.h>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <algorithm>
#include <exception>
#include <future>
#include <utility>

namespace tracking::job {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using Request = http::request<http::string_body>;
using Response = http::response_parser<http::string_body>;

constexpr auto kLook = std::chrono::milliseconds{20};
constexpr std::size_t kLongestAnswer = 64UL * 1024;
constexpr std::size_t kLongestQuote = 200;

/// The longest time for a request that is sent after the process was asked to end.
constexpr auto kLastWords = std::chrono::seconds{2};

[[noreturn]] void give_up(WebTimeout const& timeout)
{
    if (is_interrupted())
        throw WebError{"no answer before the process had to end"};
    throw WebError{
        fmt::format("no answer within {} ms ({})", timeout.time.count(), timeout.setting)};
}

/// Waiting is over when the time is up, or when the process is asked to end meanwhile.
class Patience
{
public:
    explicit Patience(std::chrono::milliseconds timeout)
        : is_last_{is_interrupted()},
          deadline_{Clock::now() +
                    (is_last_ ? std::min<std::chrono::milliseconds>(timeout, kLastWords) : timeout)}
    {}

    Clock::time_point deadline() const { return deadline_; }
    bool is_over() const { return Clock::now() >= deadline_ || (is_interrupted() && !is_last_); }

private:
    bool is_last_;
    Clock::time_point deadline_;
};

/// Looks up the name in a thread that nobody waits for. getaddrinfo() cannot be stopped, and Asio's
/// own resolver waits for it when it is destroyed.
tcp::resolver::results_type look_up(config::WebAddress const& server, Patience const& patience,
                                    WebTimeout const& timeout)
{
    auto found = models::in_abandonable_thread_or_here(
        [host = server.host, port = std::to_string(server.port)] {
            asio::io_context context;
            return tcp::resolver{context}.resolve(host, port);
        });
    while (found.wait_for(kLook) != std::future_status::ready) {
        if (patience.is_over())
            give_up(timeout);
    }
    return found.get();
}

/// Returns why the certificates of the file cannot be used; empty: they can.
std::string load_ca(ssl::context& context, std::filesystem::path const& file)
{
    boost::system::error_code error;
    context.load_verify_file(file.string(), error);
    return error ? fmt::format("{}: {}", file.string(), error.message()) : std::string{};
}

ssl::context tls_for(std::filesystem::path const& ca_file)
{
    ssl::context context{ssl::context::tls_client};
    context.set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 |
                        ssl::context::no_tlsv1_1);
    context.set_verify_mode(ssl::verify_peer);
    if (ca_file.empty())
        context.set_default_verify_paths();
    else if (auto const objection = load_ca(context, ca_file); !objection.empty())
        throw WebError{objection};
    return context;
}

Request message_for(WebRequest const& request)
{
    auto const& server = request.server;
    Request message{http::string_to_verb(request.method), server.path + request.path, 11};
    message.set(http::field::host, server.authority());
    message.set(http::field::user_agent, "customer-reconcile");
    message.set(http::field::connection, "close");
    if (!server.user.empty())
        message.set(http::field::authorization,
                    "Basic " + base64(server.user + ":" + server.password));
    if (!request.content_type.empty())
        message.set(http::field::content_type, request.content_type);
    message.body() = request.body;
    message.prepare_payload();
    return message;
}

asio::awaitable<void> exchange(auto& stream, Request const& message, Response& answer)
{
    answer.body_limit(kLongestAnswer);
    beast::flat_buffer buffer;
    co_await http::async_write(stream, message, asio::use_awaitable);
    boost::system::error_code error;
    co_await http::async_read(stream, buffer, answer,
                              asio::redirect_error(asio::use_awaitable, error));
    // The status says all. Of a body hardly more than the first line is ever told.
    if (error && error != http::error::body_limit)
        throw boost::system::system_error{error};
}

asio::awaitable<void> converse(WebRequest const& request, tcp::resolver::results_type addresses,
                               Clock::time_point deadline, Response& answer)
{
    auto const executor = co_await asio::this_coro::executor;
    auto const message = message_for(request);
    if (!request.server.is_encrypted) {
        beast::tcp_stream stream{executor};
        stream.expires_at(deadline);
        co_await stream.async_connect(addresses, asio::use_awaitable);
        co_await exchange(stream, message, answer);
        co_return;
    }
    auto tls = tls_for(request.ca_file);
    beast::ssl_stream<beast::tcp_stream> stream{executor, tls};
    auto const& host = request.server.host;
    boost::system::error_code is_name;
    asio::ip::make_address(host, is_name);
    if (is_name)  // SNI takes no IP addresses
        SSL_set_tlsext_host_name(stream.native_handle(), host.c_str());
    stream.set_verify_callback(ssl::host_name_verification{host});
    auto& socket = beast::get_lowest_layer(stream);
    socket.expires_at(deadline);
    co_await socket.async_connect(addresses, asio::use_awaitable);
    co_await stream.async_handshake(ssl::stream_base::client, asio::use_awaitable);
    co_await exchange(stream, message, answer);
    // No TLS close_notify: the answer states its length, and a server may never reply to one.
}

void check(Response const& answer, WebRequest const& request)
{
    auto const& message = answer.get();
    if (http::to_status_class(message.result()) == http::status_class::successful)
        return;
    if (!request.quotes_answer)
        throw WebError{fmt::format("the answer is {}", message.result_int())};
    std::string_view const body{message.body()};
    throw WebError{fmt::format("the answer is {} {}{}", message.result_int(),
                               models::printable(message.reason()), body.empty() ? "" : ": ") +
                   models::printable(body.substr(0, body.find_first_of("\r\n")), kLongestQuote)};
}

}  // namespace

void ask(WebRequest const& request, WebTimeout const& timeout)
{
    Patience const patience{timeout.time};
    try {
        auto const addresses = look_up(request.server, patience, timeout);
        Response answer;
        std::exception_ptr failure;
        bool has_ended = false;
        asio::io_context context;
        asio::co_spawn(context, converse(request, addresses, patience.deadline(), answer),
                       [&](std::exception_ptr error) {
                           failure = std::move(error);
                           has_ended = true;
                       });
        while (!has_ended && !patience.is_over())
            context.run_for(kLook);
        context.run_for(kLook);  // the stream itself stops when its time is up
        if (!has_ended)
            give_up(timeout);
        if (failure)
            std::rethrow_exception(failure);
        check(answer, request);
    } catch (boost::system::system_error const& error) {
        if (error.code() == beast::error::timeout)
            give_up(timeout);
        throw WebError{error.code().message()};
    }
}

std::string objection_to_ca(std::filesystem::path const& file)
{
    ssl::context context{ssl::context::tls_client};
    return load_ca(context, file);
}

}  // namespace tracking::job
