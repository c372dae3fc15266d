#pragma once

#include "models/rules/id.hpp"
#include "models/values/strong.hpp"

#include <boost/describe/class.hpp>

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace tracking::models {

// What can be done for one customer, as plain data. Each change carries the ids that it will use
// and what was seen when it was planned. The store compares that again before it writes.
//
// A new kind of change is described here, in full, and has its place in the variant (change.hpp).
// It does not compile until it has a name and says what it does and writes, and the type of each
// member says what the member is. The plan file, the JSON report, masking and metrics follow this
// description. kWrites says what the kind can write at all. rows() is the least that the change
// will write: nobody knows before how many contacts a clean-up meets. The compiler also asks for
// what stands elsewhere: how the change is written (models/writing/batch_steps.hpp), which rows it
// makes (models/reading/witness.cpp), how a person reads it (job/report/wording.cpp), and what the
// images tell of it (job/report/past_change.cpp).

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
BOOST_DESCRIBE_STRUCT(RowsWritten, (), (companies, contacts, tags))

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

}  // namespace tracking::models
