#pragma once

#include "models/rules/id.hpp"
#include "models/values/boxed.hpp"
#include "models/values/strong.hpp"

#include <boost/describe/class.hpp>

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
//
// A new kind of change is described here, in full: it does not compile until it has a name, says
// what it does and writes, and each of its members says by its type what it is. Plan file, JSON
// report, masking and metrics go by that: kWrites is what the kind can write at all, and rows()
// what the change is to write at the least, since nobody knows before how many contacts a clean-up
// meets. Beside it the compiler asks for three things: how it is written
// (models/writing/batch_steps.hpp), how a person reads it (job/report/wording.cpp), and what the
// journal's images tell of it (job/report/past_run.cpp).

/// What becomes of the customer, as a whole.
enum class Effect
{
    Makes,
    Changes,
    TakesAway,
};

/// Rows by kind: what a change is to write, or has written.
struct RowsWritten
{
    std::size_t companies = 0;
    std::size_t contacts = 0;
    std::size_t tags = 0;

    RowsWritten& operator+=(RowsWritten const& other);
    friend bool operator==(RowsWritten const&, RowsWritten const&) = default;
};

/// Which rows a kind of change can write at all.
struct Writes
{
    bool companies = false;
    bool contacts = false;
    bool tags = false;
};

/// A person to be added to a company's contacts.
struct PlannedContact
{
    ContactId id;
    PersonName full_name;
    Email email;
    friend bool operator==(PlannedContact const&, PlannedContact const&) = default;
};
BOOST_DESCRIBE_STRUCT(PlannedContact, (), (id, full_name, email))

struct CreateCustomer
{
    static constexpr std::string_view kName = "create";
    static constexpr Writes kWrites{.companies = true, .contacts = true, .tags = true};
    TenantId tenant;
    CompanyId company;
    ThingName name;  ///< the company's: the tenant's, or one that is free
    ThingName tenant_name;
    ThingName product;
    ThingName tag;
    std::optional<PlannedContact> contact;

    Effect effect() const { return Effect::Makes; }
    RowsWritten rows() const { return {.companies = 1, .contacts = contact ? 1U : 0U, .tags = 1}; }
    friend bool operator==(CreateCustomer const&, CreateCustomer const&) = default;
};
BOOST_DESCRIBE_STRUCT(CreateCustomer, (),
                      (tenant, company, name, tenant_name, product, tag, contact))

/// Stamps the tenant's UUID where a name, or nothing, stood.
struct AdoptCompany
{
    static constexpr std::string_view kName = "adopt";
    static constexpr Writes kWrites{.companies = true};
    TenantId tenant;
    CompanyId company;
    ThingName name;                      ///< as seen
    std::optional<ThingName> link_text;  ///< as seen

    Effect effect() const { return Effect::Changes; }
    RowsWritten rows() const { return {.companies = 1}; }
    friend bool operator==(AdoptCompany const&, AdoptCompany const&) = default;
};
BOOST_DESCRIBE_STRUCT(AdoptCompany, (), (tenant, company, name, link_text))

/// A person's decision: stamps the tenant's UUID, whatever stood there, so long as it names no
/// tenant that is there.
struct LinkCompany
{
    static constexpr std::string_view kName = "link";
    static constexpr Writes kWrites{.companies = true};
    TenantId tenant;
    CompanyId company;
    ThingName name;                      ///< as seen
    std::optional<ThingName> link_text;  ///< as seen

    Effect effect() const { return Effect::Changes; }
    RowsWritten rows() const { return {.companies = 1}; }
    friend bool operator==(LinkCompany const&, LinkCompany const&) = default;
};
BOOST_DESCRIBE_STRUCT(LinkCompany, (), (tenant, company, name, link_text))

struct RepairTag
{
    static constexpr std::string_view kName = "repair_tag";
    static constexpr Writes kWrites{.tags = true};
    TenantId tenant;
    CompanyId company;
    ThingName tag;

    Effect effect() const { return Effect::Changes; }
    RowsWritten rows() const { return {.tags = 1}; }
    friend bool operator==(RepairTag const&, RepairTag const&) = default;
};
BOOST_DESCRIBE_STRUCT(RepairTag, (), (tenant, company, tag))

struct RepairContact
{
    static constexpr std::string_view kName = "repair_contact";
    static constexpr Writes kWrites{.contacts = true};
    TenantId tenant;
    CompanyId company;
    PlannedContact contact;

    Effect effect() const { return Effect::Changes; }
    RowsWritten rows() const { return {.contacts = 1}; }
    friend bool operator==(RepairContact const&, RepairContact const&) = default;
};
BOOST_DESCRIBE_STRUCT(RepairContact, (), (tenant, company, contact))

struct RenameCompany
{
    static constexpr std::string_view kName = "rename";
    static constexpr Writes kWrites{.companies = true};
    TenantId tenant;
    CompanyId company;
    ThingName from;  ///< as seen
    ThingName to;

    Effect effect() const { return Effect::Changes; }
    RowsWritten rows() const { return {.companies = 1}; }
    friend bool operator==(RenameCompany const&, RenameCompany const&) = default;
};
BOOST_DESCRIBE_STRUCT(RenameCompany, (), (tenant, company, from, to))

