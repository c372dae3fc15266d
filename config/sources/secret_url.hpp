#pragma once

#include "config/notation/web_address.hpp"
#include "config/settings/config.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::config {

/// A setting that names a file with a URL that is a secret.
struct SecretUrl
{
    std::string_view key;
    std::filesystem::path file;
};

/// Those that the operator has set.
std::vector<SecretUrl> secret_urls(Notify const& notify);

struct ReadUrl
{
    std::optional<WebTarget> url;
    std::string objection;  ///< why there is none: a sentence that holds nothing of the file
};

/// Reads the first line of the file. Only a command that uses the URL reads it, since the secret
/// may be kept from the others.
ReadUrl read_secret_url(std::filesystem::path const& file);

}  // namespace tracking::config
