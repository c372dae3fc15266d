#pragma once

#include "config/settings/config.hpp"
#include "models/rules/id.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tracking::job {

enum class Severity
{
    Info,
    Warning,
    Error
};

/// An event for the log. Messages and fields hold ids, never the names of tenants or people.
struct Event
{
    using Field = std::pair<std::string_view, std::variant<std::string, std::int64_t, double>>;

    Severity severity = Severity::Info;
    std::string_view name;  ///< start, phase, change, warning, error or summary
    std::string message;
    std::vector<Field> fields{};
};

/// What every log line of one process holds.
struct Identity
{
    std::string service = "customer-reconcile";
    std::string run;       ///< of an apply that writes, a link or an undo; empty before it begins
    std::string trace_id;  ///< this and `span_id` are empty without tracing
    std::string span_id;
};

/// From OTEL_SERVICE_NAME and TRACEPARENT (W3C Trace Context). An invalid TRACEPARENT is ignored.
Identity identity_from(std::map<std::string, std::string> const& environment);

/// A JSON object on one line. Addresses in the message are masked.
std::string json_line(Event const& event, Identity const& identity,
                      std::chrono::system_clock::time_point time);

/// `customer-reconcile: MESSAGE key=value`, for people. Addresses in the message are masked.
std::string text_line(Event const& event);

// The log of this process goes to standard error. Before set_up_log() it is text.

void set_up_log(config::Log const& log, Identity identity);
void log_belongs_to(models::RunId run);

/// Whether routine events (start, phase, change, summary) are logged. In JSON they always are. In
/// text, which people read beside the report, they are only where log.level asks for it.
bool logs_routine();

/// Writes one line, if the event is severe enough.
void log_event(Event const& event);
/// Writes one line, if routine events are logged.
void log_routine(Event const& event);
void log_error(std::string const& message);
void log_warning(std::string const& message);
void log_phase(std::string const& name, std::chrono::duration<double> took);

}  // namespace tracking::job