/// Makes an inactive company, and the admin's contact where there is one, active again.
struct Reactivate
{
    static constexpr std::string_view kName = "reactivate";
    static constexpr Writes kWrites{.companies = true, .contacts = true};
    TenantId tenant;
    CompanyId company;
    Email email;  ///< of the contact; empty: the company alone

    Effect effect() const { return Effect::Changes; }
    RowsWritten rows() const { return {.companies = 1, .contacts = email.empty() ? 0U : 1U}; }
    friend bool operator==(Reactivate const&, Reactivate const&) = default;
};
BOOST_DESCRIBE_STRUCT(Reactivate, (), (tenant, company, email))

/// The tenant is gone: company and contacts become inactive and get the "Canceled" tag.
struct CleanUp
{
    static constexpr std::string_view kName = "clean_up";
    static constexpr Writes kWrites{.companies = true, .contacts = true, .tags = true};
    TenantId tenant;
    CompanyId company;
    ThingName canceled_tag;

    Effect effect() const { return Effect::TakesAway; }
    RowsWritten rows() const { return {.companies = 1, .tags = 1}; }
    friend bool operator==(CleanUp const&, CleanUp const&) = default;
};
BOOST_DESCRIBE_STRUCT(CleanUp, (), (tenant, company, canceled_tag))

/// The tenant is gone: the company loses its customer tags, and nothing else.
struct Untag
{
    static constexpr std::string_view kName = "untag";
    static constexpr Writes kWrites{.tags = true};
    TenantId tenant;
    CompanyId company;
    TagNames tags;  ///< as seen

    Effect effect() const { return Effect::TakesAway; }
    RowsWritten rows() const { return {.tags = tags.size()}; }
    friend bool operator==(Untag const&, Untag const&) = default;
};
BOOST_DESCRIBE_STRUCT(Untag, (), (tenant, company, tags))

/// The tenant is gone: the company is deleted, with what was made with it and nothing else. Where
/// anything else refers to it by then, it is left alone.
struct DeleteCustomer
{
    static constexpr std::string_view kName = "delete";
    static constexpr Writes kWrites{.companies = true, .contacts = true, .tags = true};
    TenantId tenant;
    CompanyId company;
    ThingName name;            ///< as seen
    OwnTags own_tags;          ///< whose mappings go with it
    std::size_t contacts = 0;  ///< as seen, here and below: rows that go with it
    std::size_t tags = 0;
    std::size_t billing_profiles = 0;

    Effect effect() const { return Effect::TakesAway; }
    RowsWritten rows() const { return {.companies = 1, .contacts = contacts, .tags = tags}; }
    friend bool operator==(DeleteCustomer const&, DeleteCustomer const&) = default;
};
BOOST_DESCRIBE_STRUCT(DeleteCustomer, (),
                      (tenant, company, name, own_tags, contacts, tags, billing_profiles))

/// A value that a run has put in the place of another.
struct Replaced
{
    Stored by;   ///< what the run wrote
    Stored was;  ///< what stood there before
    friend bool operator==(Replaced const&, Replaced const&) = default;
};
BOOST_DESCRIBE_STRUCT(Replaced, (), (by, was))

/// Takes back what a run did to one company, piece by piece, where it still is as the run left it.
/// What is not, stays, and the receipt says so. Rows are JSON objects of arrays, by table.
struct Restore
{
    static constexpr std::string_view kName = "restore";
    static constexpr Writes kWrites{.companies = true, .contacts = true, .tags = true};
    TenantId tenant;
    CompanyId company;
    ThingName name;                           ///< the company's, as the run left it
    std::optional<Replaced> renamed;          ///< the company's name
    std::vector<ProfileId> renamed_profiles;  ///< billing profiles that were renamed with it
    std::optional<Replaced> properties;       ///< JSON; empty: NULL
    std::optional<bool> was_inactive;         ///< the run has set the opposite
    bool was_unset = false;                   ///< was_inactive is false, as the column was NULL
    std::vector<ContactId> deactivated;       ///< contacts that the run made inactive
    std::vector<ContactId> unset;             ///< those of them whose column was NULL
    std::vector<ContactId> activated;         ///< contacts that the run made active
    Stored made;                              ///< rows that the run has made
    Stored removed;                           ///< whole rows that the run has taken away
    bool has_made_company = false;            ///< `made` has it: remove it, or make it inactive
    bool has_removed_company = false;         ///< `removed` has it: put it back
    ThingName canceled_tag;                   ///< for a company that cannot be removed any more
    OwnTags own_tags;                         ///< whose mappings go with a removed company

    Effect effect() const;
    RowsWritten rows() const { return {.companies = 1}; }
    friend bool operator==(Restore const&, Restore const&) = default;
};
BOOST_DESCRIBE_STRUCT(Restore, (),
                      (tenant, company, name, renamed, renamed_profiles, properties, was_inactive,
                       was_unset, deactivated, unset, activated, made, removed, has_made_company,
                       has_removed_company, canceled_tag, own_tags))

/// What a Restore would do, in words, in the order of doing.
std::vector<std::string> effects_of(Restore const& restore);

/// Everything the job may do. The order is the order in which they are applied. A first adoption
/// holds one for each tenant: the large ones are boxed, and a visitor that is generic sees them
/// unboxed().
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
Effect effect_of(Change const& change);
/// A change of that kind in which nothing is said yet; nothing for a word that names none.
std::optional<Change> blank_change(std::string_view name);
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
