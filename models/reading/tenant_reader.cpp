#include "models/reading/tenant_reader.hpp"

#include "models/pg/pg_stream.hpp"
#include "models/rules/contact_rules.hpp"
#include "models/rules/text.hpp"
#include "models/values/errors.hpp"
#include "models/values/lists.hpp"

#include <fmt/format.h>

#include <utility>

namespace tracking::models {

namespace {

constexpr char const* kFindPinned = R"sql(
    SELECT t.tenant, t.{company_name}
      FROM {tenants} t
     WHERE t.tenant = $1::uuid
)sql";

constexpr char const* kFindNamed = R"sql(
    SELECT t.tenant, t.{company_name}
      FROM {tenants} t
     WHERE t.{company_name} = $1::text
     ORDER BY t.tenant
)sql";

constexpr char const* kFindTenants = R"sql(
    SELECT t.tenant, t.{company_name}
      FROM {tenants} t
     WHERE t.tenant = $1::uuid
        OR t.{company_name} = $2::text
     ORDER BY t.tenant
)sql";

// Each tenant has two roles named Admin; the one of the platform's own side counts. Everything is
// joined first, so that it is sorted only once. date_part is used since extract() computes with
// numeric, which is noticeably slower.
// An entry of a B-tree has 2,704 bytes, and it holds the company's tenant too. A name that
// compresses well takes less, in the row as in the index.
// A time of plus infinity means an age that stays young. A time of minus infinity means no age,
// which counts as old.
constexpr char const* kSelectTenants = R"sql(
    SELECT {one_a_tenant}
           t.tenant, t.{company_name}, t.email, {product}, {suspended},
           CASE WHEN isfinite(t.created_at)
                THEN floor(date_part('epoch', now() - t.created_at))::bigint
                WHEN t.created_at > now()
                THEN -9999999999
           END,
           a.email, a.first_name, a.last_name,
           CASE WHEN octet_length(t.{company_name}::text) > 2600
                 AND pg_column_size(t.{company_name}::text) > 2600
                THEN true
           END,
           a.user_id
      FROM {tenants} t
      LEFT JOIN (SELECT u.tenant, u.user_id, u.email, u.first_name, u.last_name, u.created_at
                   FROM {users} u
                   JOIN {user_roles} ur
                     ON ur.tenant = u.tenant
                    AND ur.user_id = u.user_id
                   JOIN {roles} r
                     ON r.tenant = ur.tenant
                    AND r.role_id = ur.role_id
                  WHERE u.user_type = 'internal'
                    AND u.is_inactive IS NOT TRUE
                    AND r.role_name = 'Admin'
                    AND r.msp IS TRUE
                    AND r.client IS NOT TRUE{and_admin_is_selected}) a
        ON a.tenant = t.tenant
     WHERE t.tenant <> $1::uuid{and_tenant_is_selected}
     ORDER BY t.tenant, a.created_at NULLS LAST, a.user_id
)sql";

// The list is given to each table, since the planner does not pass it on from one to the others.
constexpr char const* kAndAdminIsSelected = R"sql(
                    AND u.tenant = ANY ($2::uuid[])
                    AND ur.tenant = ANY ($2::uuid[])
                    AND r.tenant = ANY ($2::uuid[]))sql";

constexpr char const* kAndTenantIsSelected = R"sql(
       AND t.tenant = ANY ($2::uuid[]))sql";

constexpr char const* kSelectExisting = R"sql(
    SELECT t.tenant
      FROM {tenants} t
     WHERE t.tenant = ANY ($1::uuid[])
     ORDER BY t.tenant
)sql";

std::optional<Admin> admin_in(pg::Row const& row)
{
    if (row[6].is_null())
        return std::nullopt;
    auto email = normalize_email(pg::text(row[6]));
    auto name = admin_full_name(pg::optional_text(row[7]), pg::optional_text(row[8]), email);
    return Admin{
        .email = std::move(email), .full_name = std::move(name), .user = pg::id<UserId>(row[10])};
}

void read_tenant(pg::Row const& row, Tenant& tenant)
{
    tenant.id = pg::id<TenantId>(row[0]);
    tenant.name = pg::text(row[1]);
    tenant.email = normalize_email(pg::text(row[2]));
    if (auto const product = pg::text(row[3]); product != tenant.product.code())
        tenant.product = product;  // seldom, as it needs a look-up
    tenant.suspended = pg::is_true(row[4]);
    tenant.age = pg::if_there(row[5], pg::seconds);
    tenant.has_name_for_index = !pg::is_true(row[9]);
    tenant.admin = admin_in(row);
    tenant.further_admins.clear();
}

