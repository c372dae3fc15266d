#include "models/reading/company_lookup.hpp"

#include "models/pg/pg_stream.hpp"
#include "models/reading/case_rules.hpp"
#include "models/reading/company_rows.hpp"
#include "models/rules/text.hpp"
#include "models/values/change.hpp"
#include "models/values/lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace tracking::models {

namespace {

constexpr char const* kWithNames = R"sql(
       AND {company_name} = ANY ($2::text[])
)sql";

constexpr char const* kWithIds = R"sql(
       AND {company_id} = ANY ($2::uuid[])
)sql";

// Exactly this expression, so that the index that `doctor` recommends can serve.
constexpr char const* kWithLinks = R"sql(
       AND properties ->> 'tenant_id' = ANY ($2::text[])
)sql";

// Which names look alike is decided here: the server knows neither Unicode's case folding nor,
// unless its encoding is UTF8, its normal forms.
constexpr char const* kSelectUnlinked = R"sql(
    SELECT {company_id}, {company_name}
      FROM {companies}
     WHERE tenant = $1::uuid
       AND NULLIF(properties ->> 'tenant_id', '') IS NULL
)sql";

constexpr char const* kSelectTagsOf = R"sql(
    SELECT m.tagged_id, d.tag_text
      FROM {tag_mappings} m
      JOIN {tag_definitions} d
        ON d.tenant = m.tenant
       AND d.tag_id = m.tag_id
     WHERE m.tenant = $1::uuid
       AND m.tagged_type = '{tagged_type}'
       AND m.tagged_id = ANY ($2::uuid[])
       AND d.tagged_type = '{tagged_type}'
       AND d.tag_text = ANY ($3::text[])
)sql";

constexpr char const* kSelectEmailsOf = R"sql(
    SELECT p.{company_id}, {contact_facts}
      FROM {contacts} p
     WHERE p.tenant = $1::uuid
       AND p.{company_id} = ANY ($2::uuid[])
)sql";

constexpr char const* kSelectHolders = R"sql(
    SELECT p.email, p.{company_id}, p.contact_name_id, COALESCE(p.is_inactive, false)
      FROM {contacts} p
     WHERE p.tenant = $1::uuid
       AND {is_sought}
    {or_additional_email}
)sql";

constexpr char const* kSelectNames = R"sql(
    SELECT {company_id}, {company_name}
      FROM {companies}
     WHERE tenant = $1::uuid
       AND {company_id} = ANY ($2::uuid[])
)sql";

/// A few companies, all in memory.
class SomeCompanies final : public CompanyStream
{
public:
    explicit SomeCompanies(std::vector<Company> companies) : companies_{std::move(companies)} {}

    bool next(Company& into) override
    {
        if (at_ == companies_.size())
            return false;
        into = std::move(companies_[at_++]);
        return true;
    }

private:
    std::vector<Company> companies_;
    std::size_t at_ = 0;
};

/// Reads a few companies: first the companies, then what belongs to them. So no plan of the planner
/// reads more than one whole table.
class Lookup final : public CompanyLookup
{
public:
    Lookup(Transaction& tx, SchemaProfile const& profile, TenantId management,
           SoughtTags const& tags)
        : tx_{tx},
          profile_{profile},
          management_{management},
          tags_{pg::array_of(all_of(tags))},
          canceled_{tags.canceled}
    {}

    std::vector<Company> named(std::span<std::string const> names) override
    {
        return read(kWithNames, {management_, pg::array_of(names)});
    }

    std::vector<Company> customers_of(std::span<CompanyId const> companies,
                                      std::span<TenantId const> tenants)
    {
        pg::Array ids{pg::ElementType::Uuid};
        for (auto const& company : companies)
            ids.add(company);
        for (auto const& tenant : tenants)
            ids.add(made_company_id(management_, tenant));
        auto some = read(kWithIds, {management_, ids});
        std::unordered_set<TenantId> others{tenants.begin(), tenants.end()};
        // A company that is another tenant's by now is in order, or the next full reading sees to
        // it.
        std::erase_if(some,
                      [&](Company const& one) { return one.link && !others.contains(*one.link); });
        for (auto const& one : some) {
            if (one.link)
                others.erase(*one.link);
        }
        if (!others.empty())
            std::ranges::move(read(kWithLinks, {management_, pg::texts_of(others)}),
                              std::back_inserter(some));
        std::erase_if(some, [](Company const& one) { return !one.link_text && one.tags.empty(); });
        std::ranges::sort(some, {}, [](auto const& one) { return std::tuple{one.link, one.id}; });
        return some;
    }

    std::vector<Company> with_ids(std::span<CompanyId const> ids) override
    {
        return read(kWithIds, {management_, pg::array_of(ids)});
    }

