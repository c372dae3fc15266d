#pragma once

#include "reconcile/reading/state.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tracking::reconcile {

/// Who holds a name: a company, or the customer that is planned for a tenant.
struct NameHolder
{
    models::Company const* company = nullptr;
    models::TenantId planned_for{};  ///< whose due change takes the name; nil: it is held already
};

/// `"NAME" (ID)`, for use in a sentence.
std::string shown(models::Company const& company);
std::string shown(NameHolder const& holder);

/// Who holds each name and address in the management tenant, or will hold it after the plan. Only a
/// due change adds a planned holder, and so takes a name from later ones. Keeps views into the
/// state.
class NameRegistry
{
public:
    explicit NameRegistry(State const& state);

    /// Who holds the name; nothing where it is free.
    std::optional<NameHolder> of_name(std::string const& name) const;

    /// Who holds the address. Of several: one without a company, else the lowest company id.
    std::optional<models::EmailHolder> of_email(std::string const& email) const;

    /// The tenants whose due changes give the name up or take it.
    std::vector<models::TenantId> movers_of_name(std::string const& name) const;
    std::vector<models::TenantId> movers_of_email(std::string const& email) const;

    // Taken by a due change for the tenant. Tenant, company and its name have to outlive this.
    void add(std::string const& name, models::Tenant const& tenant,
             models::Company const* company = nullptr);
    void add_email(std::string const& email, models::CompanyId company,
                   std::string const& company_name, models::Tenant const& tenant);

    // Given up by a due change for the tenant, and no longer held.
    void release_name(std::string const& name, models::TenantId tenant);
    void release_email(std::string const& email, models::TenantId tenant);

private:
    using Companies = std::unordered_map<std::string_view, models::Company const*>;
    using Givers = std::unordered_map<std::string, models::TenantId>;
    struct PlannedName
    {
        models::Tenant const* tenant;
        models::Company const* company;
    };
    struct PlannedEmail
    {
        models::Tenant const* tenant;
        models::CompanyId company;
        std::string const* company_name;
    };
    /// A backfill plans very many, so these are small, and lie in one piece.
    template <class T>
    using Planned = boost::unordered_flat_map<std::string_view, T>;

    /// A view into `of_tenant`, which the text nearly always is.
    std::string_view kept(std::string const& text, std::string const& of_tenant);

    Companies names_;
    Companies loose_emails_;
    Planned<PlannedName> planned_names_;
    std::unordered_map<std::string, models::EmailHolder> emails_;
    Planned<PlannedEmail> planned_emails_;
    std::deque<std::string> others_;  ///< that planned ones view, and no tenant has
    Givers given_names_;
    Givers given_emails_;
};

}  // namespace tracking::reconcile
