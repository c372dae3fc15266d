#include "job/report/failure.hpp"
#include "job/process/shown_text.hpp"

#include "job/process/interruption.hpp"

#include "config/notation/problems.hpp"
#include "models/values/errors.hpp"
#include "reconcile/plan/plan_file.hpp"

#include <fmt/format.h>

namespace tracking::job {

Failure failure_of(std::exception_ptr const& thrown)
{
    try {
        std::rethrow_exception(thrown);
    } catch (EndingError const& error) {
        return {error.ending(), error.what(), error.words()};
    } catch (config::UsageError const& error) {
        return {Ending::Usage, error.what()};
    } catch (config::ConfigError const& error) {
        return {Ending::Config, error.what()};
    } catch (models::SchemaMismatch const& error) {
        return {Ending::Data, error.what()};
    } catch (models::ManagementTenantUnknown const& error) {
        return {Ending::Data, error.what()};
    } catch (reconcile::PlanFileError const& error) {
        return {Ending::Data, error.what(),
                EndingWords{"this plan file cannot be used", "Make a new plan, and look at it",
                            "customer-reconcile plan --out plan.json"}};
    } catch (Interrupted const& error) {
        return {Ending::Interrupted, error.what()};
    } catch (models::LeaseHeld const& error) {
        return {Ending::Busy, error.what()};
    } catch (models::LeaseLost const& error) {
        return {Ending::Busy, error.what()};
    } catch (models::ConnectionLost const& error) {
        return {Ending::Unavailable, sentence(error.what())};
    } catch (models::LoginRefused const& error) {
        return {Ending::Denied, sentence(error.what())};
    } catch (models::ConnectionMisconfigured const& error) {
        return {Ending::Config, sentence(error.what())};
    } catch (models::StatementFailed const& error) {
        return {error.is_permission_denied() ? Ending::Denied : Ending::Failed,
                fmt::format("{} (SQLSTATE {})", sentence(error.what()), error.sqlstate())};
    } catch (std::exception const& error) {
        return {Ending::Failed, error.what()};
    }
}

}  // namespace tracking::job
