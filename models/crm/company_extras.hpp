#pragma once

// For other programs that use the models: this job takes none of these steps.

#include "models/pg/database.hpp"
#include "models/rules/id.hpp"
#include "models/schema/schema.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::models {

/// What an optional step after the creation of a company has written.
struct StepResult
{
    std::size_t rows = 0;
    std::string missing;  ///< a sentence on what the step needs and did not find; else empty
};

/// The further steps that the platform's own code takes when a person creates a company. See
/// CompanyModel for what all functions share.
class CompanyExtras
{
public:
    CompanyExtras(SchemaProfile const& profile, TenantId owner);

    /// Links the owner's oldest active tax rate to each company as its default.
    StepResult add_default_tax_settings(Transaction& tx,
                                        std::span<CompanyId const> companies) const;

    /// Registers the domain of `url` for self-registration. Only the companies generation has that
    /// table. The step needs the acting user.
    StepResult add_email_suffix(Transaction& tx, CompanyId company, std::string_view url,
                                std::optional<UserId> actor) const;

    /// Sets url and properties.website to the same value. @throws RuleViolation where it is no URL
    std::vector<CompanyId> set_url(Transaction& tx, CompanyId company, std::string_view url) const;

private:
    SchemaProfile profile_;
    TenantId owner_;
};

}  // namespace tracking::models
