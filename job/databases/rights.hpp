#pragma once

#include "job/databases/databases.hpp"
#include "job/report/failure.hpp"

#include <string>
#include <vector>

namespace tracking::job {

/// The role lacks grants. The message holds the GRANT statements.
class AccessDenied : public EndingError
{
public:
    explicit AccessDenied(std::string const& message) : EndingError{Ending::Denied, message} {}
};

/// What a clean-up of this mode removes.
models::Removal removal_of(reconcile::CleanupMode mode);

/// `missing` holds the statements that would grant what the role lacks.
/// @throws AccessDenied where there are any
void require_none(std::vector<std::string> const& missing, std::string const& database);

/// Checks rights that are needed beyond those of the role that the databases were opened for.
/// @throws AccessDenied
void require_rights(Databases& databases, models::Role role, models::Removal removal);

}  // namespace tracking::job
