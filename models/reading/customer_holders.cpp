#include "models/reading/customer_holders.hpp"

#include "models/pg/pg.hpp"
#include "models/reading/tenant_reader.hpp"

namespace tracking::models {

namespace {

// A platform that was migrated from companies to clients has tags of both types.
constexpr char const* kCountTagged = R"sql(
    SELECT count(DISTINCT m.tagged_id)
      FROM {tag_mappings} m
      JOIN {tag_definitions} d
        ON d.tenant = m.tenant
       AND d.tag_id = m.tag_id
     WHERE m.tenant = $1::uuid
       AND m.tagged_type IN ('company', 'client')
       AND d.tag_text = ANY ($2::text[])
)sql";

constexpr char const* kCountLinked = R"sql(
    SELECT count(*)
      FROM {companies} c
     WHERE c.tenant = $1::uuid
       AND c.properties ->> 'tenant_id' IS NOT NULL
)sql";

// Grouped by the tenant: on Citus each shard then answers for its own tenants.
constexpr char const* kMostTagged = R"sql(
    SELECT m.tenant, count(DISTINCT m.tagged_id)
      FROM {tag_mappings} m
      JOIN {tag_definitions} d
        ON d.tenant = m.tenant
       AND d.tag_id = m.tag_id
     WHERE m.tenant <> $1::uuid
       AND m.tagged_type IN ('company', 'client')
       AND d.tag_text = ANY ($2::text[])
     GROUP BY m.tenant
     ORDER BY 2 DESC, 1
     LIMIT 1
)sql";

constexpr char const* kMostLinked = R"sql(
    SELECT c.tenant, count(*)
      FROM {companies} c
     WHERE c.tenant <> $1::uuid
       AND c.properties ->> 'tenant_id' IS NOT NULL
     GROUP BY c.tenant
     ORDER BY 2 DESC, 1
     LIMIT 1
)sql";

}  // namespace

CustomersHeld count_customers(Transaction& tx, SchemaProfile const& profile, TenantId tenant,
                              std::span<std::string const> tags)
{
    auto const count = [](pg::Rows const& rows) { return pg::number<std::size_t>(rows[0][0]); };
    auto tagged = pg::ask(tx, profile.fill(kCountTagged), {tenant, pg::array_of(tags)}, count);
    auto linked = pg::ask(tx, profile.fill(kCountLinked), {tenant}, count);
    return {.tagged = tagged.get(), .linked = linked.get()};
}

std::optional<CustomerHolder> other_holder(Transaction& tx, SchemaProfile const& profile,
                                           TenantId than, std::span<std::string const> tags)
{
    auto rows = pg::exec(tx, profile.fill(kMostTagged), {than, pg::array_of(tags)});
    if (rows.empty())
        rows = pg::exec(tx, profile.fill(kMostLinked), {than});
    if (rows.empty())
        return std::nullopt;
    auto const tenant = pg::id<TenantId>(rows[0][0]);
    auto const named = find_tenants(tx, profile, tenant.str());
    return CustomerHolder{.tenant = tenant,
                          .name = named.empty() ? tenant.str() : named.front().name,
                          .customers = pg::number<std::size_t>(rows[0][1])};
}

}  // namespace tracking::models
