#pragma once

#include "models/pg/database.hpp"
#include "models/schema/schema.hpp"
#include "models/values/blast_radius.hpp"

#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace tracking::models {

/// How the rows of each company were made, as the journal has recorded it: JSON.
using MadeByCompany = std::unordered_map<CompanyId, std::string>;

/// Rows by company, as JSON.
using RowImages = std::unordered_map<CompanyId, std::string>;

/// What a deletion of each of these companies of `owner` would mean, in their order. `own_tags` are
/// the texts of the tags that this job attaches; a mapping of any other tag is a dependent. Where
/// `made` does not have a company, ids and constants have to prove two things: the job has made it,
/// and nobody has touched it since. Runs one statement for each table, however many companies there
/// are. `images` gets the rows that were compared.
std::vector<BlastRadius> blast_radii(Transaction& tx, SchemaProfile const& profile, TenantId owner,
                                     std::span<CompanyId const> companies,
                                     std::span<std::string const> own_tags,
                                     MadeByCompany const& made = {}, RowImages* images = nullptr);

}  // namespace tracking::models
