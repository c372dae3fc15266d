#pragma once

#include "models/rules/id.hpp"
#include "models/values/boxed.hpp"
#include "models/values/strong.hpp"

#include <boost/describe/class.hpp>

#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace tracking::models {

// What can be done for one customer, as plain data. Each change carries the ids that it will use
// and what was seen when it was planned. The store compares that again before it writes.
//
// A new kind of change is described here, in full. It does not compile until it has a name and says
// what it does and writes, and the type of each member says what the member is. The plan file, the
// JSON report, masking and metrics follow this description. kWrites says what the kind can write at
// all. rows() is the least that the change will write: nobody knows before how many contacts a
// clean-up meets. The compiler also asks for what stands elsewhere: how the change is written
// (models/writing/batch_steps.hpp), which rows it makes (models/reading/witness.cpp), how a person
// reads it (job/report/wording.cpp), and what the images tell of it (job/report/past_change.cpp).

/// What a change does to the customer as a whole.
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
    std::optional<UserId> user{};  ///< whom it stands for; empty: the tenant's own address
    friend bool operator==(PlannedContact const&, PlannedContact const&) = default;
};
BOOST_DESCRIBE_STRUCT(PlannedContact, (), (id, full_name, email, user))

/// A contact that is to follow its user to another address or name.
struct FollowingContact
{
    ContactId id;
    UserId user;
    PersonName former_name;  ///< as seen
    Email former_email;      ///< as seen
    PersonName full_name;
    Email email;
    friend bool operator==(FollowingContact const&, FollowingContact const&) = default;
};
BOOST_DESCRIBE_STRUCT(FollowingContact, (), (id, user, former_name, former_email, full_name, email))

/// A contact that is to become inactive.
struct RetiringContact
{
    ContactId id;
    Email email;  ///< as seen
    friend bool operator==(RetiringContact const&, RetiringContact const&) = default;
};
BOOST_DESCRIBE_STRUCT(RetiringContact, (), (id, email))

struct CreateCustomer
{
    static constexpr std::string_view kName = "create";
    static constexpr Writes kWrites{.companies = true, .contacts = true, .tags = true};
    TenantId tenant;
    CompanyId company;
    ThingName name;  ///< the company's: the tenant's, or a variant that is free
    ThingName tenant_name;
    ThingName product;
    ThingName tag;
    std::optional<PlannedContact> contact;
    std::vector<PlannedContact> further_contacts{};  ///< where all admins are to be contacts

    Effect effect() const { return Effect::Makes; }
    RowsWritten rows() const
    {
        return {
            .companies = 1, .contacts = (contact ? 1U : 0U) + further_contacts.size(), .tags = 1};
    }
    friend bool operator==(CreateCustomer const&, CreateCustomer const&) = default;
};
BOOST_DESCRIBE_STRUCT(CreateCustomer, (),
                      (tenant, company, name, tenant_name, product, tag, contact, further_contacts))

/// Makes the tenant's UUID the link, where a name or nothing stood before.
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

/// A person's decision: makes the tenant's UUID the link, whatever stood there. A link to another
/// existing tenant is not replaced.
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

/// A person's decision: the job leaves the company alone from now on.
struct IgnoreCompany
{
    static constexpr std::string_view kName = "ignore";
    static constexpr Writes kWrites{.companies = true};
    TenantId tenant;  ///< whom its link names; nil: none
    CompanyId company;
    ThingName name;                      ///< as seen
    std::optional<ThingName> link_text;  ///< as seen

    Effect effect() const { return Effect::Changes; }
    RowsWritten rows() const { return {.companies = 1}; }
    friend bool operator==(IgnoreCompany const&, IgnoreCompany const&) = default;
};
BOOST_DESCRIBE_STRUCT(IgnoreCompany, (), (tenant, company, name, link_text))

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
    std::vector<PlannedContact> further_contacts{};  ///< where all admins are to be contacts

    Effect effect() const { return Effect::Changes; }
    RowsWritten rows() const { return {.contacts = 1 + further_contacts.size()}; }
    friend bool operator==(RepairContact const&, RepairContact const&) = default;
};
BOOST_DESCRIBE_STRUCT(RepairContact, (), (tenant, company, contact, further_contacts))

/// Changes contacts that the job made, in place: their users have other addresses or names now.
struct ChangeContacts
{
    static constexpr std::string_view kName = "change_contact";
    static constexpr Writes kWrites{.contacts = true};
    TenantId tenant;
    CompanyId company;
    std::vector<FollowingContact> contacts;
    /// Addresses go round among these companies: all changes with this value are written at once.
    std::optional<CompanyId> together;

    Effect effect() const { return Effect::Changes; }
    RowsWritten rows() const { return {.contacts = contacts.size()}; }
    friend bool operator==(ChangeContacts const&, ChangeContacts const&) = default;
};
BOOST_DESCRIBE_STRUCT(ChangeContacts, (), (tenant, company, contacts, together))

