#pragma once

#include "models/values/boxed.hpp"
#include "models/rules/id.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace tracking::models {

// What can be done for one customer, as plain data. Each change carries the ids that it will use
// and what was seen when it was planned; the store compares that again before it writes.

/// A person to be added to a company's contacts.
struct PlannedContact
{
    ContactId id;
    std::string full_name;
    std::string email;
    friend bool operator==(PlannedContact const&, PlannedContact const&) = default;
};

struct CreateCustomer
{
    TenantId tenant;
    CompanyId company;
    std::string name;  ///< the company's: the tenant's, or one that is free
    std::string tenant_name;
    std::string product;
    std::string tag;
    std::optional<PlannedContact> contact;
    friend bool operator==(CreateCustomer const&, CreateCustomer const&) = default;
};

/// Stamps the tenant's UUID where a name, or nothing, stood.
struct AdoptCompany
{
    TenantId tenant;
    CompanyId company;
    std::string name;                      ///< as seen
    std::optional<std::string> link_text;  ///< as seen
    friend bool operator==(AdoptCompany const&, AdoptCompany const&) = default;
};

/// A person's decision: stamps the tenant's UUID, whatever stood there, so long as it names no
/// tenant that is there.
struct LinkCompany
{
    TenantId tenant;
    CompanyId company;
    std::string name;                      ///< as seen
    std::optional<std::string> link_text;  ///< as seen
    friend bool operator==(LinkCompany const&, LinkCompany const&) = default;
};

struct RepairTag
{
    TenantId tenant;
    CompanyId company;
    std::string tag;
    friend bool operator==(RepairTag const&, RepairTag const&) = default;
};

struct RepairContact
{
    TenantId tenant;
    CompanyId company;
    PlannedContact contact;
    friend bool operator==(RepairContact const&, RepairContact const&) = default;
};

struct RenameCompany
{
    TenantId tenant;
    CompanyId company;
    std::string from;  ///< as seen
    std::string to;
    friend bool operator==(RenameCompany const&, RenameCompany const&) = default;
};

/// Makes an inactive company, and the admin's contact where there is one, active again.
struct Reactivate
{
    TenantId tenant;
    CompanyId company;
    std::string email;  ///< of the contact; empty: the company alone
    friend bool operator==(Reactivate const&, Reactivate const&) = default;
};

/// The tenant is gone: company and contacts become inactive and get the "Canceled" tag.
struct CleanUp
{
    TenantId tenant;
    CompanyId company;
    std::string canceled_tag;
    friend bool operator==(CleanUp const&, CleanUp const&) = default;
};

/// The tenant is gone: the company loses its customer tags, and nothing else.
struct Untag
{
    TenantId tenant;
    CompanyId company;
    std::vector<std::string> tags;  ///< as seen
    friend bool operator==(Untag const&, Untag const&) = default;
};

/// The tenant is gone: the company is deleted, with what was made with it and nothing else. Where
/// anything else refers to it by then, it is left alone.
struct DeleteCustomer
{
    TenantId tenant;
    CompanyId company;
    std::string name;                   ///< as seen
    std::vector<std::string> own_tags;  ///< whose mappings go with it
    std::size_t contacts = 0;           ///< as seen, here and below: rows that go with it
    std::size_t tags = 0;
    std::size_t billing_profiles = 0;
    friend bool operator==(DeleteCustomer const&, DeleteCustomer const&) = default;
};

/// A value that a run has put in the place of another.
struct Replaced
{
    std::string by;   ///< what the run wrote
    std::string was;  ///< what stood there before
    friend bool operator==(Replaced const&, Replaced const&) = default;
};

