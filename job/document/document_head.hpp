#pragma once

#include "job/document/document.hpp"

#include <string>
#include <vector>

namespace tracking::job {

// What stands at the top of a document.

Tone tone_of(Ending outcome);

/// What an undo could not take back, in words.
std::string what_it_left(Report const& report);

std::string verdict(Report const& report);

std::vector<Field> place(Report const& report);

/// The first numbers that a person looks for.
std::vector<Field> sizes(Report const& report);

std::vector<Field> origin(Report const& report);

std::vector<Notice> notices(Report const& report);

}  // namespace tracking::job
