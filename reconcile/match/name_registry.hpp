#pragma once

#include "reconcile/reading/state.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tracking::reconcile {

/// A company, or the customer that a tenant is to get.
struct NameHolder
{
    models::Company const* company = nullptr;
    models::TenantId planned_for{};
};

/// `"NAME" (ID)`, as sentences have it.
std::string shown(models::Company const& company);
std::string shown(NameHolder const& holder);

/// Who holds names and addresses in the management tenant, or will: only what is due takes
/// something from those that come after it. Keeps views of the state.
class NameRegistry
{
public:
    explicit NameRegistry(State const& state);

    /// Nothing where the name is free.
    std::optional<NameHolder> of_name(std::string const& name) const;

    /// The first by the company's id, where there are several.
    std::optional<models::EmailHolder> of_email(std::string const& email) const;

    void add(std::string name, NameHolder holder);
    void add(models::EmailHolder holder);

private:
    using Companies = std::unordered_map<std::string_view, models::Company const*>;

    Companies names_;
    Companies loose_emails_;
    std::unordered_map<std::string, NameHolder> planned_names_;
    std::unordered_map<std::string, models::EmailHolder> emails_;
};

}  // namespace tracking::reconcile
