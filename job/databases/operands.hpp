#pragma once

#include "job/databases/databases.hpp"
#include "job/report/failure.hpp"
#include "models/crm/company_model.hpp"
#include "models/reading/tenant_reader.hpp"
#include "reconcile/match/match.hpp"

#include <string>
#include <vector>

namespace tracking::job {

/// What an operator wrote names no tenant or company, or several. The message lists the ids of
/// several.
class NotIdentified : public EndingError
{
public:
    explicit NotIdentified(std::string const& message) : EndingError{Ending::Data, message} {}
};

/// The tenant and the company that an operator has named, each by id or by its exact name.
struct Operands
{
    models::NamedTenant tenant;
    models::CompanyRow company;
};

/// @throws NotIdentified
Operands find_operands(Databases& databases, std::string const& tenant, std::string const& company);

/// The company that an operator has named by id or by its exact name. @throws NotIdentified
models::CompanyRow find_company(Databases& databases, std::string const& company);

/// Why the company cannot become the tenant's customer. A second line of a reason is the command
/// or statement that would change that.
std::vector<std::string> objections_to_link(Databases& databases, Operands const& operands);

/// Objections from the match: the company belongs to another tenant, or the tenant has another
/// company, though no link says so yet.
std::vector<std::string> objections_to_match(reconcile::Matching const& matching,
                                             Operands const& operands);

}  // namespace tracking::job
