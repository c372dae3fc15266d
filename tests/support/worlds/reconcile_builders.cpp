#include "tests/support/worlds/reconcile_builders.hpp"

#include "models/rules/text.hpp"

#include <ostream>
#include <utility>

namespace tracking::models {

namespace {

struct Details
{
    std::string operator()(LinkCompany const& change) const
    {
        return change.name + ", link " + change.link_text.value_or("(none)");
    }
    std::string operator()(IgnoreCompany const& change) const
    {
        return change.name + ", link " + change.link_text.value_or("(none)");
    }
    std::string operator()(AdoptCompany const& change) const
    {
        return change.name + ", link " + change.link_text.value_or("(none)");
    }
    std::string operator()(CreateCustomer const& change) const
    {
        return change.name + ", " + change.tag + ", " +
               (change.contact ? change.contact->email : "no contact");
    }
    std::string operator()(RepairTag const& change) const { return change.tag; }
    std::string operator()(RepairContact const& change) const { return change.contact.email; }
    std::string operator()(ChangeContacts const& change) const
    {
        std::string all;
        for (auto const& one : change.contacts)
            all += one.former_email + " -> " + one.email + " ";
        return all;
    }
    std::string operator()(RetireContacts const& change) const
    {
        std::string all;
        for (auto const& one : change.contacts)
            all += one.email + " ";
        return all;
    }
    std::string operator()(RenameCompany const& change) const
    {
        return change.from + " -> " + change.to + (change.together ? " together" : "");
    }
    std::string operator()(Reactivate const& change) const { return change.email; }
    std::string operator()(CleanUp const& change) const { return change.canceled_tag; }
    std::string operator()(Untag const& change) const
    {
        std::string tags;
        for (auto const& tag : change.tags)
            tags += tag + " ";
        return tags;
    }
    std::string operator()(DeleteCustomer const& change) const { return change.name; }
    std::string operator()(Restore const& change) const { return change.name; }
};

}  // namespace

void PrintTo(Change const& change, std::ostream* out)
{
    *out << name_of(change) << "(tenant " << tenant_of(change) << ", company " << company_of(change)
         << ": " << std::visit(Details{}, change) << ')';
}

std::ostream& operator<<(std::ostream& out, Outcome outcome)
{
    return out << name_of(outcome);
}

}  // namespace tracking::models

