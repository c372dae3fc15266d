#include "models/change.hpp"

namespace tracking::models {

namespace {

struct NameOfChange
{
    std::string_view operator()(AdoptCompany const&) const { return "adopt"; }
    std::string_view operator()(CreateCustomer const&) const { return "create"; }
    std::string_view operator()(RepairTag const&) const { return "repair_tag"; }
    std::string_view operator()(RepairContact const&) const { return "repair_contact"; }
    std::string_view operator()(RenameCompany const&) const { return "rename"; }
    std::string_view operator()(Reactivate const&) const { return "reactivate"; }
    std::string_view operator()(CleanUp const&) const { return "clean_up"; }
};

}  // namespace

std::string_view name_of(Change const& change)
{
    return std::visit(NameOfChange{}, change);
}

TenantId tenant_of(Change const& change)
{
    return std::visit([](auto const& one) { return one.tenant; }, change);
}

CompanyId company_of(Change const& change)
{
    return std::visit([](auto const& one) { return one.company; }, change);
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
