#include "tests/support/worlds/random_world.hpp"

#include <algorithm>
#include <set>

namespace tracking::reconcile::builders {

namespace {

/// The worlds are the same with every library; std::uniform_int_distribution may not be.
unsigned roll(Dice& dice, unsigned sides)
{
    return static_cast<unsigned>(dice() % sides);
}

bool one_in(Dice& dice, unsigned chances)
{
    return roll(dice, chances) == 0;
}

template <class T>
T any_of(Dice& dice, std::vector<T> const& choices)
{
    return choices[roll(dice, static_cast<unsigned>(choices.size()))];
}

std::string any_address(Dice& dice)
{
    return "admin-" + std::to_string(roll(dice, 25)) + "@example.com";
}

models::Tenant random_tenant(Dice& dice, unsigned number)
{
    auto made = tenant(number);
    if (one_in(dice, 3))
        made.name = any_of<std::string>(dice, {"Acme", "Globex", "Initech", "", " ", "Ünï\n\"x\""});
    if (one_in(dice, 3))
        made.admin->email = any_address(dice);
    if (one_in(dice, 12))
        made.admin->email = any_of<std::string>(dice, {"", "nobody", "ADMIN-3@Example.com "});
    if (one_in(dice, 10))
        made.admin.reset();
    if (one_in(dice, 6))
        made.email = any_of<std::string>(dice, {"", "nowhere", any_address(dice)});
    if (one_in(dice, 4))
        made.product = any_of<std::string>(dice, {"algadesk", "algadesk", "other"});
    made.suspended = one_in(dice, 10);
    if (one_in(dice, 10))
        made.age = any_of<std::optional<std::chrono::seconds>>(
            dice, {std::nullopt, std::chrono::seconds{60}, std::chrono::seconds{-5}});
    return made;
}

class CompanyMaker
{
public:
    explicit CompanyMaker(Dice& dice) : dice_{dice} {}

    /// The companies of one tenant, if any: as they should be, legacy, half made, doubled.
    void make_for(models::Tenant const& tenant)
    {
        if (one_in(dice_, 4))
            return;
        bool const is_linked = !one_in(dice_, 3);
        add(is_linked ? customer(next(), tenant) : legacy(next(), tenant));
        if (one_in(dice_, 10))
            add(is_linked ? customer(next(), tenant) : legacy(next(), tenant));
    }

    /// Companies that track nobody, or somebody who is gone, or whom they should not.
    void make_other(std::vector<models::Tenant> const& tenants)
    {
        auto const& some = any_of(dice_, tenants);
        auto const link = any_of<models::TenantId>(
            dice_, {tenant_id(900 + roll(dice_, 5)), management(), some.id});
        auto const named = company(next()).called(
            one_in(dice_, 3) ? some.name + " (" + some.id.str().substr(0, 8) + ")" : some.name);
        switch (roll(dice_, 4)) {
            case 0:
                add(CompanyBuilder{named}.linked(link));
                break;
            case 1:
                add(CompanyBuilder{named}.link_says(any_of(dice_, tenants).name));
                break;
            case 2:
                add(CompanyBuilder{named}.tagged());
                break;
            default:
                add(CompanyBuilder{named}.contact(any_address(dice_)));
                break;
        }
    }

    std::vector<models::Company> take() { return std::move(made_); }

private:
    unsigned next() { return 100 + 3 * number_++; }

    void add(models::Company company)
    {
        if (one_in(dice_, 6))
            company.tags.clear();
        if (one_in(dice_, 10))
            company.tags = {"AlgaDesk Customer", "PSA Customer"};
        if (one_in(dice_, 4))
            company.emails.clear();
        if (one_in(dice_, 8))
            company.emails.push_back(any_of<std::string>(dice_, {"", any_address(dice_)}));
        company.inactive = one_in(dice_, 8);
        company.ignored = one_in(dice_, 15);
        if (!company.link && one_in(dice_, 8)) {
            company.link_text.reset();
            company.can_carry_link = !one_in(dice_, 2);
        }
        auto const number = company.id.bytes()[3];
        if (company.link && number % 10 == 3)
            company.link_text = "{" + company.link->str() + "}";
        if (company.link && number % 30 == 19) {
            company.link_text = "[\"" + company.link->str() + "\"]";
            company.link.reset();
            company.is_link_legible = false;
        }
        if (one_in(dice_, 8))
            company.name = "Old name " + company.id.str().substr(0, 8);
        while (!names_.insert(company.name).second)
            company.name += " II";
        made_.push_back(std::move(company));
    }

    Dice& dice_;
    std::vector<models::Company> made_;
    std::set<std::string> names_;
    unsigned number_ = 0;
};

}  // namespace

World random_world(Dice& dice)
{
    World world;
    for (unsigned i = 1, count = 20 + roll(dice, 20); i <= count; ++i)
        world.tenants.push_back(random_tenant(dice, i));
    CompanyMaker maker{dice};
    for (auto const& tenant : world.tenants)
        maker.make_for(tenant);
    for (unsigned i = 0, count = roll(dice, 12); i < count; ++i)
        maker.make_other(world.tenants);
    world.companies = maker.take();
    if (one_in(dice, 2))
        world.lone_contacts = {any_address(dice)};
    return world;
}

Policy random_policy(Dice& dice, World const& world)
{
    auto policy = builders::policy();
    if (one_in(dice, 3))
        policy.products = {"psa"};
    if (one_in(dice, 2))
        policy.exclude = {any_of(dice, world.tenants).id};
    if (one_in(dice, 3))
        policy.reach =
            any_of<ChangePolicy>(dice, {ChangePolicy::UpsertOnly, ChangePolicy::CreateOnly});
    if (one_in(dice, 2))
        policy.grace = {};
    for (auto const kind : kDriftKinds) {
        if (one_in(dice, 8))
            policy.handling[kind] = any_of<Handling>(dice, {Handling::Report, Handling::Off});
    }
    for (unsigned i = 0, count = roll(dice, 5); i < count; ++i)
        policy.waivers.push_back(
            waiver(any_of(dice, world.tenants).id.str(),
                   kDriftKinds[roll(dice, static_cast<unsigned>(kDriftKinds.size()))]));
    return policy;
}

}  // namespace tracking::reconcile::builders