namespace tracking::reconcile {

std::ostream& operator<<(std::ostream& out, DriftKind kind)
{
    return out << name_of(kind);
}

std::ostream& operator<<(std::ostream& out, Restraint restraint)
{
    return out << name_of(restraint);
}

std::ostream& operator<<(std::ostream& out, Drift const& drift)
{
    out << drift.kind << " tenant \"" << drift.tenant_name << "\" company \"" << drift.company_name
        << "\": " << drift.detail << " [" << drift.restraint << "] ";
    if (drift.change)
        models::PrintTo(*drift.change, &out);
    return out;
}

namespace builders {

namespace {

template <class Id>
Id numbered(unsigned number, std::uint8_t mark)
{
    models::UuidBytes bytes{};
    for (unsigned i = 0; i < 4; ++i)
        bytes[i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
    bytes[15] = mark;
    return Id{bytes};
}

}  // namespace

models::TenantId tenant_id(unsigned number)
{
    return numbered<models::TenantId>(number, 0x7e);
}

models::CompanyId company_id(unsigned number)
{
    return numbered<models::CompanyId>(number, 0xc0);
}

TenantBuilder tenant(unsigned number)
{
    auto const digits = std::to_string(number);
    TenantBuilder made;
    made.id = tenant_id(number);
    made.name = "Tenant " + digits;
    made.email = "first-admin-" + digits + "@example.com";
    made.product = "psa";
    made.admin = models::Admin{"admin-" + digits + "@example.com", "Ada Admin"};
    made.age = std::chrono::days{365};
    return made;
}

TenantBuilder TenantBuilder::called(std::string text) &&
{
    name = std::move(text);
    return std::move(*this);
}

TenantBuilder TenantBuilder::on(std::string product_code) &&
{
    product = std::move(product_code);
    return std::move(*this);
}

TenantBuilder TenantBuilder::aged(std::optional<std::chrono::seconds> time) &&
{
    age = time;
    return std::move(*this);
}

TenantBuilder TenantBuilder::made_suspended() &&
{
    suspended = true;
    return std::move(*this);
}

TenantBuilder TenantBuilder::admin_at(std::string address) &&
{
    admin = models::Admin{std::move(address), "Ada Admin"};
    return std::move(*this);
}

TenantBuilder TenantBuilder::without_admin() &&
{
    admin.reset();
    return std::move(*this);
}

TenantBuilder TenantBuilder::own_address(std::string address) &&
{
    email = std::move(address);
    return std::move(*this);
}

CompanyBuilder company(unsigned number)
{
    CompanyBuilder made;
    made.id = company_id(number);
    made.name = "Company " + std::to_string(number);
    return made;
}

CompanyBuilder customer(unsigned number, models::Tenant const& of)
{
    return legacy(number, of).linked(of.id);
}

CompanyBuilder legacy(unsigned number, models::Tenant const& of)
{
    auto made = company(number).called(of.name).link_says(of.name).tagged(
        of.product == "psa" ? "PSA Customer" : "AlgaDesk Customer");
    return of.admin ? std::move(made).contact(models::normalize_email(of.admin->email)) : made;
}

CompanyBuilder CompanyBuilder::called(std::string text) &&
{
    name = std::move(text);
    return std::move(*this);
}

CompanyBuilder CompanyBuilder::linked(models::TenantId to) &&
{
    link = to;
    link_text = to.str();
    return std::move(*this);
}

CompanyBuilder CompanyBuilder::links_as(std::string spelling) &&
{
    link_text = std::move(spelling);
    return std::move(*this);
}

CompanyBuilder CompanyBuilder::link_holds(std::string json) &&
{
    is_link_legible = false;
    return std::move(*this).link_says(std::move(json));
}

CompanyBuilder CompanyBuilder::link_says(std::string text) &&
{
    link.reset();
    link_text = std::move(text);
    return std::move(*this);
}

CompanyBuilder CompanyBuilder::unlinked() &&
{
    link.reset();
    link_text.reset();
    return std::move(*this);
}

CompanyBuilder CompanyBuilder::tagged(std::string tag) &&
{
    tags.push_back(std::move(tag));
    return std::move(*this);
}

CompanyBuilder CompanyBuilder::untagged() &&
{
    tags.clear();
    return std::move(*this);
}

CompanyBuilder CompanyBuilder::contact(std::string email) &&
{
    emails.push_back(std::move(email));
    return std::move(*this);
}

CompanyBuilder CompanyBuilder::without_contacts() &&
{
    emails.clear();
    return std::move(*this);
}

CompanyBuilder CompanyBuilder::made_inactive() &&
{
    inactive = true;
    return std::move(*this);
}

CompanyBuilder CompanyBuilder::says_ignore() &&
{
    ignored = true;
    return std::move(*this);
}

CompanyBuilder CompanyBuilder::with_odd_properties() &&
{
    can_carry_link = false;
    return std::move(*this).unlinked();
}

models::TenantId management()
{
    return tenant_id(0xffffffff);
}

std::chrono::sys_days today()
{
    return std::chrono::year{2026} / 3 / 15;
}

Policy policy()
{
    return {.handling = {}, .grace = {.runs = 0, .time = std::chrono::seconds{0}}};
}

Waiver waiver(std::string item, DriftKind kind, std::chrono::sys_days until)
{
    return {.item = std::move(item), .kind = kind, .reason = "agreed", .until = until};
}

}  // namespace builders
}  // namespace tracking::reconcile
