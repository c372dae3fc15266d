#include "job/report/wording.hpp"

#include "job/report/tally.hpp"

#include "models/looks/looks.hpp"
#include "models/rules/text.hpp"
#include "models/values/lists.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tracking::job {

using reconcile::DriftKind;

namespace {

std::string person(std::string_view full_name, std::string_view email)
{
    return fmt::format("{} <{}>", models::printable(full_name), models::printable(email, 254));
}

std::string person_in(models::PlannedContact const* contact)
{
    return person(contact->full_name, contact->email);
}

std::string people(std::vector<models::PlannedContact const*> const& contacts)
{
    return fmt::format("{}", fmt::join(models::each_of(contacts, person_in), " and "));
}

std::string address_of(models::RetiringContact const& contact)
{
    return models::printable(contact.email, 254);
}

struct Describe
{
    std::string operator()(models::CreateCustomer const& change) const
    {
        return fmt::format(
            "create company {} with tag {} and {}", in_quotes(change.name), in_quotes(change.tag),
            change.contact ? "contact " + people(contacts_of(change)) : "no contact");
    }
    std::string operator()(models::LinkCompany const&) const
    {
        return "link the company, as a person has decided: stamp the tenant's id";
    }
    std::string operator()(models::IgnoreCompany const&) const
    {
        return "leave the company alone from now on, as a person has decided: its "
               "properties.reconcile will say \"ignore\"";
    }
    std::string operator()(models::AdoptCompany const&) const
    {
        return "link the company: stamp the tenant's id";
    }
    std::string operator()(models::RepairTag const& change) const
    {
        return "add the tag " + in_quotes(change.tag);
    }
    std::string operator()(models::RepairContact const& change) const
    {
        return "add the contact " + people(contacts_of(change));
    }
    std::string operator()(models::ChangeContacts const& change) const
    {
        auto const all = models::each_of(change.contacts, [](auto const& one) {
            return fmt::format("{} to {}", person(one.former_name, one.former_email),
                               person(one.full_name, one.email));
        });
        return fmt::format("change the contact {}", fmt::join(all, ", and "));
    }
    std::string operator()(models::RetireContacts const& change) const
    {
        return fmt::format("make the contact {} inactive",
                           fmt::join(models::each_of(change.contacts, address_of), " and "));
    }
    std::string operator()(models::RenameCompany const& change) const
    {
        auto words = fmt::format("rename {} to {}", in_quotes(change.from), in_quotes(change.to));
        if (models::look_the_same(change.from, change.to)) {
            auto const [before, after] = models::difference_between(change.from, change.to);
            words += fmt::format(" ({} becomes {})", before, after);
        }
        return words;
    }
    std::string operator()(models::Reactivate const& change) const
    {
        std::vector<std::string> active;
        if (change.was_inactive)
            active.emplace_back("the company");
        if (!change.email.empty())
            active.push_back("its contact " + models::printable(change.email, 254));
        if (!change.contacts.empty())
            active.push_back(fmt::format("{} of its contacts", change.contacts.size()));
        std::vector<std::string> steps;
        if (!active.empty())
            steps.push_back(fmt::format("make {} active again", fmt::join(active, " and ")));
        if (!change.canceled_tag.empty())
            steps.push_back(fmt::format("take the tag {} off", in_quotes(change.canceled_tag)));
        return fmt::format("{}", fmt::join(steps, ", "));
    }
    std::string operator()(models::CleanUp const& change) const
    {
        return fmt::format("make the company and its contacts inactive, add the tag {}",
                           in_quotes(change.canceled_tag));
    }
    std::string operator()(models::Untag const& change) const
    {
        return fmt::format("take the tag {} from the company, which stays active",
                           fmt::join(models::each_of(change.tags, in_quotes), " and "));
    }
    std::string operator()(models::DeleteCustomer const& change) const
    {
        return fmt::format("delete the company, and with it {}, {} and {}",
                           counted(change.contacts, "contact", "contacts"),
                           counted(change.tags, "tag mapping", "tag mappings"),
                           counted(change.billing_profiles, "billing profile", "billing profiles"));
    }
    std::string operator()(models::Restore const& change) const
    {
        return fmt::format("{}", fmt::join(effects_of(change), "; "));
    }
};

/// The values of a change, see values_of().
struct Values
{
    using All = std::vector<ValueChange>;

