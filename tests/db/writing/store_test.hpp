#pragma once

#include "models/writing/customer_store.hpp"
#include "tests/db/models_test.hpp"

#include <map>
#include <string>
#include <vector>

namespace tracking::models {

/// A run that has begun and holds the lease, and the store that it writes through.
class StoreTest : public ModelsTest
{
protected:
    StoreTest() { begin_run(owner); }

    /// Another management tenant's, beside the first.
    void begin_run(TenantId management)
    {
        committed([&](Transaction& tx) {
            JournalModel::install(tx);
            JournalModel const journal{management};
            journal.take_lease(tx, run, "here");
            journal.start_run(tx, {.id = run, .mode = "apply"});
            return true;
        });
    }

    CustomerStore store_of(TenantId management, Database& source)
    {
        return {
            session,
            source,
            {.profile = profile, .source_profile = profile, .management = management, .run = run}};
    }
    std::vector<Receipt> write(std::vector<Change> const& batch)
    {
        return store_of(owner, session).write(batch);
    }

    /// Every row of the platform, the management tenant's too.
    std::map<std::string, std::string> everything()
    {
        return database.fingerprint_outside(TenantId{}.str());
    }

    RunId const run = RunId::parse("00000000-0000-4000-8000-0000000000aa").value();
};

}  // namespace tracking::models
