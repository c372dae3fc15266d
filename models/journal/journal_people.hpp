#pragma once

#include "models/pg/database.hpp"
#include "models/values/past_clean_up.hpp"
#include "models/values/people.hpp"

#include <span>
#include <vector>

namespace tracking::models {

/// What the journal remembers about customers and their contacts, so that a later run can follow
/// them. See JournalModel for what the tables have in common.
class JournalPeople
{
public:
    explicit JournalPeople(TenantId owner) : owner_{owner} {}

    /// Remembers what was written to contacts, in place of what was remembered of them before.
    void remember(Transaction& tx, std::span<WrittenContact const> contacts) const;

    /// Forgets contacts that are gone.
    void forget(Transaction& tx, std::span<ContactId const> contacts) const;

    /// What is remembered of the companies' contacts, in no particular order.
    std::vector<WrittenContact> contacts_of(Transaction& tx,
                                            std::span<CompanyId const> companies) const;

    /// Of those companies, the ones that the job itself has cleaned up and not changed since.
    std::vector<PastCleanUp> clean_ups_of(Transaction& tx,
                                          std::span<CompanyId const> companies) const;

    /// The companies that the last runs of apply have changed often; see OftenChanged.
    std::vector<OftenChanged> often_changed(Transaction& tx) const;

private:
    TenantId owner_;
};

}  // namespace tracking::models
