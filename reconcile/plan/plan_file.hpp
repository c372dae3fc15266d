#pragma once

#include "reconcile/plan/plan.hpp"

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::reconcile {

/// Which databases and which management tenant a plan was made for. It is valid for these only.
struct PlanIdentity
{
    std::string database;  ///< of the management side: name and oid
    std::string source;    ///< of the tenants' side, likewise
    std::string generation;
    models::TenantId management_tenant;
    friend bool operator==(PlanIdentity const&, PlanIdentity const&) = default;
};

/// The part of a plan that a person has selected: tenants and companies, each by id or by its whole
/// name. What is empty selects all.
struct Selection
{
    std::vector<std::string> only;
    std::vector<std::string> except;

    bool is_empty() const { return only.empty() && except.empty(); }
    friend bool operator==(Selection const&, Selection const&) = default;
};

/// A plan that a person may look at, keep, and have applied exactly.
struct SavedPlan
{
    PlanIdentity identity;
    std::string server_time;  ///< RFC 3339, UTC
    /// The settings that it was made with, by key, as JSON texts. Applying it uses them again.
    std::map<std::string, std::string> options;
    Selection selection;  ///< with which it was made
    std::string digest;   ///< of all other members; the functions below set it
    /// The due changes, each with the drift that it removes. Those that the selection leaves out
    /// are there too, since the guards count them.
    std::vector<Drift> drift;
    std::vector<std::string> witnesses;  ///< models::witnesses_of() of each, when it was planned
};

/// write_plan_file() did not make this file, or it was damaged since. The message names the place.
class PlanFileError : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

/// The plan as JSON, one change a line, each with its digest. A witness records every row that the
/// change depends on, and which rows must not exist, so that the change can be checked again.
std::string write_plan_file(SavedPlan const& plan);

/// @throws PlanFileError, with the place, for text that is truncated, edited or of another version
SavedPlan read_plan_file(std::string_view text);

}  // namespace tracking::reconcile
