#pragma once

#include "reconcile/plan/plan.hpp"
#include "reconcile/policy/policy.hpp"
#include "reconcile/reading/state.hpp"

namespace tracking::reconcile {

/// What must change so that every tenant has one customer and no customer outlives its tenant.
/// Pure: no I/O, no clock, no randomness. The order of rows in `state` does not matter.
///
/// | tenant            | company                              | drift                            |
/// | ----------------- | ------------------------------------ | -------------------------------- |
/// | tracked           | none, no candidate                   | missing (+ email_taken/no_admin) |
/// | tracked           | one candidate by name or e-mail      | unstamped, and as if linked      |
/// | tracked           | candidates, not unique both ways     | ambiguous, once for all that     |
/// |                   |                                      | hang together                    |
/// | tracked           | linked, lacks the product's tag      | untagged                         |
/// | tracked           | linked, admin no contact             | contact_missing, or email_taken/ |
/// |                   |                                      | no_admin where it has none       |
/// | tracked           | linked, the job's contact whose user | contact_changed                  |
/// |                   | has another address or name          |                                  |
/// | tracked           | linked, a contact of the job or the  | contact_stale                    |
/// |                   | workflow that no user stands behind  |                                  |
/// | tracked           | linked, other name, or the distinct  | renamed                          |
/// |                   | one while the plain one is free      |                                  |
/// | tracked           | linked, as the job has cleaned it up | returned                         |
/// | tracked           | linked, else inactive, or canceled,  | inactive                         |
/// |                   | or the admin's contact inactive      |                                  |
/// | tracked           | several linked                       | duplicate                        |
/// | none              | linked by UUID, active               | orphaned                         |
/// | none              | loose, active, nobody's candidate    | unlinked                         |
/// | young, suspended, | any                                  | none                             |
/// | excluded, other   |                                      |                                  |
/// | tracked           | linked by UUID, says "ignore"        | none: left alone, and named      |
/// | tracked           | the link cannot be read, and         | invalid                          |
/// |                   | mentions it, or else matches         | (once for all that hang together)|
/// | any               | not linked by UUID, says "ignore"    | none: nobody's candidate         |
///
/// Where there is no room for all items of a kind, further ones are only counted, and their ties
/// are not complete.
Plan diff(State state, Policy const& policy, Room room = kRoomForAll);

}  // namespace tracking::reconcile
