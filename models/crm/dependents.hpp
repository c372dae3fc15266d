#pragma once

#include "models/values/blast_radius.hpp"
#include "models/pg/database.hpp"
#include "models/schema/schema.hpp"

#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace tracking::models {

/// How rows of a company were made, as the journal has it: JSON.
using MadeByCompany = std::unordered_map<CompanyId, std::string>;

/// What deleting these companies of `owner` would mean, in their order. `own_tags` are the texts of
/// the tags that this job attaches; a mapping of any other is a dependent. For a company that
/// `made` does not have, ids and constants are to prove that the job has made it, and that nobody
/// has touched it since. One statement a table, however many companies there are.
std::vector<BlastRadius> blast_radii(Transaction& tx, SchemaProfile profile, TenantId owner,
                                     std::span<CompanyId const> companies,
                                     std::span<std::string const> own_tags,
                                     MadeByCompany const& made = {});

}  // namespace tracking::models
