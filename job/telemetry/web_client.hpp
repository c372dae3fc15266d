#pragma once

#include "config/notation/web_address.hpp"

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace tracking::job {

/// No answer in time, or another answer than yes. The message says what happened, without the
/// address and without what was sent.
class WebError : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

struct WebRequest
{
    config::WebAddress server;  ///< its user and password are sent, its path is the base of `path`
    std::filesystem::path ca_file;  ///< for https; empty: the system's certificates
    std::string method;             ///< GET or POST
    std::string path;               ///< begins with '/', encoded
    std::string content_type;
    std::string body;
};

/// Asks once, directly (environment variables of proxies are ignored), and follows no redirect.
/// Everything together, from the look-up of the name to the last byte of the answer, is given up
/// after `timeout`. With https the server has to prove its name.
/// @throws WebError unless the answer's status is 2xx
void ask(WebRequest const& request, std::chrono::milliseconds timeout);

}  // namespace tracking::job
