#pragma once

#include "tests/support/servers/database.hpp"

#include <optional>
#include <string>

namespace tracking::testing {

/// Deterministic ids that sort and read by their number: 00000000-0000-4000-8000-000000000007.
std::string tenant_id(int n);
std::string company_id(int n);
std::string contact_id(int n);
std::string user_id(int n);

/// A tenant as the creation workflow leaves it: its row, its own default company and, where it has
/// an admin, that company's contact; two roles named Admin; the admin user.
struct TenantSeed
{
    int n;
    std::string name;
    std::string admin_email{};  ///< empty: no admin user
    std::string email{};        ///< of the tenant itself; empty: the admin's
    std::string first = "Ada";
    std::string last = "Admin";
    std::string product = "psa";  ///< other than psa: where tenants have a product_code
    std::string created = "now() - interval '30 days'";  ///< an SQL expression
    bool suspended = false;                              ///< where tenants can be suspended
};

/// A company of the management tenant, with its default billing profile where the generation has
/// them.
struct CompanySeed
{
    int n;
    std::string name;
    std::optional<std::string> link{};             ///< the text under properties.tenant_id
    std::optional<std::string> properties_json{};  ///< instead of what `link` gives
    bool inactive = false;                         ///< the contact too
    bool tagged = true;
    std::string tag = "PSA Customer";
    std::string contact_email{};  ///< empty: no contact
};

/// Fills a database with tenants and customers. Number 0 is the management tenant, 'Nine Minds
/// LLC'.
class World
{
public:
    explicit World(TestDatabase& database);

    std::string management_tenant() const { return tenant_id(0); }
    void tenant(TenantSeed const& seed);
    /// Another active user of tenant n, with the roles that its first admin has. `created` is an
    /// SQL expression.
    void further_admin(int n, int user, std::string const& email, std::string const& first = "Eve",
                       std::string const& created = "now()");
    /// All its rows in every table, as the platform deletes them.
    void tenant_goes(int n);
    void company(CompanySeed const& seed);
    /// Gives company n a tag of the management tenant; the definition is made when missing.
    void tag(int company, std::string const& text);
    /// Exactly what the old workflow writes for a tenant, as company and contact n: the *name* as
    /// link.
    void old_workflow(TenantSeed const& tenant);

private:
    void insert_tenant_row(TenantSeed const& seed);
    void insert_admin(TenantSeed const& seed);
    void insert_company(std::string const& tenant, std::string const& id, std::string const& name,
                        std::string const& properties, std::string const& notes, bool inactive);
    void insert_contact(std::string const& tenant, std::string const& id,
                        std::string const& company, std::string const& name,
                        std::string const& email, bool inactive);
    std::string linked(std::string const& link);  // properties as JSON
    std::string quote(std::string const& text) const { return database_.quote(text); }

    TestDatabase& database_;
};

}  // namespace tracking::testing
