#include "job/process/log.hpp"

#include "job/process/shown_text.hpp"
#include "job/process/write_all.hpp"

#include "models/rules/text.hpp"
#include "models/rules/utc.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace tracking::job {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kPatience = 30s;

struct LogOfProcess
{
    bool is_json = false;
    bool has_routine = false;
    Severity least = Severity::Warning;
    Identity identity;
};

LogOfProcess& here()
{
    static LogOfProcess state;
    return state;
}

std::string_view name_of(Severity severity)
{
    switch (severity) {
        case Severity::Info:
            return "INFO";
        case Severity::Warning:
            return "WARNING";
        case Severity::Error:
            return "ERROR";
    }
    return "ERROR";
}

Severity least_of(config::Log const& log)
{
    switch (log.level) {
        case config::LogLevel::Auto:
            return log.format == config::Format::Json ? Severity::Info : Severity::Warning;
        case config::LogLevel::Info:
            return Severity::Info;
        case config::LogLevel::Warning:
            return Severity::Warning;
        case config::LogLevel::Error:
            return Severity::Error;
    }
    return Severity::Info;
}

bool is_hex(std::string_view text, std::size_t length)
{
    return text.size() == length && std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

bool is_zero(std::string_view hex)
{
    return hex.find_first_not_of('0') == hex.npos;
}

/// Reads version-traceid-parentid-flags. Later versions may add more after another '-'.
void read_traceparent(std::string_view text, Identity& identity)
{
    if (text.size() < 55 || text[2] != '-' || text[35] != '-' || text[52] != '-')
        return;
    auto const version = text.substr(0, 2);
    auto const trace = text.substr(3, 32);
    auto const parent = text.substr(36, 16);
    bool const ends_well = text.size() == 55 || (version != "00" && text[55] == '-');
    if (!ends_well || !is_hex(version, 2) || version == "ff" || !is_hex(trace, 32) ||
        is_zero(trace) || !is_hex(parent, 16) || is_zero(parent) || !is_hex(text.substr(53, 2), 2))
        return;
    identity.trace_id = trace;
    identity.span_id = parent;
}

json::value value_of(Event::Field const& field)
{
    return std::visit(
        [](auto const& value) -> json::value {
            if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string>)
                return text(value);
            else
                return value;
        },
        field.second);
}

/// The lines of a message, made printable: it may name a file or a key of any bytes.
std::string printable_lines(std::string_view message)
{
    constexpr auto kWhole = std::string_view::npos;
    auto const end = std::min(message.find('\n'), message.size());
    auto const first = models::printable(message.substr(0, end), kWhole);
    return end == message.size() ? first : first + '\n' + printable_lines(message.substr(end + 1));
}

void write_line(std::string line)
{
    line += '\n';
    // In one piece, so that lines of several processes do not mix. A failure is ignored: there is
    // no other place to report it. A reader that takes nothing any more is waited for only once.
    static auto patience = kPatience;
    if (write_all(STDERR_FILENO, line, patience) == ETIMEDOUT)
        patience = 0ms;
}

}  // namespace

Identity identity_from(std::map<std::string, std::string> const& environment)
{
    Identity identity;
    auto const value_of_variable = [&](char const* name) {
        auto const found = environment.find(name);
        return found == environment.end() ? std::string{} : found->second;
    };
    if (auto service = value_of_variable("OTEL_SERVICE_NAME"); !service.empty())
        identity.service = std::move(service);
    read_traceparent(value_of_variable("TRACEPARENT"), identity);
    return identity;
}

std::string json_line(Event const& event, Identity const& identity,
                      std::chrono::system_clock::time_point time)
{
    json::object line{
        {"timestamp", models::utc_stamp(std::chrono::floor<std::chrono::milliseconds>(time))},
        {"severity", name_of(event.severity)},
        {"message", text(mask_addresses(event.message))},
        {"service", text(identity.service)},
        {"event", event.name}};
    if (!identity.run.empty())
        line["run_id"] = identity.run;
    if (!identity.trace_id.empty()) {
        line["trace_id"] = identity.trace_id;
        line["span_id"] = identity.span_id;
    }
    for (auto const& field : event.fields)
        line[field.first] = value_of(field);
    return json::serialize(line);
}

std::string text_line(Event const& event)
{
    auto line = fmt::format("customer-reconcile: {}{}",
                            event.severity == Severity::Warning ? "warning: " : "",
                            printable_lines(mask_addresses(event.message)));
    for (auto const& field : event.fields) {
        auto const value = value_of(field);
        line += fmt::format(" {}={}", field.first,
                            std::holds_alternative<double>(field.second)
                                ? fmt::format("{:.3f}", std::get<double>(field.second))
                                : json::serialize(value));
    }
    return line;
}

void set_up_log(config::Log const& log, Identity identity)
{
    here() = {
        .is_json = log.format == config::Format::Json,
        .has_routine = log.format == config::Format::Json || log.level != config::LogLevel::Auto,
        .least = least_of(log),
        .identity = std::move(identity)};
}

void log_belongs_to(models::RunId run)
{
    here().identity.run = run.str();
}

bool logs_routine()
{
    return here().has_routine;
}

void log_event(Event const& event)
{
    auto const& state = here();
    if (event.severity < state.least)
        return;
    write_line(state.is_json ? json_line(event, state.identity, std::chrono::system_clock::now())
                             : text_line(event));
}

void log_routine(Event const& event)
{
    if (logs_routine())
        log_event(event);
}

void log_error(std::string const& message)
{
    log_event({.severity = Severity::Error, .name = "error", .message = message});
}

void log_warning(std::string const& message)
{
    log_event({.severity = Severity::Warning, .name = "warning", .message = message});
}

void log_phase(std::string const& name, std::chrono::duration<double> took)
{
    log_routine({.name = "phase",
                 .message = fmt::format("{} ended after {:.3f} s", name, took.count()),
                 .fields = {{"phase", name}, {"duration_seconds", took.count()}}});
}

}  // namespace tracking::job
