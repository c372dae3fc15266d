#pragma once

#include "reconcile/policy/drift.hpp"
#include "reconcile/policy/policy.hpp"
#include "reconcile/reading/state.hpp"

#include <string>
#include <vector>

namespace tracking::reconcile {

/// The drift and the changes that would remove it.
struct Plan
{
    Counts counts;
    std::vector<Drift> drift;          ///< by kind, tenant id, company id
    std::vector<Drift> left_alone;     ///< tenants in scope whose customer says "ignore", by id
    std::vector<std::string> remarks;  ///< sentences: lapsed waivers, tags of former products, ...
    Remainder remainder;               ///< what it was made of; empty where it was not read

    /// Whether there is anything that the job would do.
    bool has_due_changes() const;
};

/// What must change so that every tenant has one customer and no customer outlives its tenant.
/// Pure: no I/O, no clock, no randomness. The order of rows in `state` does not matter.
///
/// | tenant            | company                              | drift                            |
/// | ----------------- | ------------------------------------ | -------------------------------- |
/// | tracked           | none, no candidate                   | missing (+ email_taken/no_admin) |
/// | tracked           | one candidate by name or e-mail      | unstamped, and as if linked      |
/// | tracked           | candidates, not unique both ways     | ambiguous                        |
/// | tracked           | linked, lacks the product's tag      | untagged                         |
/// | tracked           | linked, admin no contact             | contact_missing, or email_taken/ |
/// |                   |                                      | no_admin where it has none       |
/// | tracked           | linked, other name                   | renamed                          |
/// | tracked           | linked, inactive                     | inactive                         |
/// | tracked           | several linked                       | duplicate                        |
/// | none              | linked by UUID, active               | orphaned                         |
/// | none              | loose, active, nobody's candidate    | unlinked                         |
/// | young, suspended, | any                                  | none                             |
/// | excluded, other   |                                      |                                  |
/// | tracked           | linked by UUID, says "ignore"        | none: left alone, and named      |
/// | tracked           | the link cannot be read, and         | invalid                          |
/// |                   | mentions it, or else matches         |                                  |
/// | any               | not linked by UUID, says "ignore"    | none: nobody's candidate         |
Plan diff(State state, Policy const& policy);

}  // namespace tracking::reconcile
