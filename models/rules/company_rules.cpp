#include "models/rules/company_rules.hpp"

#include "models/rules/rule_violation.hpp"
#include "models/rules/text.hpp"
#include "models/rules/url.hpp"

namespace tracking::models {
namespace {

std::string const& first_given(std::string const& preferred, std::string const& other)
{
    return preferred.empty() ? other : preferred;
}

void check_name(std::string const& name)
{
    if (is_blank(name))
        throw RuleViolation{"company name", name, "give one that is not only blanks"};
}

void check_url(char const* field, std::string const& url)
{
    if (!url.empty() && !is_valid_url(url))
        throw RuleViolation{field, url, "give a full one such as https://example.com, or none"};
}

void check_client_type(std::string const& type)
{
    if (type != "company" && type != "individual")
        throw RuleViolation{"client type", type, "use company or individual"};
}

}  // namespace

CompanyRecord checked_company(CompanyDraft const& draft)
{
    auto const type = draft.client_type.empty() ? std::string{"company"} : draft.client_type;
    check_name(draft.name);
    check_url("company url", draft.url);
    check_url("company website", draft.website);
    check_client_type(type);
    return {.name = draft.name,
            .url = null_if_empty(first_given(draft.url, draft.website)),
            .client_type = type,
            .billing_email = null_if_empty(first_given(draft.billing_email, draft.email)),
            .notes = null_if_empty(draft.notes)};
}

}  // namespace tracking::models
