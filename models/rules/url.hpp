#pragma once

#include <optional>
#include <string>
#include <string_view>

// For other programs that use the models: this job gives no company a URL.

namespace tracking::models {

/// Whether the WHATWG parser takes the text as an absolute URL. It needs a scheme, and a valid host
/// where the scheme has one. That parser is lenient: blanks in a path are fine, and
/// `localhost:3000` is a URL of the scheme `localhost`. The empty text is none.
bool is_valid_url(std::string_view text);

/// The host in the form that is sent over the network (lower case, IDN as punycode, IPv6 in
/// brackets), without one leading `www.`. A text without `scheme://` is read with `https://` in
/// front. None where that gives no URL with a host.
std::optional<std::string> domain_of(std::string_view url);

}  // namespace tracking::models
