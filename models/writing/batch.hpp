#pragma once

#include "models/crm/billing_profile_model.hpp"
#include "models/crm/company_model.hpp"
#include "models/crm/contact_model.hpp"
#include "models/crm/customer_removal.hpp"
#include "models/crm/tag_model.hpp"
#include "models/values/change.hpp"
#include "models/values/change_sink.hpp"
#include "models/values/people.hpp"

#include <future>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

namespace tracking::models {

/// The models that a batch is written with.
struct Models
{
    Models(SchemaProfile const& profile, TenantId owner)
        : companies{profile, owner},
          contacts{profile, owner},
          profiles{profile, owner},
          tags{profile, owner},
          removal{profile, owner}
    {}

    CompanyModel companies;
    ContactModel contacts;
    BillingProfileModel profiles;
    TagModel tags;
    CustomerRemoval removal;
};

/// The result of one change of a batch. The images are JSON objects, or empty.
struct Written
{
    Receipt receipt;
    std::string before;
    std::string after;
    std::vector<WrittenContact> contacts;  ///< that were made or changed, as the journal keeps them
    std::vector<ContactId> gone;           ///< contacts that were deleted
};

/// The tenants that the changes name and that exist. The management tenant is left out, since it is
/// never its own customer. `tx` and `profile` are those of the tenants' side.
/// get() waits.
std::future<std::unordered_set<TenantId>> ask_for_living_tenants(Transaction& tx,
                                                                 SchemaProfile const& profile,
                                                                 std::span<Change const> batch,
                                                                 TenantId management);

/// The same where the tenants have a database of their own: asks there, and waits.
std::future<std::unordered_set<TenantId>> living_tenants_in(Database& source,
                                                            Timeouts const& timeouts,
                                                            SchemaProfile const& profile,
                                                            std::span<Change const> batch,
                                                            TenantId management);

/// ChangeSink::sizes() for a batch of one kind. Asks the server where the changes are about
/// companies that exist.
std::vector<std::size_t> sizes_of(Transaction& tx, Models const& models,
                                  std::span<Change const> batch);

/// Checks the premise of each change again, and writes the changes whose premise holds, in the
/// caller's transaction. All changes are of one kind; `living` gives those of their tenants that
/// exist, and is waited for before anything is locked or written. The result is in the order of the
/// batch.
/// @throws StatementFailed, ConnectionLost, RuleViolation: the transaction is then of no more use
std::vector<Written> write_batch(Transaction& tx, Models const& models,
                                 std::span<Change const> batch,
                                 std::future<std::unordered_set<TenantId>> living);

}  // namespace tracking::models