/// Makes contacts inactive that the job or the workflow made: no active user of the tenant has
/// their addresses any more.
struct RetireContacts
{
    static constexpr std::string_view kName = "retire_contact";
    static constexpr Writes kWrites{.contacts = true};
    TenantId tenant;
    CompanyId company;
    std::vector<RetiringContact> contacts;

    Effect effect() const { return Effect::Changes; }
    RowsWritten rows() const { return {.contacts = contacts.size()}; }
    friend bool operator==(RetireContacts const&, RetireContacts const&) = default;
};
BOOST_DESCRIBE_STRUCT(RetireContacts, (), (tenant, company, contacts))

struct RenameCompany
{
    static constexpr std::string_view kName = "rename";
    static constexpr Writes kWrites{.companies = true};
    TenantId tenant;
    CompanyId company;
    ThingName from;  ///< as seen
    ThingName to;
    /// Names go round among these companies: all changes with this value are written at once.
    std::optional<CompanyId> together{};

    Effect effect() const { return Effect::Changes; }
    RowsWritten rows() const { return {.companies = 1}; }
    friend bool operator==(RenameCompany const&, RenameCompany const&) = default;
};
BOOST_DESCRIBE_STRUCT(RenameCompany, (), (tenant, company, from, to, together))

/// Makes a customer active again: the company and contacts; the tag that says otherwise is taken
/// off.
struct Reactivate
{
    static constexpr std::string_view kName = "reactivate";
    static constexpr Writes kWrites{.companies = true, .contacts = true, .tags = true};
    TenantId tenant;
    CompanyId company;
    Email email;               ///< of the inactive contact; empty: there is none
    ThingName canceled_tag;    ///< as seen; empty: the company does not carry it
    bool was_inactive = true;  ///< the company, as seen
    bool takes_back = false;   ///< a clean-up of the job's own: what went with it comes back
    bool was_unset = false;    ///< the company's column was NULL before
    std::vector<ContactId> contacts{};        ///< those that became inactive with it
    std::vector<ContactId> unset_contacts{};  ///< those of `contacts` whose column was NULL

    Effect effect() const { return Effect::Changes; }
    RowsWritten rows() const
    {
        return {.companies = was_inactive ? 1U : 0U,
                .contacts = contacts.size() + (email.empty() ? 0U : 1U),
                .tags = canceled_tag.empty() ? 0U : 1U};
    }
    friend bool operator==(Reactivate const&, Reactivate const&) = default;
};
BOOST_DESCRIBE_STRUCT(Reactivate, (),
                      (tenant, company, email, canceled_tag, was_inactive, takes_back, was_unset,
                       contacts, unset_contacts))

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

/// The tenant is gone: the company is deleted with what was made with it, and nothing else. It is
/// left alone where anything else refers to it by then.
struct DeleteCustomer
{
    static constexpr std::string_view kName = "delete";
    static constexpr Writes kWrites{.companies = true, .contacts = true, .tags = true};
    TenantId tenant;
    CompanyId company;
    ThingName name;            ///< as seen
    OwnTags own_tags;          ///< their mappings are deleted too
    std::size_t contacts = 0;  ///< as seen, here and below: rows that are deleted too
    std::size_t tags = 0;
    std::size_t billing_profiles = 0;

    Effect effect() const { return Effect::TakesAway; }
    RowsWritten rows() const { return {.companies = 1, .contacts = contacts, .tags = tags}; }
    friend bool operator==(DeleteCustomer const&, DeleteCustomer const&) = default;
};
BOOST_DESCRIBE_STRUCT(DeleteCustomer, (),
                      (tenant, company, name, own_tags, contacts, tags, billing_profiles))

/// A contact that a run has changed.
struct ReplacedContact
{
    ContactId id;
    UserId user;
    PersonName name_by;  ///< what the run wrote
    Email email_by;
    PersonName name_was;  ///< what stood there before
    Email email_was;
    friend bool operator==(ReplacedContact const&, ReplacedContact const&) = default;
};
BOOST_DESCRIBE_STRUCT(ReplacedContact, (), (id, user, name_by, email_by, name_was, email_was))

/// A value that a run has replaced, and the one that it wrote.
struct Replaced
{
    Stored by;   ///< what the run wrote
    Stored was;  ///< what stood there before
    friend bool operator==(Replaced const&, Replaced const&) = default;
};
BOOST_DESCRIBE_STRUCT(Replaced, (), (by, was))

/// The same of a company's name, which no report hides.
struct ReplacedName
{
    ThingName by;
    ThingName was;
    friend bool operator==(ReplacedName const&, ReplacedName const&) = default;
};
BOOST_DESCRIBE_STRUCT(ReplacedName, (), (by, was))

