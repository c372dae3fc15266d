#include "reconcile/match/match.hpp"

#include "reconcile/reading/wanted_contact.hpp"

#include "models/rules/text.hpp"

#include <algorithm>
#include <deque>
#include <span>
#include <unordered_map>

namespace tracking::reconcile {

namespace {

using Texts = std::unordered_multimap<std::string_view, std::size_t>;

/// A company that may be adopted, and how many tenants may adopt it.
struct Candidate
{
    models::Company const* company;
    std::size_t seekers = 0;
    bool is_stranger = false;  ///< found by its name only
    bool is_taken = false;
};

struct OpenTenant
{
    models::Tenant const* tenant;
    std::size_t first = 0;  ///< index of its first candidate; the others follow it
    std::size_t count = 0;
    bool is_doubtful = false;  ///< others have the name, and no contact tells them apart
    bool is_settled = false;   ///< by an earlier tier
};

bool has_contact_of(models::Company const& company, models::Tenant const& tenant)
{
    if (company.emails.empty())
        return false;
    auto const wanted = wanted_contact(tenant);
    return wanted && contains(company.emails, wanted->email);
}

class Matcher
{
public:
    explicit Matcher(State const& state) : state_{state}
    {
        collect_candidates();
        tenants_.reserve(state.open.size());
        choices_.reserve(std::min(tenants_.capacity(), candidates_.size()));
        result_.adoptions.reserve(choices_.capacity());
        for (auto const& tenant : state.open)
            tenants_.push_back({&tenant});
    }

    Matching run()
    {
        find_by_name();
        settle(Tier::Name);
        find_by_email();
        settle(Tier::Email);
        for (auto const& open : tenants_) {
            if (open.count == 0)
                result_.unmatched.push_back(open.tenant);
        }
        for (auto const& candidate : candidates_) {
            if (candidate.seekers == 0 && !candidate.is_stranger)
                result_.unlinked.push_back(candidate.company);
        }
        return std::move(result_);
    }

private:
    void collect_candidates()
    {
        candidates_.reserve(state_.loose.size());
        for (auto const& company : state_.loose) {
            if (!company.ignored)
                candidates_.push_back({&company});
        }
        for (auto const& company : state_.named) {
            if (!company.link_text && company.tags.empty() && !company.ignored)
                candidates_.push_back({.company = &company, .is_stranger = true});
        }
        std::ranges::sort(candidates_, {}, [](auto const& one) { return one.company->id; });
        for (std::size_t i = 0; i < candidates_.size(); ++i) {
            auto const& company = *candidates_[i].company;
            names_.emplace(company.name, i);
            if (!company.is_link_legible)
                note_mentions(i);
            else if (company.link_text && *company.link_text != company.name)
                names_.emplace(*company.link_text, i);
        }
    }

    void note_mentions(std::size_t candidate)
    {
        mentions_.push_back(mentions_in(candidates_[candidate].company->link_text.value()));
        for (auto const& id : mentions_.back().ids)
            ids_.emplace(id, candidate);
        for (auto const& name : mentions_.back().names)
            names_.emplace(name, candidate);
    }

    bool knows(OpenTenant const& open, std::size_t candidate) const
    {
        return has_contact_of(*candidates_[candidate].company, *open.tenant);
    }

    bool has_namesakes(models::Tenant const& tenant) const
    {
        return state_.bearers.contains(tenant.name);
    }

    void add_choice(OpenTenant& open, std::size_t candidate)
    {
        if (open.count++ == 0)
            open.first = choices_.size();
        choices_.push_back(candidate);
    }

    std::span<std::size_t> choices_of(OpenTenant const& open)
    {
        return std::span{choices_}.subspan(open.first, open.count);
    }

