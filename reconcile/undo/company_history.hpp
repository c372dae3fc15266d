#pragma once

#include "models/values/past_change.hpp"
#include "reconcile/policy/drift.hpp"
#include "reconcile/policy/policy.hpp"
#include "reconcile/undo/changed_properties.hpp"
#include "reconcile/undo/tag_definitions.hpp"

#include <boost/json.hpp>

#include <array>
#include <string>
#include <vector>

namespace tracking::reconcile {

/// All that a run did to one company, change by change: how the company was before the first
/// change, and how the last one left it.
class CompanyHistory
{
public:
    explicit CompanyHistory(models::PastChange const& first)
        : tenant_{first.tenant}, company_{first.company}
    {}

    /// Adds the next change. Tag definitions that it made or removed go to `definitions`.
    void add(models::PastChange const& past, Definitions& definitions);

    /// Leaves out what another run has taken back.
    void subtract(CompanyHistory const& undone);

    bool is_taken_back() const { return is_taken_back_; }
    bool has_made_tags() const;

    /// A drift with the change that takes it all back, or with the reason why there is none.
    Drift drift(Policy const& policy) const;

private:
    static constexpr std::array kColumns{"name", "is_inactive"};

    void add_made(boost::json::object made);
    void add_removed(boost::json::object const& before, boost::json::object const& removed);
    void add_renamed_profiles(boost::json::object const& after);
    void add_changed_contacts(boost::json::object const& before, boost::json::object const& after);

    bool has_changed(char const* member) const;

    /// An undo could not remove the company and made it inactive instead. A later undo must expect
    /// that: nobody else has changed it.
    void expect(CompanyHistory const& kept);

    models::Restore restore(Policy const& policy, std::string const& name) const;
    void restore_columns(models::Restore& restore) const;

    models::TenantId tenant_;
    models::CompanyId company_;
    bool is_begun_ = false;
    bool is_taken_back_ = false;
    boost::json::object was_;
    boost::json::object is_;
    ChangedProperties properties_;
    boost::json::object made_;
    boost::json::object removed_;
    bool has_made_company_ = false;
    bool has_removed_company_ = false;
    std::vector<models::ContactId> deactivated_;
    std::vector<models::ContactId> unset_;  ///< deactivated, with a NULL `is_inactive` before
    std::vector<models::ContactId> activated_;
    std::vector<models::ReplacedContact> changed_;
    std::vector<models::ProfileId> renamed_profiles_;
    std::string objection_;
};

}  // namespace tracking::reconcile
