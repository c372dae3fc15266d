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

/// What an optional step of creating a company did, row by row counted.
struct StepResult
{
    std::size_t rows = 0;
    std::string missing;  ///< a sentence naming what the step needs and did not find; else empty
};

/// What the platform's own code does beside creating a company, where a person does it. See
/// CompanyModel for what all functions share.
class CompanyExtras
{
public:
    CompanyExtras(SchemaProfile profile, TenantId owner);

    /// Links the owner's oldest active tax rate to each company as its default.
    StepResult add_default_tax_settings(Transaction& tx,
                                        std::span<CompanyId const> companies) const;

    /// Registers the domain of `url` for self-registration. Companies generation only; needs the
    /// acting user.
    StepResult add_email_suffix(Transaction& tx, CompanyId company, std::string_view url,
                                std::optional<UserId> actor) const;

    /// Sets url and properties.website alike. @throws RuleViolation for a url that is none
    std::vector<CompanyId> set_url(Transaction& tx, CompanyId company, std::string_view url) const;

private:
    SchemaProfile profile_;
    TenantId owner_;
};

}  // namespace tracking::models
