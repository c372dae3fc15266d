#include "models/crm/billing_profile_model.hpp"

#include "models/pg/pg.hpp"
#include "models/values/lists.hpp"

namespace tracking::models {

namespace {

constexpr char const* kInsertBillingProfiles = R"sql(
    INSERT INTO {client_billing_profiles} (tenant, billing_profile_id, client_id, name, is_default,
                                         is_system_managed_default)
    SELECT $1::uuid, want.profile_id, want.client_id, want.name, true, true
      FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS want (profile_id, client_id, name)
)sql";

constexpr char const* kRenameBillingProfiles = R"sql(
    UPDATE {client_billing_profiles} p
       SET name = want.name
      FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[])
           AS want (client_id, profile_id, former, name)
     WHERE p.tenant = $1::uuid
       AND p.client_id = want.client_id
       AND p.billing_profile_id = COALESCE(want.profile_id, p.billing_profile_id)
       AND p.is_system_managed_default
       AND p.name = want.former
    RETURNING p.client_id, p.billing_profile_id
)sql";

constexpr char const* kSelectProfiles = R"sql(
    SELECT p.client_id, p.billing_profile_id, p.is_default AND p.is_system_managed_default
      FROM {client_billing_profiles} p
     WHERE p.tenant = $1::uuid
       AND p.client_id = ANY ($2::uuid[])
)sql";

constexpr char const* kLockProfiles = R"sql(
    SELECT p.billing_profile_id
      FROM {client_billing_profiles} p
     WHERE p.tenant = $1::uuid
       AND p.client_id = ANY ($2::uuid[])
     ORDER BY p.billing_profile_id
       FOR UPDATE
)sql";

constexpr char const* kDeleteProfiles = R"sql(
    DELETE FROM {client_billing_profiles}
     WHERE tenant = $1::uuid
       AND client_id = ANY ($2::uuid[])
)sql";

}  // namespace

BillingProfileModel::BillingProfileModel(SchemaProfile const& profile, TenantId owner)
    : profile_{profile}, owner_{owner}
{}

void BillingProfileModel::create(Transaction& tx, std::span<NewProfile const> profiles) const
{
    if (!are_there() || profiles.empty())
        return;
    auto const id = [&](NewProfile const& one) {
        return name_based<ProfileId>(owner_, "billing profile:" + one.company.str());
    };
    pg::ask(tx, profile_.fill(kInsertBillingProfiles),
            {owner_, pg::array_of(profiles, id), pg::array_of(profiles, &NewProfile::company),
             pg::array_of(profiles, &NewProfile::name)});
}

std::vector<CompanyProfile> BillingProfileModel::rename(Transaction& tx,
                                                        std::span<ProfileName const> names) const
{
    if (!are_there() || names.empty())
        return {};
    auto const column = [&](auto element) { return pg::array_of(names, element); };
    auto const renamed =
        pg::exec(tx, profile_.fill(kRenameBillingProfiles),
                 {owner_, column(&ProfileName::company), column(&ProfileName::profile),
                  column(&ProfileName::former), column(&ProfileName::name)});
    return each_of(renamed, [](auto const& row) {
        return CompanyProfile{pg::id<CompanyId>(row[0]), pg::id<ProfileId>(row[1]), true};
    });
}

std::vector<CompanyProfile> BillingProfileModel::of(Transaction& tx,
                                                    std::span<CompanyId const> companies) const
{
    if (!are_there())
        return {};
    return each_of(pg::exec(tx, profile_.fill(kSelectProfiles), {owner_, pg::array_of(companies)}),
                   [](auto const& row) {
                       return CompanyProfile{pg::id<CompanyId>(row[0]), pg::id<ProfileId>(row[1]),
                                             pg::is_true(row[2])};
                   });
}

void BillingProfileModel::lock(Transaction& tx, std::span<CompanyId const> companies) const
{
    if (are_there())
        pg::ask(tx, profile_.fill(kLockProfiles), {owner_, pg::array_of(companies)});
}

void BillingProfileModel::remove(Transaction& tx, std::span<CompanyId const> companies) const
{
    if (are_there())
        pg::exec(tx, profile_.fill(kDeleteProfiles), {owner_, pg::array_of(companies)});
}

}  // namespace tracking::models
