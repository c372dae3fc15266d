#pragma once

#include "reconcile/reading/state.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <cstddef>
#include <deque>
#include <functional>
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

    /// Makes room for so many customers that are planned.
    void reserve(std::size_t customers);

    /// Who holds the name; nothing where it is free.
    std::optional<NameHolder> of_name(std::string const& name) const;

    /// Who holds the address. Of several: one without a company, else the lowest company id.
    std::optional<models::EmailHolder> of_email(std::string const& email) const;

    /// The tenants whose due changes give the name up or take it.
    std::vector<models::TenantId> movers_of_name(std::string const& name) const;
    std::vector<models::TenantId> movers_of_email(std::string const& email) const;

    // Taken by a due change for the tenant, which gets a new company where that is null. Both have
    // to outlive this.
    void add(std::string const& name, models::Tenant const& tenant,
             models::Company const* company = nullptr);
    void add_email(std::string const& email, models::Tenant const& tenant,
                   models::Company const* company = nullptr);

    // Given up by a due change for the tenant, and no longer held.
    void release_name(std::string const& name, models::TenantId tenant);
    void release_email(std::string const& email, models::TenantId tenant);

private:
    using Companies = std::unordered_map<std::string_view, models::Company const*>;
    using Givers = std::unordered_map<std::string, models::TenantId>;
    /// A backfill plans very many. So they are small, and the text is not copied.
    struct Planned
    {
        std::string const* text;
        models::Tenant const* tenant;
        models::Company const* company;  ///< null: the tenant gets a new one
    };
    /// Hash and equality of planned ones and texts alike.
    struct ByText
    {
        using is_transparent = void;
        static std::string_view text_of(std::string_view text) { return text; }
        static std::string_view text_of(Planned const& planned) { return *planned.text; }
        std::size_t operator()(auto const& one) const
        {
            return std::hash<std::string_view>{}(text_of(one));
        }
        bool operator()(auto const& one, auto const& other) const
        {
            return text_of(one) == text_of(other);
        }
    };
    using PlannedByText = boost::unordered_flat_set<Planned, ByText, ByText>;

    /// `of_tenant`, which the text nearly always is, or a copy.
    std::string const* kept(std::string const& text, std::string const& of_tenant);

    models::EmailHolder holder_of(Planned const& planned) const;

    State const& state_;
    Companies names_;
    Companies loose_emails_;
    PlannedByText planned_names_;
    std::unordered_map<std::string, models::EmailHolder> emails_;
    PlannedByText planned_emails_;
    std::deque<std::string> others_;  ///< of planned ones, that no tenant has
    Givers given_names_;
    Givers given_emails_;
};

}  // namespace tracking::reconcile
