#include "tests/support/worlds/reconcile_builders.hpp"

#include "models/values/errors.hpp"
#include "reconcile/reading/look_up.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace tracking::reconcile::builders {

namespace {

template <class Base, class Row>
class VectorStream final : public Base
{
public:
    explicit VectorStream(std::vector<Row> rows) : rows_{std::move(rows)} {}

    bool next(Row& into) override
    {
        if (at_ == rows_.size())
            return false;
        into = rows_[at_++];
        return true;
    }

private:
    std::vector<Row> rows_;
    std::size_t at_ = 0;
};

using Companies = VectorStream<models::CompanyStream, models::Company>;
using Tenants = VectorStream<models::TenantStream, models::Tenant>;

Companies stream_of_companies(World const& world)
{
    std::vector<models::Company> rows;
    std::ranges::copy_if(world.companies, std::back_inserter(rows),
                         [](auto const& one) { return one.link_text || !one.tags.empty(); });
    // By id only within one link: an absent link comes before all others, in the world's order.
    std::ranges::stable_sort(rows, {}, [](auto const& one) { return one.link; });
    return Companies{std::move(rows)};
}

Tenants stream_of_tenants(World const& world)
{
    auto rows = world.tenants;
    std::erase_if(rows, [](auto const& one) { return one.id == management(); });
    std::ranges::sort(rows, {}, &models::Tenant::id);
    return Tenants{std::move(rows)};
}

class WorldLookup final : public models::CompanyLookup
{
public:
    explicit WorldLookup(World const& world) : world_{world} {}

    std::vector<models::Company> named(std::span<std::string const> names) override
    {
        std::unordered_set<std::string_view> const wanted{names.begin(), names.end()};
        std::vector<models::Company> found;
        std::ranges::copy_if(world_.companies, std::back_inserter(found),
                             [&](auto const& one) { return wanted.contains(one.name); });
        return found;
    }

    std::vector<models::Company> with_ids(std::span<models::CompanyId const> ids) override
    {
        std::unordered_set<models::CompanyId> const wanted{ids.begin(), ids.end()};
        std::vector<models::Company> found;
        std::ranges::copy_if(world_.companies, std::back_inserter(found),
                             [&](auto const& one) { return wanted.contains(one.id); });
        return found;
    }

    std::vector<models::Company> unlinked(
        std::function<bool(std::string_view)> const& is_wanted) override
    {
        std::vector<models::Company> found;
        std::ranges::copy_if(world_.companies, std::back_inserter(found), [&](auto const& one) {
            return !one.link_text && is_wanted(one.name);
        });
        return found;
    }

    std::vector<models::EmailHolder> holders_of(std::span<std::string const> emails) override
    {
        std::unordered_set<std::string_view> const wanted{emails.begin(), emails.end()};
        std::vector<models::EmailHolder> found;
        auto const add = [&](models::EmailHolder holder) {
            if (wanted.contains(holder.email))
                found.push_back(std::move(holder));
        };
        for (auto const& one : world_.companies) {
            for (auto const& email : one.emails)
                add({email, one.id, one.name, contact_of(one.id, email)});
        }
        for (auto const& email : world_.lone_contacts)
            add({email, std::nullopt, {}});
        return found;
    }

private:
    std::optional<models::ContactId> contact_of(models::CompanyId company,
                                                std::string const& email) const
    {
        for (auto const& contact : world_.own_contacts) {
            if (contact.company == company && contact.email == email)
                return contact.id;
        }
        return std::nullopt;
    }

    World const& world_;
};

/// The rows of those companies.
template <class Row>
std::vector<Row> of_companies(std::vector<Row> const& rows,
                              std::span<models::CompanyId const> companies)
{
    std::vector<Row> found;
    std::ranges::copy_if(rows, std::back_inserter(found), [&](Row const& row) {
        return std::ranges::find(companies, row.company) != companies.end();
    });
    return found;
}

/// One change, as the database would do it.
class Writer
{
public:
    explicit Writer(World& world) : world_{world} {}

    models::Receipt operator()(models::CreateCustomer const& change)
    {
        require_free(change.name);
        models::Company made{.id = change.company, .name = change.name, .tags = {change.tag}};
        link(made, change.tenant);
        for (auto const* const contact : contacts_of(change))
            add_contact(made, *contact);
        world_.companies.push_back(std::move(made));
        return {};
    }

