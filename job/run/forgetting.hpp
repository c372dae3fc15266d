#pragma once

#include "job/databases/connections.hpp"
#include "job/run/run.hpp"
#include "models/journal/journal_erasure.hpp"

namespace tracking::job {

/// What the journal holds of a person, of all management tenants that it knows. Notes in `person`
/// the names that stand beside the address.
models::ErasedRows find_person(Connections& connections, models::Erasure& person);

/// Takes the person out of the journal, in short transactions of the run. What find_person() then
/// returns is what was taken out, as no other run writes.
models::ErasedRows forget_person(Run& run, Connections& connections, models::Erasure& person);

}  // namespace tracking::job
