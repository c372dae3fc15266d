#include "job/notify/notification.hpp"

#include "job/notify/digest.hpp"
#include "job/notify/occasions.hpp"
#include "job/process/terminal.hpp"
#include "job/report/past_run.hpp"
#include "job/telemetry/web_client.hpp"

#include "config/sources/secret_url.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>

namespace tracking::job {

namespace {

/// The report of a run of which only its end is known.
std::optional<Report> report_of(std::optional<models::LastApply> const& last)
{
    if (!last)
        return std::nullopt;
    Report report{.command = "apply"};
    tell(report, {.mode = "apply", .outcome = last->outcome, .counts = last->counts},
         [](auto const&) {});
    return report;
}

/// Sends the request to the URL in the file. @throws WebError
void send(config::Notify const& notify, std::filesystem::path const& file, WebRequest request)
{
    auto [url, objection] = config::read_secret_url(file);
    if (!url)
        throw WebError{objection};
    request.server = std::move(url->server);
    request.path = std::move(url->target);
    request.ca_file = notify.ca_file;
    request.quotes_answer = false;
    ask(request, {.time = notify.timeout, .setting = "notify.timeout"});
}

void post_news(Report const& report, config::Config const& config,
               std::optional<models::LastApply> const& last)
{
    auto const former = report_of(last);
    auto news = news_in(report, former ? &*former : nullptr);
    std::erase_if(news, [&](News const& one) {
        return std::ranges::find(config.notify.on, one.occasion) == config.notify.on.end();
    });
    if (news.empty())
        return;
    boost::json::object const body{{"text", digest_of(report, news, config.environment)}};
    send(config.notify, config.notify.url_file,
         {.method = "POST",
          .content_type = "application/json",
          .body = boost::json::serialize(body)});
}

/// Calls `work`. A failure only leads to a warning.
void attempt(Report& report, std::string_view key, auto const& work)
{
    try {
        work();
    } catch (std::exception const& error) {
        report.warnings.push_back(
            fmt::format("nobody was told how the run went, by {}: {}", key, error.what()));
    }
}

/// Whether runs with this configuration tell anybody.
bool tells(config::Config const& config)
{
    return !config.dry_run && config.tracking_enabled && config.journal_notes_drift;
}

/// A person who is there sees that the command could not begin. Nobody else needs to hear of it:
/// the journal does not remember it either.
bool is_seen_by_a_person(Report const& report)
{
    return !report.run && is_terminal(STDIN_FILENO) && is_terminal(STDOUT_FILENO);
}

}  // namespace

bool wants_last_apply(config::Config const& config)
{
    return tells(config) && !config.notify.url_file.empty() && !config.notify.on.empty();
}

void notify(Report& report, config::Config const& config,
            std::optional<models::LastApply> const& last)
{
    if (report.command != "apply" || report.is_declined || !tells(config) ||
        is_seen_by_a_person(report))
        return;
    if (wants_last_apply(config))
        attempt(report, "notify.url-file", [&] { post_news(report, config, last); });
    if (report.outcome == Ending::Ok && !config.notify.ping_url_file.empty())
        attempt(report, "notify.ping-url-file",
                [&] { send(config.notify, config.notify.ping_url_file, {.method = "GET"}); });
}

}  // namespace tracking::job