    models::Receipt operator()(models::LinkCompany const& change)
    {
        return (*this)(
            models::AdoptCompany{change.tenant, change.company, change.name, change.link_text});
    }

    models::Receipt operator()(models::IgnoreCompany const& change)
    {
        auto* company = find(change.company);
        if (!company || company->name != change.name || company->link_text != change.link_text)
            return stale();
        company->ignored = true;
        return {};
    }

    models::Receipt operator()(models::AdoptCompany const& change)
    {
        auto* company = find(change.company);
        if (!company || company->name != change.name || company->link_text != change.link_text)
            return stale();
        link(*company, change.tenant);
        return {};
    }

    models::Receipt operator()(models::RepairTag const& change)
    {
        auto* company = customer_of(change);
        if (!company)
            return stale();
        company->tags.push_back(change.tag);
        return {};
    }

    models::Receipt operator()(models::RepairContact const& change)
    {
        auto* company = customer_of(change);
        if (!company)
            return stale();
        for (auto const* const contact : contacts_of(change))
            add_contact(*company, *contact);
        return {};
    }

    models::Receipt operator()(models::ChangeContacts const& change)
    {
        auto* company = customer_of(change);
        if (!company)
            return stale();
        for (auto const& one : change.contacts) {
            auto const own =
                std::ranges::find(world_.own_contacts, one.id, &models::OwnContact::id);
            auto const written =
                std::ranges::find(world_.written, one.id, &models::WrittenContact::contact);
            own->email = written->email = one.email;
            own->full_name = written->full_name = one.full_name;
            for (auto& contact : company->notable) {
                if (contact.email == one.former_email) {
                    contact.email = one.email;
                    contact.full_name = one.full_name;
                }
            }
            std::ranges::replace(company->emails, std::string{one.former_email},
                                 std::string{one.email});
        }
        return {};
    }

    models::Receipt operator()(models::RetireContacts const& change)
    {
        auto* company = customer_of(change);
        if (!company)
            return stale();
        for (auto const& one : change.contacts) {
            std::erase_if(world_.own_contacts, [&](auto const& own) { return own.id == one.id; });
            for (auto& contact : company->notable)
                contact.inactive = contact.inactive || contact.email == one.email;
        }
        return {};
    }

    models::Receipt operator()(models::RenameCompany const& change)
    {
        auto* company = customer_of(change);
        if (!company || company->name != change.from)
            return stale();
        if (!change.together)
            require_free(change.to);
        company->name = change.to;
        return {};
    }

    models::Receipt operator()(models::Reactivate const& change)
    {
        auto* company = customer_of(change);
        if (!company)
            return stale();
        std::erase_if(world_.clean_ups,
                      [&](auto const& past) { return past.company == change.company; });
        company->inactive = false;
        company->canceled = false;
        std::erase_if(company->notable, [&](auto const& contact) {
            return contact.inactive && contact.email == change.email;
        });
        return {};
    }

    models::Receipt operator()(models::CleanUp const& change)
    {
        auto* company = customer_of(change);
        if (!company || std::ranges::count(world_.tenants, change.tenant, &models::Tenant::id) != 0)
            return stale();
        company->inactive = true;
        company->canceled = true;
        return {};
    }

    models::Receipt operator()(models::Untag const& change)
    {
        auto* company = customer_of(change);
        if (!company || company->tags != change.tags)
            return stale();
        company->tags.clear();
        return {};
    }

    models::Receipt operator()(models::DeleteCustomer const& change)
    {
        auto* company = customer_of(change);
        if (!company || company->name != change.name)
            return stale();
        std::erase_if(world_.companies, [&](auto const& one) { return one.id == change.company; });
        return {};
    }

    models::Receipt operator()(models::Restore const&) { return stale(); }

private:
    static models::Receipt stale() { return {.outcome = models::Outcome::Stale}; }

    models::Company* find(models::CompanyId id)
    {
        auto const found = std::ranges::find(world_.companies, id, &models::Company::id);
        return found == world_.companies.end() ? nullptr : &*found;
    }

    models::Company* customer_of(auto const& change)
    {
        auto* company = find(change.company);
        return company && company->link == change.tenant ? company : nullptr;
    }

    static void link(models::Company& company, models::TenantId to)
    {
        if (!company.can_carry_link)
            throw models::StatementFailed{"cannot set path in scalar", "22023"};
        company.link = to;
        company.link_text = to.str();
    }

