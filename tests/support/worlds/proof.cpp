#include "tests/support/worlds/proof.hpp"

#include "tests/support/worlds/seed.hpp"

#include <utility>

namespace tracking::testing {

namespace {

/// Each query gives the offenders. $M is the management tenant.
constexpr std::pair<char const*, char const*> kClaims[] = {
    {"tenants with no customer or with several",
     "SELECT t.tenant FROM tenants t"
     "  LEFT JOIN {companies} c ON c.tenant = $M AND c.properties ->> 'tenant_id' = t.tenant::text"
     " WHERE t.tenant <> $M GROUP BY t.tenant HAVING count(c.tenant) <> 1"},
    {"customers without the admin as contact",
     "SELECT c.{company}_name FROM {companies} c"
     "  JOIN users u ON u.tenant::text = c.properties ->> 'tenant_id'"
     " WHERE c.tenant = $M"
     "   AND NOT EXISTS (SELECT FROM contacts p WHERE p.tenant = c.tenant"
     "                   AND p.{company}_id = c.{company}_id AND p.email = u.email)"},
    {"customers without the tag",
     "SELECT c.{company}_name FROM {companies} c"
     " WHERE c.tenant = $M AND c.properties ? 'tenant_id'"
     "   AND NOT EXISTS (SELECT FROM tag_mappings m JOIN tag_definitions d USING (tenant, tag_id)"
     "                   WHERE m.tenant = c.tenant AND m.tagged_id = c.{company}_id"
     "                     AND d.tag_text = 'PSA Customer')"},
    {"companies that carry a link which is no tenant's id",
     "SELECT c.{company}_name FROM {companies} c"
     " WHERE c.tenant = $M AND c.properties ? 'tenant_id'"
     "   AND c.properties ->> 'tenant_id' NOT IN (SELECT tenant::text FROM tenants)"},
    {"e-mails that are a contact's twice",
     "SELECT email FROM contacts WHERE tenant = $M GROUP BY email HAVING count(*) > 1"},
    {"tags that are attached twice",
     "SELECT tagged_id FROM tag_mappings WHERE tenant = $M"
     " GROUP BY tagged_id, tag_id HAVING count(*) > 1"},
    {"contacts and tags of companies that are not there",
     "SELECT tagged_id FROM (SELECT tenant, tagged_id FROM tag_mappings UNION ALL"
     "                       SELECT tenant, {company}_id FROM contacts) AS part"
     " WHERE tenant = $M AND NOT EXISTS (SELECT FROM {companies} c WHERE c.tenant = $M"
     "                                   AND c.{company}_id = part.tagged_id)"},
    {"receipts of changes whose company is not as they left it",
     "SELECT r.tracked_tenant FROM customer_reconcile.change r"
     "  LEFT JOIN {companies} c ON c.tenant = r.tenant AND c.{company}_id = r.company_id"
     " WHERE r.outcome = 'applied'"
     "   AND (c.{company}_name IS DISTINCT FROM r.after -> 'company' ->> 'name'"
     "    OR c.properties ->> 'tenant_id' IS DISTINCT FROM r.tracked_tenant::text)"},
    {"companies that the job made and has no receipt of",
     "SELECT c.{company}_id FROM {companies} c"
     " WHERE c.tenant = $M AND c.properties ? 'tenant_id' AND c.{company}_id::text NOT LIKE"
     "       'c0000000-%'"
     "   AND NOT EXISTS (SELECT FROM customer_reconcile.change r WHERE r.tenant = c.tenant"
     "                   AND r.company_id = c.{company}_id AND r.outcome = 'applied'"
     "                   AND r.change IN ('create', 'adopt'))"},
    {"changes that were made twice",
     "SELECT tracked_tenant FROM customer_reconcile.change WHERE outcome = 'applied'"
     " GROUP BY tracked_tenant, change HAVING count(*) > 1"},
    {"failed changes", "SELECT reason FROM customer_reconcile.change WHERE outcome = 'failed'"},
    {"leases", "SELECT run_id FROM customer_reconcile.lease"},
};

std::string of_management_tenant(std::string sql, std::string const& tenant)
{
    for (auto at = sql.find("$M"); at != sql.npos; at = sql.find("$M", at))
        sql.replace(at, 2, "'" + tenant + "'::uuid");
    return sql;
}

}  // namespace

std::vector<std::string> problems_after_a_storm(TestDatabase& database)
{
    std::vector<std::string> problems;
    auto claims = std::vector(std::begin(kClaims), std::end(kClaims));
    if (database.has_column("client_billing_profiles", "tenant"))
        claims.emplace_back("clients without exactly one default billing profile",
                            "SELECT c.client_id FROM clients c LEFT JOIN client_billing_profiles p"
                            "    ON p.tenant = c.tenant AND p.client_id = c.client_id"
                            "   AND p.is_default WHERE c.tenant = $M"
                            " GROUP BY c.client_id HAVING count(p.tenant) <> 1");
    for (auto const& [claim, sql] : claims) {
        auto const offenders = database.rows(of_management_tenant(sql, tenant_id(0)));
        if (!offenders.empty())
            problems.push_back(std::to_string(offenders.size()) + " " + claim +
                               ", the first: " + offenders.front().front());
    }
    return problems;
}

}  // namespace tracking::testing
