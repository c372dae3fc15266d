#pragma once

#include <array>
#include <string>
#include <string_view>

namespace tracking::job {

/// How a command ended: the exit code of the process, and the `outcome` of the report. A row of
/// kEndings says what each means.
enum class Ending
{
    Ok = 0,
    Failed = 1,
    Drift = 2,
    Refused = 3,
    Partial = 4,
    Stale = 5,
    Interrupted = 6,
    Usage = 64,
    Data = 65,
    Unavailable = 69,
    Busy = 75,
    Denied = 77,
    Config = 78,
};

struct EndingRow
{
    Ending ending;
    std::string_view name;     ///< the report's `outcome`
    std::string_view meaning;  ///< a few words for the head of a report; empty for Ok
    std::string_view help;     ///< for --help and the reference
};

inline constexpr std::array kEndings{
    EndingRow{Ending::Ok, "ok", "", "done, or nothing to do"},
    EndingRow{Ending::Failed, "failed", "it could not do its work",
              "every change failed, or something went wrong that no other code names"},
    EndingRow{Ending::Drift, "drift", "there is drift", "`plan --detailed-exitcode` found drift"},
    EndingRow{Ending::Refused, "refused", "a guard held something back",
              "a guard held something back; `plan` says so too"},
    EndingRow{Ending::Partial, "partial", "some changes failed, the others did not",
              "some changes failed and all others were applied; an undo: some were kept"},
    EndingRow{Ending::Stale, "stale", "nothing of what was planned is valid any more",
              "nothing of the plan file is valid any more"},
    EndingRow{Ending::Interrupted, "interrupted", "ended early by a signal or the deadline",
              "a signal, or the deadline"},
    EndingRow{Ending::Usage, "usage", "the command line is wrong", "the command line is wrong"},
    EndingRow{Ending::Data, "data", "the database is not as expected",
              "the management tenant is missing, ambiguous or not the pinned one; the schema is "
              "unknown; there is no journal; a plan file or a run cannot be used"},
    EndingRow{Ending::Unavailable, "unavailable", "no connection",
              "no connection, or a server that does not answer or has no room; or what it does "
              "times out each time, mostly on a lock"},
    EndingRow{Ending::Busy, "busy", "another run is at work",
              "another run holds the lease: the message names it"},
    EndingRow{
        Ending::Denied, "denied", "the role is refused, or lacks a grant",
        "the login is refused, or grants are missing: the message holds the GRANT statements"},
    EndingRow{
        Ending::Config, "config", "the configuration is wrong",
        "the configuration is wrong: every problem with its place; or the login cannot work as it "
        "is: no such database, a refused setting (`options`, `PGOPTIONS`), a certificate"},
};

std::string_view name_of(Ending outcome);

/// What this ending means; empty for Ok.
std::string_view meaning_of(Ending outcome);

/// What an ending means and what a person can do about it, where the code alone says too little.
struct EndingWords
{
    std::string meaning;
    std::string remedy;
    std::string command;  ///< that does it

    bool operator==(EndingWords const&) const = default;
};

}  // namespace tracking::job