/// Undoes what a run did to one company, piece by piece. A piece that has changed since stays as it
/// is, and the receipt says so. Rows are JSON objects with an array for each table.
struct Restore
{
    static constexpr std::string_view kName = "restore";
    static constexpr Writes kWrites{.companies = true, .contacts = true, .tags = true};
    TenantId tenant;
    CompanyId company;
    ThingName name;                           ///< the company's, as the run left it
    std::optional<ReplacedName> renamed;      ///< the company's name
    std::vector<ProfileId> renamed_profiles;  ///< billing profiles that were renamed with it
    std::optional<Replaced> properties;       ///< JSON; empty: NULL
    std::optional<bool> was_inactive;         ///< the run has set the opposite
    bool was_unset = false;                   ///< was_inactive is false because the column was NULL
    std::vector<ContactId> deactivated;       ///< contacts that the run made inactive
    std::vector<ContactId> unset;             ///< those of `deactivated` whose column was NULL
    std::vector<ContactId> activated;         ///< contacts that the run made active
    std::vector<ReplacedContact> changed;     ///< contacts that the run changed
    Stored made;                              ///< rows that the run has made
    Stored removed;                           ///< whole rows that the run has taken away
    bool has_made_company = false;            ///< `made` holds it: remove it, or make it inactive
    bool has_removed_company = false;         ///< `removed` holds it: put it back
    ThingName canceled_tag;                   ///< for a company that cannot be removed any more
    OwnTags own_tags;                         ///< their mappings go with a removed company

    Effect effect() const;
    RowsWritten rows() const { return {.companies = 1}; }
    friend bool operator==(Restore const&, Restore const&) = default;
};
BOOST_DESCRIBE_STRUCT(Restore, (),
                      (tenant, company, name, renamed, renamed_profiles, properties, was_inactive,
                       was_unset, deactivated, unset, activated, changed, made, removed,
                       has_made_company, has_removed_company, canceled_tag, own_tags))

/// What a Restore would do, in words, in the order in which it is done.
std::vector<std::string> effects_of(Restore const& restore);

/// Everything the job may do, in the order in which changes are applied: names and addresses are
/// given up before others take them. A first adoption has one
/// change for each tenant, so the large ones are boxed. A generic visitor calls unboxed().
using Change =
    std::variant<LinkCompany, IgnoreCompany, AdoptCompany, Boxed<RenameCompany>, ChangeContacts,
                 Boxed<CreateCustomer>, RepairTag, Boxed<RepairContact>, RetireContacts,
                 Boxed<Reactivate>, CleanUp, Untag, Boxed<DeleteCustomer>, Boxed<Restore>>;

/// The contacts that the change is to make.
std::vector<PlannedContact const*> contacts_of(CreateCustomer const& change);
std::vector<PlannedContact const*> contacts_of(RepairContact const& change);

/// The company with whose changes of the same kind this one has to be written at once, since names
/// or addresses go round among them.
std::optional<CompanyId> together_with(Change const& change);

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
/// A change of that kind with empty members; nothing for a word that names no kind.
std::optional<Change> blank_change(std::string_view name);
/// One of each kind with empty members, in the order of the variant.
std::vector<Change> blank_changes();
TenantId tenant_of(Change const& change);
CompanyId company_of(Change const& change);

// The same thing always gets the same id. So planning twice plans the same rows, and a row's id
// proves whether this job has made it. A row that belongs to another by now keeps its id; then a
// further attempt finds a free one.
CompanyId made_company_id(TenantId management, TenantId tenant, std::size_t attempt = 0);
ContactId made_contact_id(TenantId management, CompanyId company, std::string_view email);
ContactId next_contact_id(TenantId management, ContactId taken);
MappingId made_mapping_id(TenantId management, TagId tag, CompanyId company);

// Values that the platform's own code writes and no column default supplies.
inline constexpr std::string_view kAdminRole = "Admin";
inline constexpr std::string_view kAdminNotes = "Primary admin for PSA tenant";
std::string made_notes(std::string_view tag, std::string_view tenant_name);

enum class Outcome
{
    Applied,
    AlreadyPresent,  ///< somebody else did it in the meantime: fine
    Stale,           ///< what was seen when planning is no longer true: left alone
    Failed,          ///< the server or a model refused it
    Rehearsed,       ///< written as a try and rolled back: it can be applied
};

std::string_view name_of(Outcome outcome);

/// The result of one change.
struct Receipt
{
    Outcome outcome = Outcome::Applied;
    std::string reason;    ///< a sentence; empty where all went as planned
    std::string sqlstate;  ///< where the server refused it
    RowsWritten rows;
};

/// Where changes go. The changes of a batch are of one kind and are done as one unit.
class ChangeSink
{
public:
    virtual ~ChangeSink() = default;

    /// Returns one receipt for each change, in the order of the batch. All are committed together.
    /// @throws StatementFailed when nothing of the batch happened, ConnectionLost
    virtual std::vector<Receipt> write(std::span<Change const> batch) = 0;

    /// Records a change for which write() threw although it stood alone in its batch.
    virtual void record_failure(Change const& change, Receipt const& receipt) = 0;

    /// How many changes of this kind one transaction has time for.
    virtual std::size_t at_once(Change const&) { return std::numeric_limits<std::size_t>::max(); }

    /// About how many bytes each change makes the server write, beyond a usual row. Changes
    /// nothing.
    virtual std::vector<std::size_t> sizes(std::span<Change const> batch)
    {
        return std::vector<std::size_t>(batch.size());
    }
};

}  // namespace tracking::models
