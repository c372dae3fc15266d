// Who is told how runs go.

#include "job/doctor/checks.hpp"
#include "job/telemetry/web_client.hpp"

#include "config/sources/secret_url.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace tracking::job {

namespace {

namespace fs = std::filesystem;

bool is_open_to_everyone(fs::path const& file)
{
    std::error_code error;
    return (fs::status(file, error).permissions() & fs::perms::others_read) != fs::perms::none;
}

}  // namespace

void examine_notify(Checkup& checkup, config::Notify const& notify)
{
    for (auto const& [key, file] : config::secret_urls(notify)) {
        auto const [url, objection] = config::read_secret_url(file);
        if (!url)
            checkup.warn(key, objection, "runs would go on and tell nobody; check the file");
        else if (is_open_to_everyone(file))
            checkup.warn(key, fmt::format("everyone on the machine can read \"{}\"", file.string()),
                         "the URL is a secret: chmod o-r, or defaultMode: 0440 of the volume");
        else if (!url->server.is_encrypted)
            checkup.warn(key, "the URL is http", "everyone on the way can read it; use https");
        else
            checkup.pass(key, "there is a URL, which was not called");
    }
    if (notify.ca_file.empty())
        return;
    if (auto const objection = objection_to_ca(notify.ca_file); !objection.empty())
        checkup.warn("notify.ca-file", objection, "runs would go on and tell nobody");
    else
        checkup.pass("notify.ca-file", "there are certificates");
}

}  // namespace tracking::job