    void require_free(std::string const& name)
    {
        if (std::ranges::count(world_.companies, name, &models::Company::name) != 0)
            throw models::StatementFailed{"the name is taken", "23505"};
    }

    void add_contact(models::Company& company, models::PlannedContact const& contact)
    {
        std::string const& email = contact.email;
        if (!WorldLookup{world_}.holders_of({&email, 1}).empty())
            throw models::StatementFailed{"the e-mail is taken", "23505"};
        company.emails.push_back(email);
    }

    World& world_;
};

}  // namespace

State read(World const& world, Policy const& policy)
{
    return read(world, policy, [&](auto const& tenant, auto const* company) {
        return company && !is_in_order(tenant, *company, policy);
    });
}

State read(World const& world, Policy const& policy, Keep const& keep)
{
    auto companies = stream_of_companies(world);
    auto tenants = stream_of_tenants(world);
    auto state = merge({management(), today()}, companies, tenants, policy, keep);
    WorldLookup lookup{world};
    WorldLookup beside{world};
    WorldPeople people{world};
    look_up(state, {lookup, people, &beside}, policy);
    return state;
}

std::vector<models::OwnContact> WorldPeople::own_contacts(
    std::span<models::CompanyId const> companies)
{
    return of_companies(world_.own_contacts, companies);
}

std::vector<models::WrittenContact> WorldPeople::written(
    std::span<models::CompanyId const> companies)
{
    return of_companies(world_.written, companies);
}

std::vector<models::PastCleanUp> WorldPeople::clean_ups(
    std::span<models::CompanyId const> companies)
{
    return of_companies(world_.clean_ups, companies);
}

std::vector<models::ActiveUser> WorldPeople::users(models::UsersSought const& sought)
{
    std::vector<models::ActiveUser> found;
    std::ranges::copy_if(world_.users, std::back_inserter(found), [&](auto const& user) {
        return std::ranges::count(sought.tenants, user.tenant) > 0 &&
               (std::ranges::count(sought.emails, user.email) > 0 ||
                std::ranges::count(sought.ids, user.id) > 0);
    });
    return found;
}

Plan plan(World const& world, Policy const& policy)
{
    return diff(read(world, policy), policy);
}

std::vector<std::string> said(Plan const& plan)
{
    std::vector<std::string> lines;
    for (auto const& drift : plan.drift) {
        std::string line{name_of(drift.kind)};
        if (drift.restraint != Restraint::None)
            line.append(": ").append(name_of(drift.restraint));
        lines.push_back(std::move(line));
    }
    return lines;
}

std::vector<models::Change> due(Plan const& plan)
{
    std::vector<models::Change> changes;
    for (auto const& drift : plan.drift) {
        if (drift.is_due())
            changes.push_back(*drift.change);
    }
    return changes;
}

Drift const& only(DriftKind kind, Plan const& plan)
{
    if (std::ranges::count(plan.drift, kind, &Drift::kind) != 1)
        throw std::logic_error{"not exactly one drift is " + std::string{name_of(kind)}};
    return *std::ranges::find(plan.drift, kind, &Drift::kind);
}

models::CreateCustomer create_of(models::TenantId tenant, Plan const& plan)
{
    for (auto const& drift : plan.drift) {
        if (drift.tenant == tenant && drift.change && drift.kind == DriftKind::Missing)
            return *models::as<models::CreateCustomer>(*drift.change);
    }
    throw std::logic_error{"no create for tenant " + tenant.str()};
}

std::vector<models::Receipt> RecordingSink::write(std::span<models::Change const> batch)
{
    ++tries;
    auto after = world_;
    std::vector<models::Receipt> receipts;
    for (auto const& change : batch) {
        if (before_each)
            before_each(change);
        receipts.push_back(std::visit(Writer{after}, change));
    }
    world_ = std::move(after);
    batches.emplace_back(batch.begin(), batch.end());
    return receipts;
}

void RecordingSink::record_failure(models::Change const& change, models::Receipt const&)
{
    failures.push_back(change);
}

Applied apply_to(World& world, Plan const& plan, std::size_t size)
{
    RecordingSink sink{world};
    Applied applied;
    apply(plan, sink, size, applied, [](std::size_t, std::size_t) {});
    return applied;
}

}  // namespace tracking::reconcile::builders
