// The management tenant, as the journal and the tables have it.

#include "job/databases/identity.hpp"
#include "job/databases/rights.hpp"
#include "job/doctor/checks.hpp"

#include "models/journal/journal_model.hpp"
#include "models/reading/tenant_reader.hpp"
#include "models/rules/text.hpp"
#include "models/schema/citus.hpp"
#include "models/schema/inspection.hpp"
#include "models/values/errors.hpp"
#include "reconcile/policy/drift.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

namespace tracking::job {

namespace {

void examine_distribution(Checkup& checkup, models::Transaction& tx)
{
    auto const tables = models::undistributed_journal(tx);
    if (!tables.empty())
        checkup.warn("journal on Citus",
                     fmt::format("not distributed: {}: a change and its receipt are on two "
                                 "servers, and may not be committed as one",
                                 fmt::join(tables, ", ")),
                     "run `customer-reconcile init` as the journal's owner, which distributes "
                     "them");
}

void examine_runs(Checkup& checkup, config::Config const& config, models::Transaction& tx,
                  models::TenantId tenant)
{
    models::JournalModel const journal{tenant, config.lease_time};
    if (auto const usual = journal.precedents(tx).usual)
        checkup.pass(
            "source guard",
            fmt::format("armed by {} complete readings: below {:.0f} of {} tenants (median) "
                        "nothing is done",
                        usual->readings,
                        std::ceil(config.guard.tenants * static_cast<double>(usual->median)),
                        usual->median));
    else
        checkup.warn("source guard", "not armed: no run has read all tenants yet",
                     "the first apply arms it, whatever becomes of its changes");
    auto const holder = journal.lease_holder(tx);
    if (!holder)
        checkup.pass("lease", "free");
    else if (holder->is_credible)
        checkup.pass("lease", holder->text());
    else
        checkup.warn("lease", holder->text(), "the next run takes it over");
}

/// And whether it knows the same management tenant, since that is what is written to.
void examine_journal(Checkup& checkup, config::Config const& config, models::Transaction& tx,
                     models::SchemaProfile const& profile, models::NamedTenant const& tenant)
{
    auto const version = models::JournalModel::installed_version(tx);
    auto const mismatch = models::JournalModel::mismatch_of(version);
    auto const pin = mismatch ? std::nullopt : models::pin_of(tx);
    if (pin)
        require_pinned(tenant, *pin);
    auto const shown = fmt::format("\"{}\" ({})", models::printable(tenant.name), tenant.id.str());
    auto const holder = pin && pin->instead_of
                            ? std::nullopt
                            : other_holder_of_customers(tx, profile, tenant, config);
    if (holder)
        checkup.fail("management tenant", shown, doubt_about(tenant, *holder), Ending::Refused);
    else
        checkup.pass("management tenant", shown + (pin ? ", as the journal knows it" : ""));
    if (mismatch)
        checkup.fail("journal", mismatch->finding, mismatch->remedy + "; plan works without it",
                     Ending::Data);
    else if (!pin)
        checkup.fail("journal", fmt::format("version {}, and knows no management tenant", version),
                     "run `customer-reconcile init`, which shows and pins it", Ending::Data);
    else
        checkup.pass("journal", fmt::format("version {}", version));
    if (!mismatch) {
        examine_distribution(checkup, tx);
        examine_runs(checkup, config, tx, tenant.id);
    }
}

void examine_contacts(Checkup& checkup, models::Transaction& tx,
                      models::SchemaProfile const& profile, models::TenantId tenant)
{
    auto const version = models::JournalModel::installed_version(tx);
    auto const count = models::untyped_contacts(tx, profile, tenant,
                                                models::JournalModel::mismatch_of(version)
                                                    ? models::Evidence::Ids
                                                    : models::Evidence::IdsOrJournal)
                           .size();
    if (count > 0)
        checkup.warn(
            "contacts",
            fmt::format("{} that this job made have no type of e-mail address: the platform's "
                        "form refuses to save them",
                        count),
            "the next apply gives them the one that the platform gives");
}

void examine_tags(Checkup& checkup, config::Config const& config, models::Transaction& tx,
                  models::SchemaProfile const& profile, models::TenantId tenant)
{
    auto const tags = config.policy.customer_tags();
    if (auto const count = models::count_tagged_as_of_old(tx, profile, tenant, tags); count > 0)
        checkup.warn("tags of old", reconcile::about_tags_of_old(count),
                     "the next apply tags them anew, as drift of kind `untagged`");
    for (auto const& tag : tags) {
        auto const count = models::count_definitions(tx, profile, tenant, tag);
        if (count > 1)
            checkup.warn("tag", fmt::format("\"{}\" is defined {} times", tag, count),
                         "harmless to the job; merge the definitions");
        else
            checkup.pass("tag", fmt::format("\"{}\"{}", tag,
                                            count == 0 ? " will be made by the first apply"
                                                       : " is defined"));
    }
}

}  // namespace

void examine_management(Checkup& checkup, config::Config const& config, models::Transaction& tx,
                        models::SchemaProfile const& profile)
{
    try {
        auto const tenant = configured_tenant(tx, profile, config);
        examine_journal(checkup, config, tx, profile, tenant);
        examine_tags(checkup, config, tx, profile, tenant.id);
        examine_contacts(checkup, tx, profile, tenant.id);
    } catch (AccessDenied const& error) {
        checkup.fail("management tenant", error.what(), "see row security above", Ending::Denied);
    } catch (models::ManagementTenantUnknown const& error) {
        checkup.fail("management tenant", error.what(), "see `customer-reconcile config show`",
                     Ending::Data);
    }
    examine_indexes(checkup, tx, profile);
}

}  // namespace tracking::job
