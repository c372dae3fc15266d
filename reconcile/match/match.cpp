#include "reconcile/match/match.hpp"

#include "reconcile/match/ties.hpp"
#include "reconcile/reading/wanted_contact.hpp"

#include "models/looks/looks.hpp"
#include "models/rules/text.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <span>
#include <string_view>
#include <unordered_map>

namespace tracking::reconcile {

namespace {

using Indices = std::span<std::size_t const>;

/// A company that may be adopted.
struct Candidate
{
    models::Company const* company;
    Only seeker;                 ///< the tenant that may adopt it
    bool is_stranger = false;    ///< found by its name only
    bool is_recognised = false;  ///< it has the wanted contact of a tenant with its name
    bool is_taken = false;
};

struct OpenTenant
{
    models::Tenant const* tenant;
    Only choice;               ///< the candidate that it may adopt
    Tier tier{};               ///< by which it found candidates
    bool is_doubtful = false;  ///< others have the name, and no contact tells them apart
    bool is_settled = false;   ///< it found candidates, or adopted one
};

class Matcher
{
public:
    explicit Matcher(State const& state)
        : state_{state},
          tenants_{collect_tenants(state)},
          candidates_{collect_candidates(state)},
          groups_{tenants_.size() + candidates_.size()}
    {
        result_.adoptions.reserve(std::min(tenants_.size(), candidates_.size()));
    }

    Matching run()
    {
        find_by_made_id();
        settle(Tier::Made);
        find_by_name();
        find_by_mentioned_id();
        settle(Tier::Name);
        find_by_email();
        settle(Tier::Email);
        find_by_looks();
        settle(Tier::Look);
        for (auto const& open : tenants_) {
            if (open.choice.is_none())
                result_.unmatched.push_back(open.tenant);
        }
        for (auto const& candidate : candidates_) {
            if (candidate.seeker.is_none() && !candidate.is_stranger)
                result_.unlinked.push_back(candidate.company);
        }
        collect_ambiguities();
        return std::move(result_);
    }

private:
    static std::vector<OpenTenant> collect_tenants(State const& state)
    {
        std::vector<OpenTenant> tenants;
        tenants.reserve(state.open.size());
        for (auto const& tenant : state.open)
            tenants.push_back({.tenant = &tenant, .choice = {}});
        return tenants;
    }

    static std::vector<Candidate> collect_candidates(State const& state)
    {
        std::vector<Candidate> candidates;
        candidates.reserve(state.loose.size());
        for (auto const& company : state.loose) {
            if (!company.ignored)
                candidates.push_back({.company = &company, .seeker = {}});
        }
        for (auto const& company : state.named) {
            if (!company.link_text && company.tags.empty() && !company.ignored)
                candidates.push_back({.company = &company, .seeker = {}, .is_stranger = true});
        }
        std::ranges::sort(candidates, {}, [](auto const& one) { return one.company->id; });
        return candidates;
    }

    void find_by_made_id()
    {
        if (state_.made.empty())
            return;
        Keyed<models::TenantId> companies;
        for (std::size_t i = 0; i < candidates_.size(); ++i) {
            auto const made = state_.made.find(candidates_[i].company->id);
            if (made != state_.made.end())
                companies.emplace_back(made->second, i);
        }
        auto tenants = ids_of_tenants();
        for_each_tie(tenants, companies, [&](Indices one, Indices theirs, auto const&) {
            tie(one, theirs);
            auto& open = tenants_[one.front()];
            auto const& link_text = candidates_[theirs.front()].company->link_text;
            open.is_doubtful = link_text && *link_text != open.tenant->name;
        });
    }

    Keyed<models::TenantId> ids_of_tenants() const
    {
        Keyed<models::TenantId> ids;
        for (std::size_t i = 0; i < tenants_.size(); ++i)
            ids.emplace_back(tenants_[i].tenant->id, i);
        return ids;
    }

    /// The candidates by name, and by the text of their link. Notes what a link mentions that
    /// cannot be read.
    Keyed<std::string_view> names_of_candidates()
    {
        Keyed<std::string_view> names;
        names.reserve(candidates_.size());
        for (std::size_t i = 0; i < candidates_.size(); ++i) {
            auto const& company = *candidates_[i].company;
            if (candidates_[i].is_taken)
                continue;
            names.emplace_back(company.name, i);
            if (!company.is_link_legible) {
                mentions_.push_back(mentions_in(company.link_text.value()));
                for (auto const& id : mentions_.back().ids)
                    ids_.emplace_back(id, i);
                for (auto const& name : mentions_.back().names)
                    names.emplace_back(name, i);
            } else if (company.link_text) {
                names.emplace_back(*company.link_text, i);
            }
        }
        return names;
    }