/// Takes back what a run did to one company, piece by piece, where it still is as the run left it.
/// What is not, stays, and the receipt says so. Rows are JSON objects of arrays, by table.
struct Restore
{
    TenantId tenant;
    CompanyId company;
    std::string name;                         ///< the company's, as the run left it
    std::optional<Replaced> renamed;          ///< the company's name
    std::vector<ProfileId> renamed_profiles;  ///< billing profiles that were renamed with it
    std::optional<Replaced> properties;       ///< JSON; empty: NULL
    std::optional<bool> was_inactive;         ///< the run has set the opposite
    bool was_unset = false;                   ///< was_inactive is false, as the column was NULL
    std::vector<ContactId> deactivated;       ///< contacts that the run made inactive
    std::vector<ContactId> unset;             ///< those of them whose column was NULL
    std::vector<ContactId> activated;         ///< contacts that the run made active
    std::string made;                         ///< rows that the run has made
    std::string removed;                      ///< whole rows that the run has taken away
    bool has_made_company = false;            ///< `made` has it: remove it, or make it inactive
    bool has_removed_company = false;         ///< `removed` has it: put it back
    std::string canceled_tag;                 ///< for a company that cannot be removed any more
    std::vector<std::string> own_tags;        ///< whose mappings go with a removed company
    friend bool operator==(Restore const&, Restore const&) = default;
};

/// What a Restore would do, in words, in the order of doing.
std::vector<std::string> effects_of(Restore const& restore);

/// Everything the job may do. A new kind of change is a compile error until every visitor handles
/// it. The order is the order in which they are applied. A first adoption holds one for each
/// tenant: the large ones are boxed, and a visitor that is generic sees them unboxed().
using Change =
    std::variant<LinkCompany, AdoptCompany, Boxed<CreateCustomer>, RepairTag, RepairContact,
                 RenameCompany, Reactivate, CleanUp, Untag, DeleteCustomer, Boxed<Restore>>;

/// Null where the change is of another kind.
template <class Kind>
Kind const* as(Change const& change)
{
    return std::visit(
        [](auto const& one) -> Kind const* {
            if constexpr (std::is_same_v<decltype(unboxed(one)), Kind const&>)
                return &unboxed(one);
            else
                return nullptr;
        },
        change);
}

/// One word each, as reports and the journal have it: `create`, `adopt`, `repair_tag`, ...
std::string_view name_of(Change const& change);
/// A change for a customer whose tenant is gone.
bool is_clean_up(Change const& change);
TenantId tenant_of(Change const& change);
CompanyId company_of(Change const& change);

// The same thing always gets the same id, so that planning twice plans the same rows, and so that
// a row's id proves whether this job has made it. A row that has become another's since keeps its
// id: then a further attempt finds one.
CompanyId made_company_id(TenantId management, TenantId tenant, std::size_t attempt = 0);
ContactId made_contact_id(TenantId management, CompanyId company, std::string_view email);
ContactId next_contact_id(TenantId management, ContactId taken);
MappingId made_mapping_id(TenantId management, TagId tag, CompanyId company);

// What the platform's own code writes, and no column default does.
inline constexpr std::string_view kAdminRole = "Admin";
inline constexpr std::string_view kAdminNotes = "Primary admin for PSA tenant";
std::string made_notes(std::string_view tag, std::string_view tenant_name);

enum class Outcome
{
    Applied,
    AlreadyPresent,  ///< somebody else did it in the meantime: fine
    Stale,           ///< what was seen when planning is no longer so: left alone
    Failed,          ///< the server or a model refused it
    Rehearsed,       ///< written for a try and taken back: nothing stands in its way
};

std::string_view name_of(Outcome outcome);

/// Rows that a change really wrote, by kind.
struct RowsWritten
{
    std::size_t companies = 0;
    std::size_t contacts = 0;
    std::size_t tags = 0;

    RowsWritten& operator+=(RowsWritten const& other);
    friend bool operator==(RowsWritten const&, RowsWritten const&) = default;
};

/// What became of one change.
struct Receipt
{
    Outcome outcome = Outcome::Applied;
    std::string reason;    ///< a sentence; empty where all went as planned
    std::string sqlstate;  ///< where the server refused it
    RowsWritten rows;
};

/// Where changes go. What it is given is of one kind and is done as one unit.
class ChangeSink
{
public:
    virtual ~ChangeSink() = default;

    /// One receipt a change, in the order of the batch, all committed together.
    /// @throws StatementFailed when nothing of the batch happened, ConnectionLost
    virtual std::vector<Receipt> write(std::span<Change const> batch) = 0;

    /// Records a change that write() threw for, once it stood alone.
    virtual void record_failure(Change const& change, Receipt const& receipt) = 0;
};

}  // namespace tracking::models
