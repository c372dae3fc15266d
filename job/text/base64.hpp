#pragma once

#include <string>
#include <string_view>

namespace tracking::job {

/// RFC 4648, with padding.
std::string base64(std::string_view bytes);

/// RFC 4648 with the alphabet for URLs, without padding.
std::string base64url(std::string_view bytes);

}  // namespace tracking::job
