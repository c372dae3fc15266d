#include "job/report/wording.hpp"

#include "models/rules/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tracking::job {

using reconcile::DriftKind;
using reconcile::Restraint;

namespace {

std::string person(models::PlannedContact const& contact)
{
    return fmt::format("{} <{}>", models::printable(contact.full_name),
                       models::printable(contact.email, 254));
}

struct Describe
{
    std::string operator()(models::CreateCustomer const& change) const
    {
        return fmt::format("create company {} with tag {} and {}", in_quotes(change.name),
                           in_quotes(change.tag),
                           change.contact ? "contact " + person(*change.contact) : "no contact");
    }
    std::string operator()(models::LinkCompany const&) const
    {
        return "link the company, as a person has decided: stamp the tenant's id";
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
        return "add the contact " + person(change.contact);
    }
    std::string operator()(models::RenameCompany const& change) const
    {
        return fmt::format("rename {} to {}", in_quotes(change.from), in_quotes(change.to));
    }
    std::string operator()(models::Reactivate const& change) const
    {
        return change.email.empty()
                   ? "make the company active again"
                   : fmt::format("make the company and its contact {} active again",
                                 models::printable(change.email, 254));
    }
    std::string operator()(models::CleanUp const& change) const
    {
        return fmt::format("make the company and its contacts inactive, add the tag {}",
                           in_quotes(change.canceled_tag));
    }
    std::string operator()(models::Untag const& change) const
    {
        std::vector<std::string> tags;
        for (auto const& tag : change.tags)
            tags.push_back(in_quotes(tag));
        return fmt::format("take the tag {} from the company, which stays active",
                           fmt::join(tags, " and "));
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

}  // namespace

std::vector<std::string> ways_out(reconcile::Drift const& drift)
{
    constexpr std::string_view kLink = "customer-reconcile link {} {} --reason \"...\"";
    std::vector<std::string> commands;
    if (drift.restraint != Restraint::None)
        return commands;
    bool const is_unclaimed =
        drift.kind == DriftKind::Unlinked || (drift.kind == DriftKind::Invalid && !drift.tenant);
    if (is_unclaimed && drift.company)
        commands.push_back(fmt::format(kLink, "TENANT", drift.company->str()));
    for (auto const& candidate : drift.candidates)
        commands.push_back(fmt::format(kLink, drift.tenant->str(), candidate.str()));
    return commands;
}

std::string_view participle_of(Restraint restraint)
{
    switch (restraint) {
        case Restraint::None:
            return "";
        case Restraint::Report:
            return "only reported";
        case Restraint::Policy:
            return "left out by the policy";
        case Restraint::Adoption:
            return "waiting for the link";
        case Restraint::Grace:
            return "in grace";
        case Restraint::Waived:
            return "waived";
        case Restraint::Guard:
            return "held by a guard";
        case Restraint::PlanFile:
            return "not in the plan file";
    }
    return "";
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

std::string age_text(std::chrono::seconds age)
{
    using namespace std::chrono;
    if (age < hours{2})
        return fmt::format("{} min", duration_cast<minutes>(age).count());
    if (age < days{10})
        return fmt::format("{} h", duration_cast<hours>(age).count());
    return fmt::format("{} days", duration_cast<days>(age).count());
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
