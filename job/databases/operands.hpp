#pragma once

#include "job/databases/databases.hpp"
#include "job/report/failure.hpp"
#include "models/crm/company_model.hpp"
#include "models/reading/tenant_reader.hpp"
#include "reconcile/match/match.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tracking::job {

/// What an operator wrote names no tenant or company, or several. The message lists the ids of
/// several.
class NotIdentified : public EndingError
{
public:
    explicit NotIdentified(std::string const& message)
        : EndingError{Ending::Data, message,
                      EndingWords{"what was named is not known, or not unique",
                                  "See which tenants and companies there are",
                                  "customer-reconcile explain NAME"}}
    {}
};

/// The tenant and the company that an operator has named.
struct Operands
{
    models::NamedTenant tenant;
    models::CompanyRow company;
};

/// Whether a tenant has this id or exactly this name.
bool has_tenant(Databases& databases, std::string const& text);

/// What the text may stand for, where it is neither an id nor an exact name: the id of the only one
/// that it fits, or nothing; `others` gets all that it fits, as `"Acme" (id)`.
std::optional<std::string> meant_tenant(Databases& databases, std::string const& text,
                                        std::vector<std::string>& others);
std::optional<std::string> meant_company(Databases& databases, std::string const& text,
                                         std::vector<std::string>& others);

/// Each by id, by the first 8 of it, by the exact name, or by a part of a name that fits one only.
/// @throws NotIdentified
Operands find_operands(Databases& databases, std::string const& tenant, std::string const& company);

/// The company that an operator has named, as find_operands() takes it. @throws NotIdentified
models::CompanyRow find_company(Databases& databases, std::string const& company);

/// The tenant that the company's link names, where it exists and is not the management tenant.
std::optional<models::NamedTenant> linked_tenant(Databases& databases,
                                                 models::CompanyRow const& company);

/// Why the company cannot become the tenant's customer. A second line of a reason is the command
/// or statement that would change that.
std::vector<std::string> objections_to_link(Databases& databases, Operands const& operands);

/// Objections from the match: the company belongs to another tenant, or the tenant has another
/// company, though no link says so yet.
std::vector<std::string> objections_to_match(reconcile::Matching const& matching,
                                             Operands const& operands);

}  // namespace tracking::job
