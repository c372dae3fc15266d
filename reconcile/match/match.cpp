#include "reconcile/match/match.hpp"

#include "reconcile/match/pairing.hpp"
#include "reconcile/match/ties.hpp"
#include "reconcile/reading/wanted_contact.hpp"

#include "models/looks/looks.hpp"
#include "models/rules/text.hpp"

#include <algorithm>
#include <deque>
#include <string_view>
#include <unordered_map>

namespace tracking::reconcile {

namespace {

class Matcher
{
public:
    explicit Matcher(State const& state)
        : state_{state},
          pairing_{state},
          tenants_{pairing_.tenants()},
          candidates_{pairing_.candidates()}
    {}

    Matching run()
    {
        find_by_made_id();
        pairing_.settle(Tier::Made);
        find_by_name();
        find_by_mentioned_id();
        pairing_.settle(Tier::Name);
        find_by_email();
        pairing_.settle(Tier::Email);
        find_by_looks();
        pairing_.settle(Tier::Look);
        return pairing_.result();
    }

private:
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
            pairing_.tie(one, theirs);
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
        auto companies = names_of_candidates();
        if (companies.empty())
            return;
        auto tenants = names_of_tenants();
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
            pairing_.tie(sharing, theirs);
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
        pairing_.tie(tenants, tied);
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
                     [&](Indices one, Indices theirs, auto const&) { pairing_.tie(one, theirs); });
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
        auto wanted = wanted_addresses(pairing_.unsettled(), owned);
        for_each_tie(wanted, addresses,
                     [&](Indices sharing, Indices theirs, auto) { pairing_.tie(sharing, theirs); });
    }

    /// Ties those that look as if they had one name. Where they have one name indeed, the tiers
    /// above have said what to make of it.
    void find_by_looks()
    {
        Keyed<std::string> looks;
        for (std::size_t i = 0; i < candidates_.size(); ++i) {
            if (candidates_[i].is_taken)
                continue;
            auto const& company = *candidates_[i].company;
            looks.emplace_back(models::look_of(company.name), i);
            if (company.link_text && company.is_link_legible)
                looks.emplace_back(models::look_of(*company.link_text), i);
        }
        if (looks.empty())
            return;
        Keyed<std::string> wanted;
        for (auto const i : pairing_.unsettled()) {
            if (auto look = models::look_of(tenants_[i].tenant->name); !look.empty())
                wanted.emplace_back(std::move(look), i);
        }
        for_each_tie(wanted, looks, [&](Indices alike, Indices theirs, auto const&) {
            if (have_one_name(alike, theirs))
                return;
            pairing_.tie(alike, theirs);
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

    State const& state_;
    Pairing pairing_;
    std::vector<OpenTenant>& tenants_;
    std::vector<LooseCompany>& candidates_;
    Keyed<models::TenantId> ids_;    ///< that links mention
    std::deque<Mentions> mentions_;  ///< names have views into these
};

}  // namespace

Matching match(State const& state)
{
    return Matcher{state}.run();
}

}  // namespace tracking::reconcile
