#pragma once

#include "job/report/report.hpp"

#include <cstddef>
#include <string>

namespace tracking::job {

/// @pre the report has a plan
Overview overview_of(Report const& report);

/// How many changes nothing holds back.
std::size_t due_in(Overview const& overview);

/// `3 to create, 41 to change, 8 to clean up`
std::string to_do_text(Overview const& overview);

/// `3 created, 40 of 41 changed, 8 cleaned up`
std::string done_text(Overview const& overview);

/// `293 to create` as to_do_text(), but of what a guard holds back, and without zeros; empty: none.
std::string guarded_text(Overview const& overview);

/// How many changes the selection leaves out that would be due otherwise.
std::size_t left_out_by_selection(Report const& report);

/// `only "Acme", "Globex": 40 changes are not selected`; empty where there is no selection.
std::string selection_text(Report const& report);

/// Whether a person can select from the items what is to be applied. A plan file is done with once
/// its apply has begun.
bool can_select(Report const& report);

/// ` --only=Acme --only='Acme Two'`, as a shell reads it.
std::string selection_flags(reconcile::Selection const& selection);

/// Not of a saved plan, which holds changes only, nor of a reading in doubt.
bool knows_what_waits(Report const& report);

/// `5 items wait for a decision`
std::string waiting_text(Overview const& overview);

/// Whether the command reads the whole of both sides to find what is to be done.
bool compares_both_sides(Report const& report);

/// `since the last run: 3 new, 41 gone, 8 as before`, or why that is not known. Empty for a command
/// that does not compare the whole of both sides.
std::string since_text(Report const& report);

/// Where the changes are made: the database and the management tenant.
std::string place_of(Report const& report);

}  // namespace tracking::job
