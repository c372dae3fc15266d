#pragma once

#include "job/explain/explain_page.hpp"

#include "reconcile/decision/decide.hpp"
#include "reconcile/policy/policy.hpp"
#include "reconcile/reading/state.hpp"
#include "reconcile/reading/wanted_contact.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tracking::job {

/// What the operator asked about: an id or a name, of a tenant or of a company.
class Question
{
public:
    explicit Question(std::string text)
        : text_{std::move(text)},
          tenant_{models::TenantId::parse(text_)},
          company_{models::CompanyId::parse(text_)}
    {}

    bool is(models::Tenant const& tenant) const
    {
        return tenant_ == tenant.id || tenant.name == text_;
    }
    bool is(models::Company const& company) const
    {
        return company_ == company.id || company.name == text_ ||
               (tenant_ && company.link == tenant_);
    }
    bool is(reconcile::Drift const& drift) const
    {
        return (tenant_ && drift.tenant == tenant_) || (company_ && drift.company == company_) ||
               drift.tenant_name == text_ || drift.company_name == text_;
    }

    std::string const& text() const { return text_; }
    std::optional<models::TenantId> const& tenant() const { return tenant_; }
    std::optional<models::CompanyId> const& company() const { return company_; }

private:
    std::string text_;
    std::optional<models::TenantId> tenant_;
    std::optional<models::CompanyId> company_;
};

/// The explanation of one subject, from what one reading has kept.
class Explanation
{
public:
    Explanation(Question const& subject, reconcile::State const& state,
                reconcile::Terms const& terms, std::chrono::sys_seconds read_at, bool is_masked,
                ExplainPage& page);

    /// False: there is no such tenant or company.
    bool print();

    // Those that it is about: the first that was found.
    std::optional<models::TenantId> tenant() const
    {
        return tenants_.empty() ? std::nullopt : std::optional{tenants_.front()};
    }
    std::optional<models::CompanyId> company() const
    {
        return companies_.empty() ? std::nullopt : std::optional{companies_.front()};
    }

private:
    void print_tenant(models::Tenant const& tenant);

    std::string person(reconcile::WantedContact const& contact) const;
    bool is_whole(models::Tenant const& tenant) const;

    void print_company(models::Company const& company);

    /// Who has made the contact with that address, for the end of a line.
    static std::string origin_of(models::Company const& company, std::string const& email);

    void print_verdict() const;

    bool concerns(reconcile::Drift const& drift) const;

    std::string guard_state(models::Change const& change) const;

    std::string next_step(reconcile::Drift const& drift) const;

    ExplainPage& page_;
    Question const& subject_;
    reconcile::State const& state_;
    reconcile::Policy const& policy_;
    reconcile::Decision decision_;
    std::chrono::sys_seconds read_at_;
    bool is_masked_;
    std::vector<models::TenantId> tenants_;
    std::vector<models::CompanyId> companies_;

    /// What it means that no drift is about the subject.
    std::pair<std::string_view, std::string_view> silence_{"in order", "nothing is to be done"};
};

}  // namespace tracking::job