    Keyed<std::string_view> names_of_tenants() const
    {
        Keyed<std::string_view> names;
        names.reserve(tenants_.size());
        for (std::size_t i = 0; i < tenants_.size(); ++i) {
            auto const& name = tenants_[i].tenant->name;
            if (!tenants_[i].is_settled && !models::is_blank(name))  // it would match an empty link
                names.emplace_back(name, i);
        }
        return names;
    }

    void find_by_name()
    {
        auto tenants = names_of_tenants();
        auto companies = names_of_candidates();
        for_each_tie(tenants, companies, [&](Indices sharing, Indices theirs, auto) {
            tie_by_contact(sharing, theirs);
        });
        for_each_tie(tenants, companies, [&](Indices sharing, Indices theirs, auto name) {
            tie_by_name_alone(sharing, theirs, state_.bearers.contains(std::string{name}));
        });
    }

    /// Ties those of one name that have the contact, too.
    void tie_by_contact(Indices tenants, Indices companies)
    {
        Keyed<std::string_view> addresses;
        for (auto const candidate : companies) {
            for (auto const& email : candidates_[candidate].company->emails)
                addresses.emplace_back(email, candidate);
        }
        if (addresses.empty())
            return;
        std::deque<std::string> owned;
        auto wanted = wanted_addresses(tenants, owned);
        for_each_tie(wanted, addresses, [&](Indices sharing, Indices theirs, auto) {
            tie(sharing, theirs);
            for (auto const candidate : theirs)
                candidates_[candidate].is_recognised = true;
        });
    }

    /// Ties those of one name, whatever their contacts. A contact decides where several tenants
    /// have the name, and is asked for where a company has nothing else.
    void tie_by_name_alone(Indices tenants, Indices companies, bool is_shared)
    {
        std::vector<std::size_t> tied;
        for (auto const i : companies) {
            auto const& candidate = candidates_[i];
            if (!candidate.is_stranger && !(is_shared && candidate.is_recognised))
                tied.push_back(i);
        }
        if (tied.empty())
            return;
        tie(tenants, tied);
        for (auto const i : tenants)
            tenants_[i].is_doubtful = tenants_[i].is_doubtful || is_shared;
    }

    void find_by_mentioned_id()
    {
        if (ids_.empty())
            return;
        auto tenants = ids_of_tenants();
        std::erase_if(tenants, [&](auto const& one) { return tenants_[one.second].is_settled; });
        for_each_tie(tenants, ids_,
                     [&](Indices one, Indices theirs, auto const&) { tie(one, theirs); });
    }

    /// Companies that were adopted by name are out. A company that is contested by name makes an
    /// e-mail match contested too.
    void find_by_email()
    {
        Keyed<std::string_view> addresses;
        for (std::size_t i = 0; i < candidates_.size(); ++i) {
            auto const& candidate = candidates_[i];
            if (candidate.is_taken || candidate.is_stranger)
                continue;
            for (auto const& email : candidate.company->emails)
                addresses.emplace_back(email, i);
        }
        if (addresses.empty())
            return;
        std::deque<std::string> owned;
        auto wanted = wanted_addresses(unsettled(), owned);
        for_each_tie(wanted, addresses,
                     [&](Indices sharing, Indices theirs, auto) { tie(sharing, theirs); });
    }

    std::vector<std::size_t> unsettled() const
    {
        std::vector<std::size_t> unsettled;
        for (std::size_t i = 0; i < tenants_.size(); ++i) {
            if (!tenants_[i].is_settled)
                unsettled.push_back(i);
        }
        return unsettled;
    }

    /// Ties those that look as if they had one name. Where they have one name indeed, the tiers
    /// above have said what to make of it.
    void find_by_looks()
    {
        Keyed<std::string> wanted;
        for (auto const i : unsettled()) {
            if (auto look = models::look_of(tenants_[i].tenant->name); !look.empty())
                wanted.emplace_back(std::move(look), i);
        }
        if (wanted.empty())
            return;
        Keyed<std::string> looks;
        for (std::size_t i = 0; i < candidates_.size(); ++i) {
            if (candidates_[i].is_taken)
                continue;
            auto const& company = *candidates_[i].company;
            looks.emplace_back(models::look_of(company.name), i);
            if (company.link_text && company.is_link_legible)
                looks.emplace_back(models::look_of(*company.link_text), i);
        }
        for_each_tie(wanted, looks, [&](Indices alike, Indices theirs, auto const&) {
            if (have_one_name(alike, theirs))
                return;
            tie(alike, theirs);
            for (auto const i : alike)
                tenants_[i].is_doubtful = true;
        });
    }

