#pragma once

#include "models/values/change.hpp"
#include "models/values/change_sink.hpp"
#include "models/values/company.hpp"
#include "models/values/people.hpp"
#include "models/values/tenant.hpp"
#include "reconcile/apply/apply.hpp"
#include "reconcile/diff/diff.hpp"
#include "reconcile/policy/policy.hpp"
#include "reconcile/reading/state.hpp"

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace tracking::models {

// How a failing test shows what it found.
void PrintTo(Change const& change, std::ostream* out);
std::ostream& operator<<(std::ostream& out, Outcome outcome);

}  // namespace tracking::models

namespace tracking::reconcile {

std::ostream& operator<<(std::ostream& out, DriftKind kind);
std::ostream& operator<<(std::ostream& out, Restraint restraint);
std::ostream& operator<<(std::ostream& out, Drift const& drift);

namespace builders {

/// Ids in the order of their numbers; the number is in the first eight digits.
models::TenantId tenant_id(unsigned number);
models::CompanyId company_id(unsigned number);

/// "Tenant N", a year old, on the product `psa`, with the admin "admin-N@example.com".
struct TenantBuilder : models::Tenant
{
    TenantBuilder called(std::string text) &&;
    TenantBuilder on(std::string product_code) &&;
    TenantBuilder aged(std::optional<std::chrono::seconds> time) &&;
    TenantBuilder made_suspended() &&;
    TenantBuilder admin_at(std::string address) &&;
    TenantBuilder without_admin() &&;
    TenantBuilder own_address(std::string address) &&;
};
TenantBuilder tenant(unsigned number);

/// Made by hand: "Company N", active, without tag, link and contact.
struct CompanyBuilder : models::Company
{
    CompanyBuilder called(std::string text) &&;
    CompanyBuilder linked(models::TenantId to) &&;
    CompanyBuilder links_as(std::string spelling) &&;  ///< the same link in another spelling
    CompanyBuilder link_holds(std::string json) &&;    ///< what cannot be read as a link
    CompanyBuilder link_says(std::string text) &&;
    CompanyBuilder unlinked() &&;
    CompanyBuilder tagged(std::string tag = "PSA Customer") &&;
    CompanyBuilder untagged() &&;
    CompanyBuilder contact(std::string email) &&;
    CompanyBuilder without_contacts() &&;
    CompanyBuilder made_inactive() &&;
    CompanyBuilder says_ignore() &&;
    CompanyBuilder with_odd_properties() &&;
};
CompanyBuilder company(unsigned number);

/// All that the tenant's customer should be.
CompanyBuilder customer(unsigned number, models::Tenant const& of);

/// What the old workflow wrote: the tenant's name where its id should be.
CompanyBuilder legacy(unsigned number, models::Tenant const& of);

/// Both sides, in no particular order.
struct World
{
    std::vector<models::Tenant> tenants;
    std::vector<models::Company> companies;
    std::vector<std::string> lone_contacts{};  ///< addresses of contacts without company
    // Who stands behind the contacts; only where a test is about them.
    std::vector<models::OwnContact> own_contacts{};
    std::vector<models::WrittenContact> written{};
    std::vector<models::ActiveUser> users{};
    std::vector<models::PastCleanUp> clean_ups{};
    std::vector<models::OftenChanged> often_changed{};
};

/// Looks people up in a World.
class WorldPeople final : public models::PeopleLookup
{
public:
    explicit WorldPeople(World const& world) : world_{world} {}

    std::vector<models::OwnContact> own_contacts(
        std::span<models::CompanyId const> companies) override;
    std::vector<models::WrittenContact> written(
        std::span<models::CompanyId const> companies) override;
    std::vector<models::PastCleanUp> clean_ups(
        std::span<models::CompanyId const> companies) override;
    std::vector<models::OftenChanged> often_changed() override { return world_.often_changed; }
    std::vector<models::ActiveUser> users(models::UsersSought const& sought) override;

private:
    World const& world_;
};

models::TenantId management();
std::chrono::sys_days today();

/// Tracks `psa` and `algadesk` and applies everything, at once.
Policy policy();
Waiver waiver(std::string item, DriftKind kind, std::chrono::sys_days until = today());

State read(World const& world, Policy const& policy);
State read(World const& world, Policy const& policy, Keep const& keep);
Plan plan(World const& world, Policy const& policy = builders::policy());

/// "kind" or "kind: hold" of each drift, in the plan's order.
std::vector<std::string> said(Plan const& plan);
std::vector<models::Change> due(Plan const& plan);

/// The only drift of that kind. @throws std::logic_error unless there is exactly one
Drift const& only(DriftKind kind, Plan const& plan);

/// @throws std::logic_error unless a create is planned for the tenant, held or not
models::CreateCustomer create_of(models::TenantId tenant, Plan const& plan);

/// Writes into a World, refuses what the database's constraints and the premises would refuse,
/// and remembers what it was asked.
class RecordingSink : public models::ChangeSink
{
public:
    explicit RecordingSink(World& world) : world_{world} {}

    std::vector<models::Receipt> write(std::span<models::Change const> batch) override;
    void record_failure(models::Change const& change, models::Receipt const& receipt) override;

    std::vector<std::size_t> sizes(std::span<models::Change const> batch) override
    {
        return std::vector<std::size_t>(batch.size(), bytes_of_each);
    }

    std::size_t bytes_of_each = 0;
    std::function<void(models::Change const&)> before_each;  ///< may throw: the batch is undone
    std::vector<std::vector<models::Change>> batches;        ///< those that were written
    std::vector<models::Change> failures;
    std::size_t tries = 0;

private:
    World& world_;
};

/// Applies what is due in batches of `size`.
Applied apply_to(World& world, Plan const& plan, std::size_t size = 7);

}  // namespace builders
}  // namespace tracking::reconcile
