#pragma once

#include "models/rules/id.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::models {

/// What a person writes under `properties.reconcile` to keep the job away from a company. Any other
/// value means the same, except null and an empty text.
inline constexpr std::string_view kIgnore = "ignore";

/// A contact that the comparison has to look at more closely than by its address.
struct NotableContact
{
    /// Who has made it. The job's own contacts have ids of its own kind.
    enum class Maker
    {
        Person,
        Workflow,  ///< the platform's tenant creation, before the job took over
        Job,
    };

    std::string email;      ///< trimmed and lower-cased
    std::string full_name;  ///< of the job's own contacts only
    Maker maker = Maker::Person;
    bool inactive = false;

    friend bool operator==(NotableContact const&, NotableContact const&) = default;
};

/// A company of the management tenant, with all that the comparison needs to tell if it is a
/// customer.
struct Company
{
    CompanyId id;
    std::string name;
    std::optional<std::string> link_text;  ///< `properties.tenant_id`; JSON where it is no text
    std::optional<TenantId> link;          ///< the same where it is a UUID, in any spelling
    bool inactive = false;
    bool canceled = false;       ///< carries the tag of canceled customers
    bool ignored = false;        ///< `properties.reconcile` has a value: it is left alone
    bool prospect = false;       ///< the platform's list hides it, see Piece::Lifecycle
    bool can_carry_link = true;  ///< `properties` is an object or null, so a key can be added
    /// False: the link is a list, a number or the like, or a text that holds an id among other
    /// words. A person has to say what it means.
    bool is_link_legible = true;
    bool has_untyped_contact = false;  ///< of the job, without the type of its e-mail address
    std::string odd_word{};            ///< the value of `properties.reconcile`, if not "ignore"
    std::vector<std::string> tags;     ///< those that the reader was asked for, each once
    std::vector<std::string> emails;   ///< its contacts', trimmed and lower-cased, each once
    /// Those that the job or the workflow made, and the inactive ones whose address no active
    /// contact of the company has.
    std::vector<NotableContact> notable;
};

/// Companies that carry a customer tag or a link: first those whose link is not a UUID, then the
/// others in ascending order of link.
class CompanyStream
{
public:
    virtual ~CompanyStream() = default;

    /// False at the end; `into` is then left as it was.
    virtual bool next(Company& into) = 0;

    /// How long this stream has waited for the server so far.
    virtual std::chrono::nanoseconds waited() const { return {}; }
};

/// A contact of the management tenant that has an e-mail address, of any company.
struct EmailHolder
{
    std::string email;                 ///< as it was asked for
    std::optional<CompanyId> company;  ///< a contact may stand alone
    std::string company_name;
    std::optional<ContactId> contact{};  ///< empty: an additional address of one, or a planned one
    bool inactive = false;               ///< the contact
    std::string makes_way{};  ///< a statement that gives the address up; of an inactive contact
};

/// Looks up companies that no stream returns, since they are nobody's customer so far.
class CompanyLookup
{
public:
    virtual ~CompanyLookup() = default;

    /// Companies with exactly these names, in no particular order.
    virtual std::vector<Company> named(std::span<std::string const> names) = 0;

    /// Companies with these ids, in no particular order.
    virtual std::vector<Company> with_ids(std::span<CompanyId const> ids) = 0;

    /// Companies without a link whose name is wanted, in no particular order. Every company without
    /// a link is asked about.
    virtual std::vector<Company> unlinked(
        std::function<bool(std::string_view name)> const& is_wanted) = 0;

    /// Who has these e-mail addresses (trimmed, lower-cased), in no particular order.
    virtual std::vector<EmailHolder> holders_of(std::span<std::string const> emails) = 0;
};

}  // namespace tracking::models
