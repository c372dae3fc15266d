#include "tests/support/worlds/seed.hpp"

#include <array>
#include <cstdio>
#include <stdexcept>

namespace tracking::testing {
namespace {

/// A tenant's own rows have numbers far from those of the management tenant's.
constexpr int kOwn = 1'000'000;

std::string numbered(char kind, int n)
{
    std::array<char, 37> text{};
    std::snprintf(text.data(), text.size(), "%c0000000-0000-4000-8000-%012d", kind, n);
    return text.data();
}

std::string role_id(int tenant, int role)
{
    return numbered('b', 2 * tenant + role);
}

char const* boolean(bool value)
{
    return value ? "true" : "false";
}

}  // namespace

std::string tenant_id(int n)
{
    return numbered('0', n);
}
std::string company_id(int n)
{
    return numbered('c', n);
}
std::string contact_id(int n)
{
    return numbered('e', n);
}
std::string user_id(int n)
{
    return numbered('a', n);
}

World::World(TestDatabase& database) : database_{database}
{
    tenant({.n = 0, .name = "Nine Minds LLC", .admin_email = "staff@nineminds.example"});
}

void World::tenant(TenantSeed const& seed)
{
    insert_tenant_row(seed);
    insert_company(tenant_id(seed.n), company_id(kOwn + seed.n), seed.name, "{}", "", false);
    if (!seed.admin_email.empty()) {
        insert_contact(tenant_id(seed.n), contact_id(kOwn + seed.n), company_id(kOwn + seed.n),
                       seed.first + " " + seed.last, seed.admin_email, false);
        insert_admin(seed);
    }
}

void World::further_admin(int n, int user, std::string const& email, std::string const& first,
                          std::string const& created)
{
    auto const id = quote(user_id(user));
    auto const tenant = quote(tenant_id(n));
    database_.execute(
        "INSERT INTO users (tenant, user_id, username, hashed_password, first_name, last_name,"
        " email, created_at) VALUES (" +
        tenant + ", " + id + ", " + quote(email) + ", 'x', " + quote(first) + ", 'Other', " +
        quote(email) + ", " + created +
        "); INSERT INTO user_roles (tenant, user_id, role_id) SELECT tenant, " + id +
        ", role_id FROM roles WHERE msp AND tenant = " + tenant);
}

void World::tenant_goes(int n)
{
    std::string sql = "SET session_replication_role = replica;";
    for (auto const& row :
         database_.rows("SELECT table_name FROM information_schema.columns"
                        " WHERE table_schema = 'public' AND column_name = 'tenant'"))
        sql += "DELETE FROM " + row.front() + " WHERE tenant = " + quote(tenant_id(n)) + ";";
    database_.execute(sql + "SET session_replication_role = DEFAULT");
}

void World::insert_tenant_row(TenantSeed const& seed)
{
    auto columns = std::string{"tenant, {company}_name, email, created_at"};
    auto values = quote(tenant_id(seed.n)) + ", " + quote(seed.name) + ", " +
                  quote(seed.email.empty() ? seed.admin_email : seed.email) + ", " + seed.created;
    if (database_.has_column("tenants", "product_code")) {
        columns += ", product_code";
        values += ", " + quote(seed.product);
    } else if (seed.product != "psa") {
        throw std::logic_error{"this state of the schema knows no products"};
    }
    if (database_.has_column("tenants", "suspended_at")) {
        columns += ", suspended_at, suspended_reason";
        values +=
            seed.suspended ? ", now() - interval '1 day', 'tenant_cancelled'" : ", NULL, NULL";
    } else if (seed.suspended) {
        throw std::logic_error{"this state of the schema knows no suspension"};
    }
    database_.execute("INSERT INTO tenants (" + columns + ") VALUES (" + values + ")");
    auto const tenant = quote(tenant_id(seed.n));
    database_.execute("INSERT INTO roles (tenant, role_id, role_name, msp, client) VALUES (" +
                      tenant + ", " + quote(role_id(seed.n, 0)) + ", 'Admin', true, false), (" +
                      tenant + ", " + quote(role_id(seed.n, 1)) + ", 'Admin', false, true)");
}

void World::insert_admin(TenantSeed const& seed)
{
    auto const tenant = quote(tenant_id(seed.n));
    auto const user = quote(user_id(seed.n));
    database_.execute(
        "INSERT INTO users (tenant, user_id, username, hashed_password, first_name, last_name,"
        " email, created_at) VALUES (" +
        tenant + ", " + user + ", " + quote(seed.admin_email) + ", 'x', " + quote(seed.first) +
        ", " + quote(seed.last) + ", " + quote(seed.admin_email) + ", " + seed.created + ")");
    database_.execute("INSERT INTO user_roles (tenant, user_id, role_id) VALUES (" + tenant + ", " +
                      user + ", " + quote(role_id(seed.n, 0)) + ")");
}

void World::company(CompanySeed const& seed)
{
    auto const properties = seed.properties_json ? *seed.properties_json
                            : seed.link          ? linked(*seed.link)
                                                 : "{}";
    insert_company(management_tenant(), company_id(seed.n), seed.name, properties, "",
                   seed.inactive);
    if (!seed.contact_email.empty()) {
        insert_contact(management_tenant(), contact_id(seed.n), company_id(seed.n), "Ada Admin",
                       seed.contact_email, seed.inactive);
    }
    if (seed.tagged) {
        tag(seed.n, seed.tag);
    }
}

void World::old_workflow(TenantSeed const& tenant)
{
    insert_company(management_tenant(), company_id(tenant.n), tenant.name, linked(tenant.name),
                   "PSA Customer - Tenant: " + tenant.name, false);
    if (!tenant.admin_email.empty()) {
        insert_contact(management_tenant(), contact_id(tenant.n), company_id(tenant.n),
                       tenant.first + " " + tenant.last, tenant.admin_email, false);
    }
    tag(tenant.n, tenant.product == "algadesk" ? "AlgaDesk Customer" : "PSA Customer");
}

std::string World::linked(std::string const& link)
{
    return database_.value("SELECT jsonb_build_object('tenant_id', " + quote(link) +
                           "::text, 'subscription_type', 'psa')");
}

void World::insert_company(std::string const& tenant, std::string const& id,
                           std::string const& name, std::string const& properties,
                           std::string const& notes, bool inactive)
{
    database_.execute(
        "INSERT INTO {companies} (tenant, {company}_id, {company}_name, client_type, properties,"
        " notes, is_inactive) VALUES (" +
        quote(tenant) + ", " + quote(id) + ", " + quote(name) + ", 'company', " +
        quote(properties) + ", nullif(" + quote(notes) + ", ''), " + boolean(inactive) + ")");
    if (database_.has_column("client_billing_profiles", "tenant")) {
        database_.execute(
            "INSERT INTO client_billing_profiles (tenant, client_id, name, is_default,"
            " is_system_managed_default) VALUES (" +
            quote(tenant) + ", " + quote(id) + ", " + quote(name) + ", true, true)");
    }
}

void World::insert_contact(std::string const& tenant, std::string const& id,
                           std::string const& company, std::string const& name,
                           std::string const& email, bool inactive)
{
    database_.execute(
        "INSERT INTO contacts (tenant, contact_name_id, full_name, {company}_id, email, role,"
        " notes, is_inactive) VALUES (" +
        quote(tenant) + ", " + quote(id) + ", " + quote(name) + ", " + quote(company) + ", " +
        quote(email) + ", 'Admin', 'Primary admin for PSA tenant', " + boolean(inactive) + ")");
}

void World::tag(int company, std::string const& text)
{
    auto const tenant = quote(management_tenant());
    database_.execute(
        "INSERT INTO tag_definitions (tenant, tag_text, tagged_type, background_color, text_color)"
        " SELECT " +
        tenant + ", " + quote(text) +
        ", '{company}', '#BEC5F4', '#2C3E50'"
        " WHERE NOT EXISTS (SELECT FROM tag_definitions WHERE tenant = " +
        tenant + " AND tag_text = " + quote(text) + " AND tagged_type = '{company}')");
    database_.execute(
        "INSERT INTO tag_mappings (tenant, tag_id, tagged_id, tagged_type)"
        " SELECT tenant, tag_id, " +
        quote(company_id(company)) +
        ", tagged_type"
        "   FROM tag_definitions WHERE tenant = " +
        tenant + " AND tag_text = " + quote(text) +
        " AND tagged_type = '{company}' ORDER BY created_at, tag_id LIMIT 1");
}

}  // namespace tracking::testing
