#include "models/dependents.hpp"

#include "models/change.hpp"
#include "models/contact_model.hpp"
#include "models/pg.hpp"
#include "models/references.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <unordered_map>

namespace tracking::models {

namespace {

// A mapping whose definition is gone is nobody's.
constexpr char const* kCountMappings = R"sql(
    SELECT m.tagged_id, COALESCE(d.tag_text = ANY ($3::text[]), false), count(*)
      FROM {tag_mappings} m
      LEFT JOIN {tag_definitions} d
        ON d.tenant = m.tenant
       AND d.tag_id = m.tag_id
     WHERE m.tenant = $1::uuid
       AND m.tagged_type = '{tagged_type}'
       AND m.tagged_id = ANY ($2::uuid[])
     GROUP BY 1, 2
)sql";

constexpr char const* kSelectProfiles = R"sql(
    SELECT p.client_id, p.billing_profile_id, p.is_default AND p.is_system_managed_default
      FROM {client_billing_profiles} p
     WHERE p.tenant = $1::uuid
       AND p.client_id = ANY ($2::uuid[])
)sql";

/// Of whatever row.
using AnyId = Id<struct AnyTag>;

class Radii
{
public:
    Radii(Transaction& tx, SchemaProfile const& profile, TenantId owner,
          std::span<CompanyId const> companies)
        : tx_{tx}, profile_{profile}, owner_{owner}, companies_{companies}
    {
        for (auto const& company : companies) {
            radii_.push_back({.company = company});
            belongs_to_.emplace(company.bytes(), radii_.size() - 1);
        }
    }

    void look_at_contacts()
    {
        for (auto const& contact : ContactModel{profile_, owner_}.of(tx_, companies_)) {
            auto const at = belongs_to_.at(AnyId{contact.company.bytes()});
            if (contact.id != made_contact_id(owner_, contact.company, contact.email)) {
                add(at, "contacts", 1);
                continue;
            }
            radii_[at].contacts.push_back(contact.id);
            belongs_to_.emplace(contact.id.bytes(), at);
        }
    }

    void look_at_tags(std::span<std::string const> own_tags)
    {
        for (auto const& row :
             pg::exec(tx_, profile_.fill(kCountMappings),
                      {owner_, pg::array_of(companies_), pg::array_of(own_tags)})) {
            auto const at = belongs_to_.at(pg::id<AnyId>(row[0]));
            auto const count = row[2].as<std::size_t>();
            if (pg::is_true(row[1]))
                radii_[at].tags += count;
            else
                add(at, "tag_mappings", count);
        }
    }

    void look_at_billing_profiles()
    {
        for (auto const& row :
             pg::exec(tx_, profile_.fill(kSelectProfiles), {owner_, pg::array_of(companies_)})) {
            auto const at = belongs_to_.at(pg::id<AnyId>(row[0]));
            if (!pg::is_true(row[2])) {
                add(at, "client_billing_profiles", 1);
                continue;
            }
            ++radii_[at].billing_profiles;
            belongs_to_.emplace(pg::id<AnyId>(row[1]), at);
        }
    }

    /// After all the others: to what was made with a company rows may refer, too.
    void look_at_referrers()
    {
        pg::Array ids{pg::ElementType::Uuid};
        for (auto const& [id, at] : belongs_to_)
            ids.add(id);
        for (auto const& referrer : referrers(tx_, profile_)) {
            if (referrer.is_readable())
                count_rows_of(referrer, ids);
            else
                unreadable_.push_back(referrer.name);
        }
    }

    std::vector<BlastRadius> result() &&
    {
        for (std::size_t at = 0; at < radii_.size(); ++at) {
            for (auto const& [table, rows] : counts_[at])
                radii_[at].dependents.push_back({table, rows});
            radii_[at].unreadable = unreadable_;
        }
        return std::move(radii_);
    }

private:
    void add(std::size_t at, std::string const& table, std::size_t rows)
    {
        counts_[at][table] += rows;
    }

    /// A row that refers to a company twice, or to its contact as well, counts once.
    void count_rows_of(Referrer const& referrer, pg::Array const& ids)
    {
        std::string columns;
        std::string conditions;
        for (auto const& column : referrer.columns) {
            columns += fmt::format("r.{}, ", column);
            conditions +=
                fmt::format("{}r.{} = ANY ($2::uuid[])", conditions.empty() ? "" : " OR ", column);
        }
        auto const sql = fmt::format(
            "SELECT {}count(*) FROM {} r WHERE {} AND ({}) GROUP BY {}", columns, referrer.table,
            referrer.has_tenant ? "r.tenant = $1::uuid" : "$1::uuid IS NOT NULL", conditions,
            columns.substr(0, columns.size() - 2));
        for (auto const& row : pg::exec(tx_, sql, {owner_, ids})) {
            std::set<std::size_t> affected;
            auto const width = static_cast<pqxx::row::size_type>(referrer.columns.size());
            for (pqxx::row::size_type i = 0; i < width; ++i) {
                auto const id = AnyId::parse(pg::text(row[i]));
                auto const found = id ? belongs_to_.find(*id) : belongs_to_.end();
                if (found != belongs_to_.end())
                    affected.insert(found->second);
            }
            for (auto const at : affected)
                add(at, referrer.name, row[width].as<std::size_t>());
        }
    }

    Transaction& tx_;
    SchemaProfile const& profile_;
    TenantId owner_;
    std::span<CompanyId const> companies_;
    std::vector<BlastRadius> radii_;
    std::unordered_map<AnyId, std::size_t> belongs_to_;  // ids of all that would go
    std::map<std::size_t, std::map<std::string, std::size_t>> counts_;
    std::vector<std::string> unreadable_;
};

}  // namespace

std::vector<BlastRadius> blast_radii(Transaction& tx, SchemaProfile profile, TenantId owner,
                                     std::span<CompanyId const> companies,
                                     std::span<std::string const> own_tags)
{
    if (companies.empty())
        return {};
    Radii radii{tx, profile, owner, companies};
    radii.look_at_contacts();
    radii.look_at_tags(own_tags);
    if (profile.has_billing_profiles())
        radii.look_at_billing_profiles();
    radii.look_at_referrers();
    return std::move(radii).result();
}

}  // namespace tracking::models
