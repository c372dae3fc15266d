#include "models/change.hpp"

namespace tracking::models {

namespace {

struct NameOfChange
{
    std::string_view operator()(LinkCompany const&) const { return "link"; }
    std::string_view operator()(AdoptCompany const&) const { return "adopt"; }
    std::string_view operator()(CreateCustomer const&) const { return "create"; }
    std::string_view operator()(RepairTag const&) const { return "repair_tag"; }
    std::string_view operator()(RepairContact const&) const { return "repair_contact"; }
    std::string_view operator()(RenameCompany const&) const { return "rename"; }
    std::string_view operator()(Reactivate const&) const { return "reactivate"; }
    std::string_view operator()(CleanUp const&) const { return "clean_up"; }
    std::string_view operator()(Untag const&) const { return "untag"; }
    std::string_view operator()(DeleteCustomer const&) const { return "delete"; }
};

}  // namespace

std::string_view name_of(Change const& change)
{
    return std::visit(NameOfChange{}, change);
}

bool is_clean_up(Change const& change)
{
    return std::holds_alternative<CleanUp>(change) || std::holds_alternative<Untag>(change) ||
           std::holds_alternative<DeleteCustomer>(change);
}

TenantId tenant_of(Change const& change)
{
    return std::visit([](auto const& one) { return one.tenant; }, change);
}

CompanyId company_of(Change const& change)
{
    return std::visit([](auto const& one) { return one.company; }, change);
}

CompanyId made_company_id(TenantId management, TenantId tenant)
{
    return name_based<CompanyId>(management, "company:" + tenant.str());
}

ContactId made_contact_id(TenantId management, CompanyId company, std::string_view email)
{
    return name_based<ContactId>(management, "contact:" + company.str() + ":" + std::string{email});
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

RowsWritten& RowsWritten::operator+=(RowsWritten const& other)
{
    companies += other.companies;
    contacts += other.contacts;
    tags += other.tags;
    return *this;
}

}  // namespace tracking::models
