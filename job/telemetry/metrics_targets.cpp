#include "job/telemetry/metrics_targets.hpp"

#include "job/process/report_file.hpp"
#include "job/telemetry/metrics.hpp"
#include "job/telemetry/web_client.hpp"
#include "job/text/base64.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

namespace tracking::job {

namespace {

namespace fs = std::filesystem;

/// @pre metrics.pushgateway is an address: the configuration has been checked
WebRequest request_to(config::Metrics const& metrics)
{
    auto server = config::parse_web_address(metrics.pushgateway).value();
    if (!metrics.pushgateway_user.empty()) {
        server.user = metrics.pushgateway_user;
        server.password = metrics.pushgateway_password;
    }
    return {.server = std::move(server), .ca_file = metrics.pushgateway_ca_file};
}

WebTimeout timeout_of(config::Metrics const& metrics)
{
    return {.time = metrics.timeout, .setting = "metrics.timeout"};
}

/// The group that a push goes to. It holds the samples of this mode in this environment, no others.
std::string group_of(Report const& report, std::string const& environment)
{
    std::vector<std::pair<std::string, std::string>> labels{{"job", "customer-reconcile"}};
    if (!environment.empty())
        labels.emplace_back("instance", environment);
    labels.emplace_back("mode", metrics_mode(report).value());
    return group_path(labels);
}

void push(Report const& report, Surroundings const& surroundings, config::Config const& config)
{
    auto const& metrics = config.metrics;
    auto request = request_to(metrics);
    request.method = "POST";
    request.path = group_of(report, config.environment);
    request.content_type = "text/plain; version=0.0.4; charset=utf-8";
    request.body = render_metrics(report, surroundings);
    ask(request, timeout_of(metrics));
}

/// Writes the file. Takes the last success from the former file: nothing else remembers it.
void write_textfile(Report const& report, Surroundings surroundings, fs::path const& file)
{
    std::string text;
    if (fs::is_regular_file(file))  // reading a FIFO would wait for a writer
        text.assign(std::istreambuf_iterator<char>{std::ifstream{file, std::ios::binary}.rdbuf()},
                    {});
    surroundings.last_success = last_success_in(text, metrics_mode(report).value());
    write_file(file, render_metrics(report, surroundings), Readers::Everyone);
}

/// Calls `work`. A target that cannot be reached only leads to a warning.
void attempt(Report& report, std::string const& target, auto const& work)
{
    try {
        work();
    } catch (std::exception const& error) {
        report.warnings.push_back(
            fmt::format("the metrics did not get to {}: {}", target, error.what()));
    }
}

bool is_plain(std::string_view value)
{
    return !value.empty() && std::ranges::all_of(value, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '.' || c == '-';
    });
}

}  // namespace

std::string group_path(std::vector<std::pair<std::string, std::string>> const& labels)
{
    std::string path = "/metrics";
    for (auto const& [name, value] : labels) {
        if (is_plain(value))
            path += fmt::format("/{}/{}", name, value);
        else  // one '=' stands for an empty text
            path += fmt::format("/{}@base64/{}", name, value.empty() ? "=" : base64url(value));
    }
    return path;
}

void send_metrics(Report& report, config::Config const& config)
{
    if (!metrics_mode(report))
        return;
    Surroundings const surroundings{
        .now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()),
        .waivers = config.policy.waivers};
    auto const& metrics = config.metrics;
    if (!metrics.textfile.empty())
        attempt(report, metrics.textfile.string(),
                [&] { write_textfile(report, surroundings, metrics.textfile); });
    if (!metrics.pushgateway.empty())
        attempt(report, request_to(metrics).server.shown(),
                [&] { push(report, surroundings, config); });
}

void probe_pushgateway(config::Metrics const& metrics)
{
    auto request = request_to(metrics);
    request.method = "GET";
    request.path = "/-/ready";
    ask(request, timeout_of(metrics));
}

std::string obstacle_to_writing(fs::path const& file)
{
    auto const folder = file.has_parent_path() ? file.parent_path() : fs::path{"."};
    if (::access(folder.c_str(), W_OK | X_OK) == 0)
        return {};
    return fmt::format("{}: {}", folder.string(), std::generic_category().message(errno));
}

}  // namespace tracking::job
