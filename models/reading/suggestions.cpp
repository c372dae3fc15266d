#include "models/reading/suggestions.hpp"

#include "models/pg/pg.hpp"
#include "models/reading/case_rules.hpp"
#include "models/rules/text.hpp"
#include "models/values/lists.hpp"

namespace tracking::models {

namespace {

constexpr char const* kTenantsLike = R"sql(
    SELECT t.tenant, t.{company_name}
      FROM {tenants} t
     WHERE (length($1::text) >= 8 AND starts_with(t.tenant::text, lower($1::text)))
        OR strpos(lower(t.{company_name}::text{case_rules}), lower($1::text{case_rules})) > 0
     ORDER BY lower(t.{company_name}::text{case_rules}) <> lower($1::text{case_rules}), t.tenant
     LIMIT 6
)sql";

constexpr char const* kCompaniesLike = R"sql(
    SELECT c.{company_id}, c.{company_name}
      FROM {companies} c
     WHERE c.tenant = $1::uuid
       AND ((length($2::text) >= 8 AND starts_with(c.{company_id}::text, lower($2::text)))
            OR strpos(lower(c.{company_name}::text{case_rules}), lower($2::text{case_rules})) > 0)
     ORDER BY lower(c.{company_name}::text{case_rules}) <> lower($2::text{case_rules}), c.{company_id}
     LIMIT 6
)sql";

std::vector<Suggestion> suggestions(Transaction& tx, SchemaProfile const& profile, char const* sql,
                                    std::string const& text, std::vector<pg::Param> const& params)
{
    if (is_blank(text))
        return {};
    auto const rows = pg::exec(tx, profile.fill(with_case_rules(sql, text)), params);
    return each_of(rows, [](auto const& row) {
        return Suggestion{std::string{pg::text(row[0])}, std::string{pg::text(row[1])}};
    });
}

}  // namespace

std::vector<Suggestion> suggested_tenants(Transaction& tx, SchemaProfile const& profile,
                                          std::string const& text)
{
    return suggestions(tx, profile, kTenantsLike, text, {text});
}

std::vector<Suggestion> suggested_companies(Transaction& tx, SchemaProfile const& profile,
                                            TenantId owner, std::string const& text)
{
    return suggestions(tx, profile, kCompaniesLike, text, {owner, text});
}

}  // namespace tracking::models
