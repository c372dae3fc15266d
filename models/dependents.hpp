#pragma once

#include "models/blast_radius.hpp"
#include "models/database.hpp"
#include "models/schema.hpp"

#include <span>
#include <string>
#include <vector>

namespace tracking::models {

/// What deleting these companies of `owner` would mean, in their order. `own_tags` are the texts of
/// the tags that this job attaches; a mapping of any other is a dependent. One statement a table,
/// however many companies there are.
std::vector<BlastRadius> blast_radii(Transaction& tx, SchemaProfile profile, TenantId owner,
                                     std::span<CompanyId const> companies,
                                     std::span<std::string const> own_tags);

}  // namespace tracking::models