/// A tenant has a row for each admin that was asked for, and at least one. A user has several where
/// the tenant has several roles with the admin's name.
void add_admin(pg::Row const& row, Tenant& tenant)
{
    auto admin = admin_in(row);
    auto const& last = tenant.further_admins.empty() ? *tenant.admin : tenant.further_admins.back();
    if (admin->user != last.user)
        tenant.further_admins.push_back(std::move(*admin));
}

class TenantRows final : public TenantStream
{
public:
    TenantRows(std::unique_ptr<pg::RowStream> rows, Admins admins)
        : rows_{std::move(rows)}, admins_{admins}
    {}

    bool next(Tenant& into) override
    {
        if (!is_ahead_)
            row_ = rows_->next();
        is_ahead_ = false;
        if (!row_)
            return false;
        read_tenant(*row_, into);
        if (admins_ == Admins::All) {
            while ((row_ = rows_->next()) && pg::id<TenantId>((*row_)[0]) == into.id)
                add_admin(*row_, into);
            is_ahead_ = true;
        }
        return true;
    }

    std::chrono::nanoseconds waited() const override { return rows_->waited(); }

private:
    std::unique_ptr<pg::RowStream> rows_;
    Admins admins_;
    pg::Row const* row_ = nullptr;
    bool is_ahead_ = false;  ///< `row_` is of the next tenant
};

std::string select_tenants(SchemaProfile const& profile, Admins admins, std::string_view and_admin,
                           std::string_view and_tenant)
{
    auto sql = pg::with(kSelectTenants, "{one_a_tenant}",
                        admins == Admins::First ? "DISTINCT ON (t.tenant)" : "");
    sql = pg::with(std::move(sql), "{and_admin_is_selected}", and_admin);
    return profile.fill(pg::with(std::move(sql), "{and_tenant_is_selected}", and_tenant));
}

}  // namespace

NamedTenant find_management_tenant(Transaction& tx, SchemaProfile const& profile,
                                   std::optional<TenantId> pinned, std::string_view name)
{
    auto const rows = pinned ? pg::exec(tx, profile.fill(kFindPinned), {*pinned})
                             : pg::exec(tx, profile.fill(kFindNamed), {name});
    if (rows.size() == 1)
        return {pg::id<TenantId>(rows[0][0]), std::string{pg::text(rows[0][1])}};
    if (pinned)
        throw ManagementTenantUnknown{
            fmt::format("no tenant has the id {}: set management.tenant-id to the vendor's own",
                        pinned->str())};
    if (rows.empty())
        throw ManagementTenantUnknown{
            fmt::format("no tenant is named \"{}\": set management.tenant-name, or better pin "
                        "management.tenant-id",
                        printable(name))};
    throw ManagementTenantUnknown{
        fmt::format("{} tenants are named \"{}\" (the first is {}): pin management.tenant-id",
                    rows.size(), printable(name), pg::text(rows[0][0]))};
}

std::vector<NamedTenant> find_tenants(Transaction& tx, SchemaProfile const& profile,
                                      std::string_view id_or_name)
{
    auto const id = TenantId::parse(id_or_name).value_or(TenantId{});
    return each_of(pg::exec(tx, profile.fill(kFindTenants), {id, id_or_name}), [](auto const& row) {
        return NamedTenant{pg::id<TenantId>(row[0]), std::string{pg::text(row[1])}};
    });
}

std::unique_ptr<TenantStream> read_tenants(Transaction& tx, SchemaProfile const& profile,
                                           TenantId management, Admins admins, Fetching fetching)
{
    return std::make_unique<TenantRows>(
        pg::stream(tx, "tenants_in_order", select_tenants(profile, admins, "", ""), {management},
                   fetching),
        admins);
}

std::unique_ptr<TenantStream> read_tenants_of(Transaction& tx, SchemaProfile const& profile,
                                              TenantId management, Admins admins,
                                              std::span<TenantId const> tenants)
{
    return std::make_unique<TenantRows>(
        pg::stream(tx, "tenants_in_order",
                   select_tenants(profile, admins, kAndAdminIsSelected, kAndTenantIsSelected),
                   {management, pg::array_of(tenants)}, Fetching::InPieces),
        admins);
}

std::future<std::vector<TenantId>> ask_for_existing_tenants(Transaction& tx,
                                                            SchemaProfile const& profile,
                                                            std::span<TenantId const> tenants)
{
    return pg::ask(tx, profile.fill(kSelectExisting), {pg::array_of(tenants)},
                   &pg::first_column<TenantId>);
}

}  // namespace tracking::models
