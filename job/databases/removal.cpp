#include "job/databases/removal.hpp"

namespace tracking::job {

models::Removal removal_of(reconcile::CleanupMode mode)
{
    switch (mode) {
        case reconcile::CleanupMode::Report:
        case reconcile::CleanupMode::Deactivate:
        case reconcile::CleanupMode::Untag:
            return models::Removal::Tags;
        case reconcile::CleanupMode::Delete:
            return models::Removal::Customers;
    }
    return models::Removal::Customers;
}

}  // namespace tracking::job
