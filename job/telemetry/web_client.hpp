#pragma once

#include "config/notation/web_address.hpp"

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tracking::job {

/// There was no answer in time, or its status was not 2xx. The message says what happened, but
/// holds neither the address nor what was sent.
class WebError : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

struct WebRequest
{
    config::WebAddress server;  ///< its user and password are sent; its path comes before `path`
    std::filesystem::path ca_file;  ///< for https; empty: the system's certificates
    std::string method;             ///< GET or POST
    std::string path;               ///< begins with '/', encoded
    std::string content_type;
    std::string body;
    /// False where the address is a secret: servers repeat what they were asked for.
    bool quotes_answer = true;
};

/// How long a request may take, from the look-up of the name to the last byte of the answer.
struct WebTimeout
{
    std::chrono::milliseconds time;
    std::string_view setting;  ///< that says so
};

/// Sends the request once, directly: it ignores the environment variables of proxies, and follows
/// no redirect. With https the server has to prove its name.
/// @throws WebError unless the answer's status is 2xx
void ask(WebRequest const& request, WebTimeout const& timeout);

/// Why the certificates of this file cannot vouch for a server; empty: they can.
std::string objection_to_ca(std::filesystem::path const& file);

}  // namespace tracking::job
