#include "config/sources/secret_url.hpp"

#include "models/rules/text.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace tracking::config {

namespace fs = std::filesystem;

std::vector<SecretUrl> secret_urls(Notify const& notify)
{
    std::vector<SecretUrl> urls;
    if (!notify.url_file.empty())
        urls.push_back({"notify.url-file", notify.url_file});
    if (!notify.ping_url_file.empty())
        urls.push_back({"notify.ping-url-file", notify.ping_url_file});
    return urls;
}

ReadUrl read_secret_url(fs::path const& file)
{
    // A FIFO would wait for a writer, and a device may have no end.
    if (std::error_code error; fs::exists(file, error) && !fs::is_regular_file(file, error))
        return {std::nullopt, fmt::format("\"{}\" is no regular file", file.string())};
    errno = 0;
    std::ifstream stream{file, std::ios::binary};
    std::string line(8192, '\0');
    stream.read(line.data(), static_cast<std::streamsize>(line.size()));
    if (stream.bad() || (stream.fail() && !stream.eof()))
        return {std::nullopt,
                fmt::format("cannot read \"{}\": {}", file.string(), std::strerror(errno))};
    line.resize(static_cast<std::size_t>(stream.gcount()));
    auto url = parse_web_target(models::trim_ascii(line.substr(0, line.find_first_of("\r\n"))));
    if (!url)
        return {std::nullopt,
                fmt::format("the first line of \"{}\" is no http or https URL", file.string())};
    return {std::move(url), {}};
}

}  // namespace tracking::config
