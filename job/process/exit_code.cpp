#include "job/process/exit_code.hpp"

namespace tracking::job {

std::string_view name_of(Outcome outcome)
{
    switch (outcome) {
        case Outcome::Ok:
            return "ok";
        case Outcome::Failed:
            return "failed";
        case Outcome::Drift:
            return "drift";
        case Outcome::Refused:
            return "refused";
        case Outcome::Partial:
            return "partial";
        case Outcome::Stale:
            return "stale";
        case Outcome::Interrupted:
            return "interrupted";
        case Outcome::Usage:
            return "usage";
        case Outcome::Data:
            return "data";
        case Outcome::Unavailable:
            return "unavailable";
        case Outcome::Busy:
            return "busy";
        case Outcome::Denied:
            return "denied";
        case Outcome::Config:
            return "config";
    }
    return "failed";
}

}  // namespace tracking::job
