#pragma once

#include "reconcile/plan/plan.hpp"

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::reconcile {

/// Which world a plan was made for; a plan file is good for this one only.
struct PlanIdentity
{
    std::string database;  ///< of the management side: name and oid
    std::string source;    ///< of the tenants' side, likewise
    std::string generation;
    models::TenantId management_tenant;
    friend bool operator==(PlanIdentity const&, PlanIdentity const&) = default;
};

/// A plan that a person may look at, keep, and have applied exactly.
struct SavedPlan
{
    PlanIdentity identity;
    std::string server_time;  ///< RFC 3339, UTC
    /// The settings that it was made with, by key, as JSON texts: applying it takes them again.
    std::map<std::string, std::string> options;
    std::string digest;        ///< of everything above and below; set by the functions here
    std::vector<Drift> drift;  ///< the due changes, each with the drift that it removes
    std::vector<std::string> witnesses;  ///< of each, models::witnesses_of() as it was seen
};

/// The file is not one that write_plan_file() made, or is not whole any more. The message names the
/// place.
class PlanFileError : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

/// JSON, one change a line, each with its digest, and with a witness of every row that it depends
/// on and of those that must not be there, so that it can be checked again.
std::string write_plan_file(SavedPlan const& plan);

/// @throws PlanFileError for text that is truncated, edited or of another version, with the place
SavedPlan read_plan_file(std::string_view text);

}  // namespace tracking::reconcile
