#include "models/values/change.hpp"
#include "models/values/change_sink.hpp"

#include "models/values/described.hpp"

#include <algorithm>

namespace tracking::models {

namespace {

template <class... Kinds>
consteval bool all_say_what_they_are(std::type_identity<std::variant<Kinds...>>)
{
    return (SaysWhatItIs<Kinds>::value && ...);
}

static_assert(all_say_what_they_are(std::type_identity<Change>{}),
              "a change is described with all its members, and the type of each says what it is: "
              "see models/values/strong.hpp");

}  // namespace

std::string_view name_of(Change const& change)
{
    return std::visit([](auto const& one) { return unboxed(one).kName; }, change);
}

std::vector<Change> blank_changes()
{
    std::vector<Change> all;
    boost::mp11::mp_for_each<boost::mp11::mp_iota_c<std::variant_size_v<Change>>>(
        [&](auto kind) { all.emplace_back(std::in_place_index<kind>); });
    return all;
}

std::optional<Change> blank_change(std::string_view name)
{
    static auto const all = blank_changes();
    auto const found =
        std::ranges::find(all, name, [](Change const& change) { return name_of(change); });
    return found == all.end() ? std::nullopt : std::optional{*found};
}

std::vector<PlannedContact const*> contacts_of(CreateCustomer const& change)
{
    std::vector<PlannedContact const*> contacts;
    if (change.contact)
        contacts.push_back(&*change.contact);
    for (auto const& contact : change.further_contacts)
        contacts.push_back(&contact);
    return contacts;
}

std::vector<PlannedContact const*> contacts_of(RepairContact const& change)
{
    std::vector<PlannedContact const*> contacts{&change.contact};
    for (auto const& contact : change.further_contacts)
        contacts.push_back(&contact);
    return contacts;
}

std::optional<CompanyId> together_with(Change const& change)
{
    return std::visit(
        [](auto const& one) -> std::optional<CompanyId> {
            if constexpr (requires { unboxed(one).together; })
                return unboxed(one).together;
            else
                return std::nullopt;
        },
        change);
}

Effect Restore::effect() const
{
    return has_removed_company ? Effect::Makes
           : has_made_company  ? Effect::TakesAway
                               : Effect::Changes;
}

Effect effect_of(Change const& change)
{
    return std::visit([](auto const& one) { return unboxed(one).effect(); }, change);
}

std::vector<std::string> effects_of(Restore const& restore)
{
    std::vector<std::string> effects;
    if (restore.has_made_company)
        return {
            "remove the company with what was made with it; where it was touched since, make "
            "it inactive instead"};
    if (restore.has_removed_company)
        effects.emplace_back("put the company back as it was");
    if (restore.renamed)
        effects.push_back("rename the company back");
    if (restore.properties)
        effects.emplace_back("put back what the company's properties held");
    if (restore.was_inactive)
        effects.emplace_back(*restore.was_inactive ? "make the company inactive again"
                                                   : "make the company active again");
    auto const contacts = restore.deactivated.size() + restore.activated.size();
    if (contacts > 0)
        effects.push_back(std::to_string(contacts) + " of its contacts too");
    if (!restore.changed.empty())
        effects.emplace_back("give its contacts their former names and addresses");
    if (!restore.made.empty())
        effects.emplace_back("take away the contacts and tags that were added");
    if (!restore.removed.empty() && !restore.has_removed_company)
        effects.emplace_back("put the contacts and tags back that were taken away");
    return effects;
}

TenantId tenant_of(Change const& change)
{
    return std::visit([](auto const& one) { return unboxed(one).tenant; }, change);
}

CompanyId company_of(Change const& change)
{
    return std::visit([](auto const& one) { return unboxed(one).company; }, change);
}

CompanyId made_company_id(TenantId management, TenantId tenant, std::size_t attempt)
{
    return name_based<CompanyId>(management, "company:" + tenant.str() + std::string(attempt, '+'));
}

ContactId made_contact_id(TenantId management, CompanyId company, std::string_view email)
{
    return name_based<ContactId>(management, "contact:" + company.str() + ":" + std::string{email});
}

ContactId next_contact_id(TenantId management, ContactId taken)
{
    return name_based<ContactId>(management, "contact beside:" + taken.str());
}

MappingId made_mapping_id(TenantId management, TagId tag, CompanyId company)
{
    return name_based<MappingId>(management, tag.str() + ":" + company.str());
}

std::string made_notes(std::string_view tag, std::string_view tenant_name)
{
    return std::string{tag} + " - Tenant: " + std::string{tenant_name};
}

std::string_view name_of(Outcome outcome)
{
    switch (outcome) {
        case Outcome::Applied:
            return "applied";
        case Outcome::AlreadyPresent:
            return "already_present";
        case Outcome::Stale:
            return "stale";
        case Outcome::Failed:
            return "failed";
        case Outcome::Rehearsed:
            return "rehearsed";
    }
    return "unknown";
}

Outcome outcome_named(std::string_view name)
{
    using enum Outcome;
    for (auto const outcome : {Applied, AlreadyPresent, Stale})
        if (name_of(outcome) == name)
            return outcome;
    return Failed;
}

RowsWritten& RowsWritten::operator+=(RowsWritten const& other)
{
    companies += other.companies;
    contacts += other.contacts;
    tags += other.tags;
    return *this;
}

}  // namespace tracking::models