    All operator()(models::CreateCustomer const&) const { return {}; }
    All operator()(models::DeleteCustomer const&) const { return {}; }
    All operator()(models::LinkCompany const& change) const { return link(change); }
    All operator()(models::AdoptCompany const& change) const { return link(change); }
    All operator()(models::IgnoreCompany const&) const
    {
        return {{"reconcile", "", in_quotes("ignore")}};
    }
    All operator()(models::RepairTag const& change) const
    {
        return {{"tag", "", in_quotes(change.tag)}};
    }
    All operator()(models::RepairContact const& change) const
    {
        return models::each_of(contacts_of(change), [](auto const* contact) {
            return ValueChange{"contact", "", person_in(contact)};
        });
    }
    All operator()(models::ChangeContacts const& change) const
    {
        return models::each_of(change.contacts, [](auto const& one) {
            return ValueChange{"contact", person(one.former_name, one.former_email),
                               person(one.full_name, one.email)};
        });
    }
    All operator()(models::RetireContacts const& change) const
    {
        return models::each_of(change.contacts, [](auto const& one) {
            return ValueChange{"contact", address_of(one), ""};
        });
    }
    All operator()(models::RenameCompany const& change) const
    {
        return {{"name", in_quotes(change.from), in_quotes(change.to)}};
    }
    All operator()(models::Reactivate const& change) const
    {
        All all;
        if (change.was_inactive)
            all.push_back({"state", "inactive", "active"});
        if (!change.canceled_tag.empty())
            all.push_back({"tag", in_quotes(change.canceled_tag), ""});
        return all;
    }
    All operator()(models::CleanUp const& change) const
    {
        return {{"state", "active", "inactive"}, {"tag", "", in_quotes(change.canceled_tag)}};
    }
    All operator()(models::Untag const& change) const
    {
        return models::each_of(change.tags, [](auto const& tag) {
            return ValueChange{"tag", in_quotes(tag), ""};
        });
    }
    All operator()(models::Restore const& change) const
    {
        All all;
        if (change.renamed)
            all.push_back({"name", in_quotes(change.renamed->by), in_quotes(change.renamed->was)});
        if (change.was_inactive)
            all.push_back({"state", *change.was_inactive ? "active" : "inactive",
                           *change.was_inactive ? "inactive" : "active"});
        return all;
    }

private:
    static All link(auto const& change)
    {
        return {{"link", change.link_text ? in_quotes(*change.link_text) : "nothing",
                 in_quotes(change.tenant.str())}};
    }
};

constexpr std::string_view kLink = "customer-reconcile link {} {} --reason \"...\"";

/// One command a tenant: which company it gets is to be filled in, unless only one side has
/// several. All pairs would be too many.
void add_links(std::vector<std::string>& commands, reconcile::Group const& group)
{
    auto const& [tenants, companies] = group;
    if (tenants.size() == 1) {
        for (auto const& company : models::first_of(companies, kNamedOfGroup))
            commands.push_back(fmt::format(kLink, tenants.front().id.str(), company.id.str()));
        return;
    }
    for (auto const& tenant : models::first_of(tenants, kNamedOfGroup))
        commands.push_back(
            fmt::format(kLink, tenant.id.str(),
                        companies.size() == 1 ? companies.front().id.str() : "COMPANY"));
}

/// `40 min`, `49 h`, `12 days`
std::string age_text(std::chrono::seconds age)
{
    using namespace std::chrono;
    if (age < hours{2})
        return fmt::format("{} min", duration_cast<minutes>(age).count());
    if (age < days{10})
        return fmt::format("{} h", duration_cast<hours>(age).count());
    return fmt::format("{} days", duration_cast<days>(age).count());
}

}  // namespace

std::vector<ValueChange> values_of(models::Change const& change)
{
    return std::visit([](auto const& one) { return Values{}(models::unboxed(one)); }, change);
}

std::string way_to_ignore(models::CompanyId company)
{
    return fmt::format("customer-reconcile ignore {} --reason \"...\"", company.str());
}

std::vector<std::string> ways_out(reconcile::Drift const& drift)
{
    constexpr std::string_view kExplain = "customer-reconcile explain {}";
    std::vector<std::string> commands;
    bool const has_namesake =
        drift.is_due() && drift.kind == DriftKind::Missing && !drift.candidates.empty();
    if (fate_of(drift) != Fate::Undecided && !has_namesake)
        return commands;
    bool const is_unclaimed =
        drift.kind == DriftKind::Unlinked || (drift.kind == DriftKind::Invalid && !drift.tenant);
    if (is_unclaimed && drift.company)
        commands.push_back(fmt::format(kLink, "TENANT", drift.company->str()));
    if ((drift.kind == DriftKind::Unlinked || drift.kind == DriftKind::Duplicate) && drift.company)
        commands.push_back(way_to_ignore(*drift.company));
    for (auto const& candidate : drift.candidates)
        commands.push_back(has_namesake ? fmt::format(kLink, drift.tenant->str(), candidate.str())
                                        : way_to_ignore(candidate));
    if (auto const* const group = reconcile::group_of(drift))
        add_links(commands, *group);
    if (commands.empty() && (drift.tenant || drift.company))
        commands.push_back(
            fmt::format(kExplain, drift.tenant ? drift.tenant->str() : drift.company->str()));
    return commands;
}

std::string describe(models::Change const& change)
{
    return std::visit(Describe{}, change);
}

std::string describe(reconcile::StaleChange const& stale)
{
    if (!stale.instead)
        return stale.found;
    return fmt::format("another change is due now: {}{}{}", describe(*stale.instead),
                       stale.found.empty() ? "" : "; ", stale.found);
}

std::string in_quotes(std::string_view name)
{
    return '"' + models::printable(name) + '"';
}

std::string counted(std::size_t count, std::string_view one, std::string_view many)
{
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string age_of(reconcile::Drift const& drift)
{
    std::vector<std::string> parts;
    if (drift.seen)
        parts.push_back(
            fmt::format("seen by {}, for {}",
                        counted(static_cast<std::size_t>(drift.seen->runs), "run", "runs"),
                        age_text(drift.seen->age)));
    if (drift.tenant_age)
        parts.push_back(fmt::format("the tenant is {} old", age_text(*drift.tenant_age)));
    return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace tracking::job
