#pragma once

#include "config/settings/config.hpp"
#include "job/process/retrier.hpp"
#include "job/report/failure.hpp"
#include "job/report/report.hpp"
#include "models/journal/journal_model.hpp"
#include "models/journal/journal_pin.hpp"
#include "models/pg/database.hpp"
#include "models/schema/grants.hpp"
#include "models/schema/inspection.hpp"
#include "models/schema/schema.hpp"
#include "reconcile/plan/plan_file.hpp"
#include "reconcile/reading/state.hpp"

#include <optional>
#include <span>
#include <string>

namespace tracking::job {

/// The role lacks grants. The message holds the statements that would give them.
class AccessDenied : public EndingError
{
public:
    explicit AccessDenied(std::string const& message) : EndingError{Ending::Denied, message} {}
};

/// How hard a reading of everything may work the server.
enum class Pace
{
    Fast,    ///< on both sides at once, where that pays
    Gentle,  ///< on one at a time: nobody waits for it, and tenants are created meanwhile
};

/// Both sides, connected, recognised and found fit for what `role` does.
class Databases
{
public:
    /// Tells the report what it finds as it finds it.
    /// @throws models::ConnectionLost, LoginRefused, SchemaMismatch, ManagementTenantUnknown;
    ///         AccessDenied. Also where the journal knows another management tenant.
    Databases(config::Config const& config, models::Role role, Report& report);

    /// Does `work`, and again where what stopped it is likely to pass; where it was the connection,
    /// with new sessions on both sides.
    auto persist(auto const& work)
    {
        return retrier_.run(work, [this] { renew_sessions(); });
    }

    /// What `look` finds in a reading transaction with the management side.
    auto look_up(auto const& look)
    {
        return persist([&] {
            auto tx = management_.begin(models::Access::ReadOnly, timeouts_);
            return look(tx);
        });
    }

    /// For what turns out to be needed beyond the role that the sides were found fit for.
    /// @throws AccessDenied
    void require_rights(models::Role role, models::Removal removal);

    models::Database& management() { return management_; }
    models::Database& source() { return source_ ? *source_ : management_; }
    models::SchemaProfile const& profile() const { return profile_; }
    models::SchemaProfile const& source_profile() const { return source_profile_; }
    models::TenantId management_tenant() const { return tenant_; }
    std::string const& management_tenant_name() const { return tenant_name_; }

    /// The management tenant that the journal knows: this one, or nothing.
    std::optional<models::Pin> const& pin() const { return pin_; }

    /// Where the source is a standby.
    std::optional<models::Standby> const& standby() const { return standby_; }
    int journal_version() const { return journal_version_; }
    bool has_journal() const { return !models::JournalModel::mismatch_of(journal_version_); }
    models::Timeouts const& timeouts() const { return timeouts_; }
    std::chrono::milliseconds lease_time() const { return lease_time_; }
    models::Login const& management_login() const { return management_login_; }

    /// One snapshot of both sides; what is in order is kept only where `keep` says so. Companies
    /// are read before tenants: what is made in between looks missing, and is found when it is
    /// applied, rather than orphaned. The report gets how long each side was waited for, and what
    /// else took its time.
    reconcile::State read(reconcile::Policy const& policy, reconcile::Keep const& keep, Pace pace,
                          Report& report);

    /// Reads again what was not in order.
    reconcile::State read_again(reconcile::Policy const& policy, reconcile::Keep const& keep,
                                reconcile::Remainder const& remainder);

    /// What the changes of a plan file depend on, as it is by now; in their order.
    std::vector<std::string> witnesses(std::span<reconcile::Drift const> changes);

    std::chrono::sys_seconds server_time() const { return server_time_; }
    reconcile::PlanIdentity const& identity() const { return identity_; }
    std::vector<std::string> const& tables_with_row_security() const { return hidden_; }

    /// What the journal remembers; nothing where there is none yet.
    std::optional<models::UsualTenants> usual_tenants() const { return usual_tenants_; }

private:
    models::Database connect(models::Login const& login);
    void renew_sessions();
    reconcile::State read_both(reconcile::Policy const& policy, reconcile::Keep const& keep,
                               Pace pace, Report& report);
    reconcile::State read_part(reconcile::Policy const& policy, reconcile::Keep const& keep,
                               reconcile::Remainder const& remainder);
    reconcile::State with_blast_radii(reconcile::Policy const& policy, reconcile::State state);
    void recognise(config::Config const& config, models::Role role, Report& report);
    void recognise_source(models::Transaction& tx, Report& report);
    void note_journal(Report& report) const;
    void note_source(models::SessionFacts const& facts, Report& report);

    /// `remainder` is null where everything is read.
    reconcile::State merge(models::Transaction& tx, models::CompanyStream& companies,
                           models::TenantStream& tenants, reconcile::Policy const& policy,
                           reconcile::Keep const& keep,
                           reconcile::Remainder const* remainder) const;
    std::vector<std::string> read_witnesses(std::span<reconcile::Drift const> changes);

    models::Transaction begin_streams(models::Database& database) const;

    /// Where the tenants are read: a transaction of its own, so that the server works on both sides
    /// at once.
    struct Reader
    {
        std::optional<models::Database> session;  ///< for this reading only
        std::optional<models::Transaction> tx;
    };

    /// In the other database; else in a second session that shares the snapshot of `tx`. Nothing
    /// where that does not pay, is too much, or would not do: a pooler may give out its last
    /// session, and let the second wait for the end of the first.
    std::optional<Reader> reader_of_tenants(models::Transaction& tx, Pace pace);

    models::Timeouts timeouts_;
    std::chrono::milliseconds lease_time_;
    Retrier retrier_;
    models::Login management_login_;
    models::Login source_login_;
    models::Database management_;
    std::optional<models::Database> source_;  ///< where it is another database
    models::SchemaProfile profile_{models::Generation::Clients};
    models::SchemaProfile source_profile_{models::Generation::Clients};
    models::TenantId tenant_;
    std::string tenant_name_;
    std::optional<models::Pin> pin_;
    std::optional<models::Standby> standby_;
    int journal_version_ = 0;
    std::chrono::sys_seconds server_time_;
    reconcile::PlanIdentity identity_;
    std::vector<std::string> hidden_;
    std::optional<models::UsualTenants> usual_tenants_;
    bool is_pooled_ = false;
    std::size_t about_tenants_ = 0;
};

models::Login login_for(config::Database const& database, config::Config const& config);
RetryPolicy retry_policy(config::Config const& config);

}  // namespace tracking::job