    bool have_one_name(Indices tenants, Indices companies) const
    {
        auto const& name = tenants_[tenants.front()].tenant->name;
        return std::ranges::all_of(tenants,
                                   [&](auto i) { return tenants_[i].tenant->name == name; }) &&
               std::ranges::all_of(companies, [&](auto i) {
                   auto const& company = *candidates_[i].company;
                   return company.name == name || company.link_text == name;
               });
    }

    /// The addresses of the contacts that the tenants are to have, as views into `owned`.
    Keyed<std::string_view> wanted_addresses(Indices tenants, std::deque<std::string>& owned) const
    {
        Keyed<std::string_view> wanted;
        for (auto const i : tenants) {
            if (auto contact = wanted_contact(*tenants_[i].tenant))
                wanted.emplace_back(owned.emplace_back(std::move(contact->email)), i);
        }
        return wanted;
    }

    /// Makes each of the companies a candidate for each of the tenants.
    void tie(Indices tenants, Indices companies)
    {
        for (auto const tenant : tenants) {
            tenants_[tenant].choice.add(companies);
            groups_.join(tenants.front(), tenant);
        }
        for (auto const candidate : companies) {
            candidates_[candidate].seeker.add(tenants);
            groups_.join(tenants.front(), tenants_.size() + candidate);
        }
    }

    void settle(Tier tier)
    {
        for (auto& open : tenants_) {
            if (open.is_settled || open.choice.is_none())
                continue;
            open.is_settled = true;
            open.tier = tier;
            if (open.choice.is_one() && !open.is_doubtful)
                adopt(open, candidates_[open.choice.one()]);
        }
    }

    void adopt(OpenTenant const& open, Candidate& candidate)
    {
        if (!candidate.seeker.is_one() || !candidate.company->is_link_legible)
            return;
        candidate.is_taken = true;
        result_.adoptions.push_back({open.tenant, candidate.company, open.tier});
    }

    bool has_adopted(OpenTenant const& open) const
    {
        return open.choice.is_one() && candidates_[open.choice.one()].is_taken;
    }

    void collect_ambiguities()
    {
        std::map<std::size_t, Ambiguity> ambiguities;  // by group, so by the first tenant
        for (std::size_t i = 0; i < tenants_.size(); ++i) {
            auto const& open = tenants_[i];
            if (open.choice.is_none() || has_adopted(open))
                continue;
            auto& ambiguity = ambiguities[groups_.of(i)];
            ambiguity.tenants.push_back(open.tenant);
            ambiguity.tiers.insert(open.tier);
        }
        for (std::size_t i = 0; i < candidates_.size(); ++i) {
            auto const& candidate = candidates_[i];
            if (!candidate.seeker.is_none() && !candidate.is_taken)
                ambiguities[groups_.of(tenants_.size() + i)].companies.push_back(candidate.company);
        }
        for (auto& [group, ambiguity] : ambiguities) {
            bool const is_legible =
                std::ranges::all_of(ambiguity.companies, &models::Company::is_link_legible);
            (is_legible ? result_.ambiguities : result_.illegible).push_back(std::move(ambiguity));
        }
    }

    State const& state_;
    std::vector<OpenTenant> tenants_;
    std::vector<Candidate> candidates_;
    Groups groups_;                  ///< the tenants, then the candidates
    Keyed<models::TenantId> ids_;    ///< that links mention
    std::deque<Mentions> mentions_;  ///< names have views into these
    Matching result_;
};

}  // namespace

std::string_view name_of(Tier tier)
{
    switch (tier) {
        case Tier::Uuid:
            return "uuid";
        case Tier::Made:
            return "made";
        case Tier::Name:
            return "name";
        case Tier::Email:
            return "email";
        case Tier::Look:
            return "look";
    }
    return "unknown";
}

Matching match(State const& state)
{
    return Matcher{state}.run();
}

}  // namespace tracking::reconcile