    void find_by_name()
    {
        // Whether the candidate has the wanted contact of a tenant with its name.
        std::vector<bool> is_known(candidates_.size());
        for (auto const& open : tenants_) {
            for_each_name_match(open, [&](std::size_t candidate) {
                if (knows(open, candidate))
                    is_known[candidate] = true;
            });
        }
        for (auto& open : tenants_) {
            add_those_that_mention(open);
            for_each_name_match(open, [&](std::size_t candidate) {
                bool const known = knows(open, candidate);
                bool const shared = has_namesakes(*open.tenant);
                if (!known &&
                    (candidates_[candidate].is_stranger || (shared && is_known[candidate])))
                    return;
                open.is_doubtful = open.is_doubtful || (shared && !known);
                add_choice(open, candidate);
            });
        }
    }

    void for_each_name_match(OpenTenant const& open, auto const& visit) const
    {
        if (models::is_blank(open.tenant->name))
            return;  // it would match an empty link
        auto const [first, last] = names_.equal_range(open.tenant->name);
        for (auto it = first; it != last; ++it)
            visit(it->second);
    }

    /// Adds the companies whose link cannot be read but mentions the tenant's id.
    void add_those_that_mention(OpenTenant& open)
    {
        auto const [first, last] = ids_.equal_range(open.tenant->id);
        for (auto it = first; it != last; ++it)
            add_choice(open, it->second);
    }

    /// Companies that were adopted by name are out. A company that is contested by name makes an
    /// e-mail match contested too.
    void find_by_email()
    {
        auto const emails = emails_of_those_left();
        for (auto& open : tenants_) {
            if (open.is_settled)
                continue;
            auto const wanted = wanted_contact(*open.tenant);
            if (!wanted)
                continue;
            auto const [first, last] = emails.equal_range(wanted->email);
            for (auto it = first; it != last; ++it)
                add_choice(open, it->second);
        }
    }

    Texts emails_of_those_left() const
    {
        Texts emails;
        for (std::size_t i = 0; i < candidates_.size(); ++i) {
            auto const& candidate = candidates_[i];
            if (candidate.is_taken || candidate.is_stranger)
                continue;
            for (auto const& email : candidate.company->emails)
                emails.emplace(email, i);
        }
        return emails;
    }

    void settle(Tier tier)
    {
        for (auto& open : tenants_) {
            if (open.is_settled)
                continue;
            auto const candidates = choices_of(open);
            std::ranges::sort(candidates);
            open.count -= std::ranges::unique(candidates).size();
            for (auto const candidate : choices_of(open))
                ++candidates_[candidate].seekers;
        }
        for (auto& open : tenants_) {
            if (!open.is_settled && open.count > 0)
                decide(open, tier);
        }
    }

    void decide(OpenTenant& open, Tier tier)
    {
        open.is_settled = true;
        auto& first = candidates_[choices_of(open).front()];
        bool const is_illegible = std::ranges::any_of(choices_of(open), [&](std::size_t candidate) {
            return !candidates_[candidate].company->is_link_legible;
        });
        if (!is_illegible && open.count == 1 && first.seekers == 1 && !open.is_doubtful) {
            first.is_taken = true;
            result_.adoptions.push_back({open.tenant, first.company, tier});
            return;
        }
        Ambiguity ambiguity{open.tenant, {}, tier};
        for (auto const candidate : choices_of(open))
            ambiguity.candidates.push_back(candidates_[candidate].company);
        (is_illegible ? result_.illegible : result_.ambiguities).push_back(std::move(ambiguity));
    }

    State const& state_;
    std::vector<Candidate> candidates_;
    std::vector<OpenTenant> tenants_;
    std::vector<std::size_t> choices_;
    Texts names_;
    std::unordered_multimap<models::TenantId, std::size_t> ids_;
    std::deque<Mentions> mentions_;  ///< `names_` has views into these
    Matching result_;
};

}  // namespace

std::string_view name_of(Tier tier)
{
    switch (tier) {
        case Tier::Uuid:
            return "uuid";
        case Tier::Name:
            return "name";
        case Tier::Email:
            return "email";
    }
    return "unknown";
}

Matching match(State const& state)
{
    return Matcher{state}.run();
}

}  // namespace tracking::reconcile
