#include "job/report/failure.hpp"
#include "job/process/retrier.hpp"
#include "job/process/shown_text.hpp"

#include "job/process/interruption.hpp"

#include "config/notation/problems.hpp"
#include "models/values/errors.hpp"
#include "reconcile/plan/plan_file.hpp"

#include <fmt/format.h>

namespace tracking::job {

namespace {

/// Of a parameter. What the database holds is in UTF-8.
constexpr std::string_view kNoUtf8 = "22021";

}  // namespace

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
        auto message = fmt::format("{} (SQLSTATE {})", sentence(error.what()), error.sqlstate());
        if (error.sqlstate() == kNoUtf8)
            return {Ending::Usage,
                    "a text is not in UTF-8: write what is on the command line and in the "
                    "environment in UTF-8; where it is, a row of the database holds the bytes: " +
                        message};
        if (is_likely_to_pass(error))
            return {Ending::Unavailable, std::move(message),
                    EndingWords{"the server did not get to it, however often it was tried",
                                "See who holds it up, and give the command again",
                                "customer-reconcile doctor"}};
        if (error.is_permission_denied())
            return {
                Ending::Denied, std::move(message),
                EndingWords{"a right is missing",
                            "Give the roles their grants again, as the owner: they may be older "
                            "than a table of the journal",
                            "customer-reconcile init --print"}};
        return {Ending::Failed, std::move(message)};
    } catch (std::exception const& error) {
        return {Ending::Failed, error.what()};
    }
}

}  // namespace tracking::job
