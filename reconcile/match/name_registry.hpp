#pragma once

#include "reconcile/reading/state.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tracking::reconcile {

/// Who holds a name: a company, or the customer that is planned for a tenant.
struct NameHolder
{
    models::Company const* company = nullptr;
    models::TenantId planned_for{};
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

    void add(std::string name, NameHolder holder);
    void add(models::EmailHolder holder);

    // Given up, and no longer held.
    void release_name(std::string const& name);
    void release_email(std::string const& email);

private:
    using Companies = std::unordered_map<std::string_view, models::Company const*>;

    Companies names_;
    Companies loose_emails_;
    std::unordered_map<std::string, NameHolder> planned_names_;
    std::unordered_map<std::string, models::EmailHolder> emails_;
};

}  // namespace tracking::reconcile
