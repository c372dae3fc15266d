#include "job/process/ending.hpp"

namespace tracking::job {

std::string_view name_of(Ending outcome)
{
    switch (outcome) {
        case Ending::Ok:
            return "ok";
        case Ending::Failed:
            return "failed";
        case Ending::Drift:
            return "drift";
        case Ending::Refused:
            return "refused";
        case Ending::Partial:
            return "partial";
        case Ending::Stale:
            return "stale";
        case Ending::Interrupted:
            return "interrupted";
        case Ending::Usage:
            return "usage";
        case Ending::Data:
            return "data";
        case Ending::Unavailable:
            return "unavailable";
        case Ending::Busy:
            return "busy";
        case Ending::Denied:
            return "denied";
        case Ending::Config:
            return "config";
    }
    return "failed";
}

}  // namespace tracking::job