    std::vector<Company> unlinked(std::function<bool(std::string_view)> const& is_wanted) override
    {
        pg::Array ids{pg::ElementType::Uuid};
        bool is_empty = true;
        auto rows = pg::stream(tx_, "companies_without_link", profile_.fill(kSelectUnlinked),
                               {management_}, Fetching::InOne);
        while (auto const* row = rows->next()) {
            if (!is_wanted(pg::text((*row)[1])))
                continue;
            ids.add(pg::id<CompanyId>((*row)[0]));
            is_empty = false;
        }
        rows.reset();
        return is_empty ? std::vector<Company>{} : read(kWithIds, {management_, ids});
    }

    std::vector<EmailHolder> holders_of(std::span<std::string const> emails) override
    {
        plan_for_few_rows();
        auto holders = each_of(
            pg::exec(tx_, profile_.fill(with_sought(kSelectHolders, "p.email", "$2", emails)),
                     {management_, pg::array_of(emails)}),
            [](auto const& row) {
                return EmailHolder{.email = normalize_email(pg::text(row[0])),
                                   .company = pg::if_there(row[1], pg::id<CompanyId>),
                                   .company_name = {},
                                   .contact = pg::if_there(row[2], pg::id<ContactId>),
                                   .inactive = pg::is_true(row[3])};
            });
        for (auto& holder : holders) {
            if (holder.inactive && holder.contact)
                holder.makes_way = fmt::format(
                    "UPDATE {} SET email = email || '.former' WHERE tenant = '{}' AND "
                    "contact_name_id = '{}'",
                    profile_.qualified("contacts"), management_.str(), holder.contact->str());
        }
        if (!holders.empty())
            add_names(holders);
        return holders;
    }

private:
    /// The transaction may have read streams before: see Plans. The planner takes a list to match
    /// half of a table. Then it would avoid workers, unless sending that many rows costs little.
    void plan_for_few_rows()
    {
        if (!std::exchange(plans_for_few_rows_, true))
            pg::exec(tx_,
                     "SET LOCAL enable_nestloop = on; "
                     "SET LOCAL max_parallel_workers_per_gather = DEFAULT; "
                     "SET LOCAL parallel_tuple_cost = 0.001");
    }

    std::vector<Company> read(std::string const& condition, std::vector<pg::Param> const& params)
    {
        plan_for_few_rows();
        std::vector<Company> companies;
        for (auto const& row : pg::exec(tx_, profile_.fill(kSelectCompanies + condition), params))
            read_company(row.fields(), companies.emplace_back());
        if (!companies.empty())
            add_tags_and_contacts(companies);
        return companies;
    }

    void add_tags_and_contacts(std::vector<Company>& companies)
    {
        std::unordered_map<CompanyId, Company*> by_id;
        for (auto& company : companies)
            by_id.emplace(company.id, &company);
        auto const ids = pg::array_of(companies, [](Company const& company) { return company.id; });
        auto const tags = pg::ask(tx_, profile_.fill(kSelectTagsOf), {management_, ids, tags_});
        auto const contacts = pg::ask(
            tx_, profile_.fill(with_contact_facts(kSelectEmailsOf, profile_)), {management_, ids});
        for (auto const& row : tags.rows())
            add_tag(*by_id.at(pg::id<CompanyId>(row[0])), pg::text(row[1]), canceled_);
        for (auto const& row : contacts.rows())
            add_contact(*by_id.at(pg::id<CompanyId>(row[0])), row.fields(), 1);
        for (auto& company : companies)
            complete(company);
    }

    void add_names(std::vector<EmailHolder>& holders)
    {
        pg::Array ids{pg::ElementType::Uuid};
        for (auto const& holder : holders) {
            if (holder.company)
                ids.add(*holder.company);
        }
        std::unordered_map<CompanyId, std::string> names;
        for (auto const& row : pg::exec(tx_, profile_.fill(kSelectNames), {management_, ids}))
            names.emplace(pg::id<CompanyId>(row[0]), pg::text(row[1]));
        for (auto& holder : holders) {
            if (holder.company)
                holder.company_name = names[*holder.company];
        }
    }

    Transaction& tx_;
    SchemaProfile profile_;
    TenantId management_;
    pg::Param tags_;
    std::string canceled_;
    bool plans_for_few_rows_ = false;
};

}  // namespace

std::unique_ptr<CompanyStream> read_customers_of(Transaction& tx, SchemaProfile const& profile,
                                                 TenantId management, SoughtTags const& tags,
                                                 std::span<CompanyId const> companies,
                                                 std::span<TenantId const> tenants)
{
    return std::make_unique<SomeCompanies>(
        Lookup{tx, profile, management, tags}.customers_of(companies, tenants));
}

std::unique_ptr<CompanyLookup> company_lookup(Transaction& tx, SchemaProfile const& profile,
                                              TenantId management, SoughtTags const& tags)
{
    return std::make_unique<Lookup>(tx, profile, management, tags);
}

}  // namespace tracking::models
