#include "models/crm/dependents.hpp"

#include "models/crm/contact_model.hpp"
#include "models/crm/customer_removal.hpp"
#include "models/crm/made_rows.hpp"
#include "models/pg/pg.hpp"
#include "models/schema/references.hpp"
#include "models/values/change.hpp"

#include <algorithm>
#include <map>

namespace tracking::models {

namespace {

// A mapping whose definition is gone is not the job's.
constexpr char const* kSelectMappings = R"sql(
    SELECT m.tagged_id, COALESCE(d.tag_text = ANY ($3::text[]), false), m.mapping_id, m.tag_id
      FROM {tag_mappings} m
      LEFT JOIN {tag_definitions} d
        ON d.tenant = m.tenant
       AND d.tag_id = m.tag_id
     WHERE m.tenant = $1::uuid
       AND m.tagged_type = '{tagged_type}'
       AND m.tagged_id = ANY ($2::uuid[])
)sql";

// Whole rows of this many companies are read at once.
constexpr std::size_t kCompaniesAtOnce = 200;

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
                ++others_[at]["contacts"];
                continue;
            }
            radii_[at].contacts.push_back(contact.id);
            belongs_to_.emplace(contact.id.bytes(), at);
        }
    }

    void look_at_tags(std::span<std::string const> own_tags)
    {
        for (auto const& row :
             pg::exec(tx_, profile_.fill(kSelectMappings),
                      {owner_, pg::array_of(companies_), pg::array_of(own_tags)})) {
            auto const at = belongs_to_.at(pg::id<AnyId>(row[0]));
            auto const made = made_mapping_id(owner_, pg::id<TagId>(row[3]), radii_[at].company);
            if (pg::is_true(row[1]) && pg::id<MappingId>(row[2]) == made)
                ++radii_[at].tags;
            else
                ++others_[at]["tag_mappings"];
        }
    }

    void look_at_billing_profiles()
    {
        for (auto const& [company, profile, is_default] :
             BillingProfileModel{profile_, owner_}.of(tx_, companies_)) {
            auto const at = belongs_to_.at(AnyId{company.bytes()});
            if (!is_default) {
                ++others_[at]["client_billing_profiles"];
                continue;
            }
            ++radii_[at].billing_profiles;
            belongs_to_.emplace(AnyId{profile.bytes()}, at);
        }
    }

    /// Whether all of it is as the job made it. The journal tells that, or else ids and constants
    /// prove it.
    void look_at_rows(std::span<std::string const> own_tags, MadeByCompany const& made,
                      RowImages* kept)
    {
        CompanyModel const model{profile_, owner_};
        CustomerRemoval const removal{profile_, owner_};
        MadeRows compared{tx_, model};
        for (std::size_t from = 0; from < companies_.size(); from += kCompaniesAtOnce) {
            auto const some =
                companies_.subspan(from, std::min(kCompaniesAtOnce, companies_.size() - from));
            auto images = removal.images(tx_, some);
            for (std::size_t i = 0; i < some.size(); ++i) {
                auto const image = images.find(some[i]);
                if (image == images.end())
                    continue;
                auto const known = made.find(some[i]);
                radii_[from + i].touched = known == made.end()
                                               ? compared.differences_from_constants(
                                                     owner_, own_tags, parsed_json(image->second))
                                               : compared.differences(parsed_json(known->second),
                                                                      parsed_json(image->second));
            }
            if (kept)
                kept->merge(images);
        }
    }

    /// Comes last: rows may also refer to what was made with a company.
    void look_at_referrers()
    {
        auto const references = references_to(tx_, profile_, owner_, belongs_to_);
        for (std::size_t at = 0; at < radii_.size(); ++at) {
            auto found = references.of(at);
            for (auto const& [table, rows] : others_[at])
                found.dependents.push_back({table, rows});
            std::ranges::sort(found.dependents, {}, &Dependents::table);
            radii_[at].dependents = std::move(found.dependents);
            radii_[at].unreadable = std::move(found.unreadable);
        }
    }

    std::vector<BlastRadius> result() && { return std::move(radii_); }

private:
    Transaction& tx_;
    SchemaProfile const& profile_;
    TenantId owner_;
    std::span<CompanyId const> companies_;
    std::vector<BlastRadius> radii_;
    std::unordered_map<AnyId, std::size_t> belongs_to_;  // ids of all that would be deleted
    std::map<std::size_t, std::map<std::string, std::size_t>> others_;  // contacts, tags, profiles
};

}  // namespace

std::vector<BlastRadius> blast_radii(Transaction& tx, SchemaProfile const& profile, TenantId owner,
                                     std::span<CompanyId const> companies,
                                     std::span<std::string const> own_tags,
                                     MadeByCompany const& made, RowImages* images)
{
    if (companies.empty())
        return {};
    Radii radii{tx, profile, owner, companies};
    radii.look_at_contacts();
    radii.look_at_tags(own_tags);
    radii.look_at_billing_profiles();
    radii.look_at_rows(own_tags, made, images);
    radii.look_at_referrers();
    return std::move(radii).result();
}

}  // namespace tracking::models
