#include "reconcile/match/match.hpp"

#include "reconcile/reading/wants.hpp"

#include "models/rules/text.hpp"

#include <algorithm>
#include <deque>
#include <span>
#include <unordered_map>

namespace tracking::reconcile {

namespace {

using Texts = std::unordered_multimap<std::string_view, std::size_t>;

/// One company that may be adopted, and who would.
struct Contender
{
    models::Company const* company;
    std::size_t suitors = 0;
    bool is_stranger = false;  ///< found by its name only
    bool is_taken = false;
};

struct Suitor
{
    models::Tenant const* tenant;
    std::size_t first = 0;  ///< of its candidates, which stand together
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
        collect_contenders();
        suitors_.reserve(state.open.size());
        candidates_.reserve(std::min(suitors_.capacity(), contenders_.size()));
        result_.adoptions.reserve(candidates_.capacity());
        for (auto const& tenant : state.open)
            suitors_.push_back({&tenant});
    }

    Matching run()
    {
        find_by_name();
        settle(Tier::Name);
        find_by_email();
        settle(Tier::Email);
        for (auto const& suitor : suitors_) {
            if (suitor.count == 0)
                result_.unmatched.push_back(suitor.tenant);
        }
        for (auto const& contender : contenders_) {
            if (contender.suitors == 0 && !contender.is_stranger)
                result_.unlinked.push_back(contender.company);
        }
        return std::move(result_);
    }

private:
    void collect_contenders()
    {
        contenders_.reserve(state_.loose.size());
        for (auto const& company : state_.loose) {
            if (!company.ignored)
                contenders_.push_back({&company});
        }
        for (auto const& company : state_.named) {
            if (!company.link_text && company.tags.empty() && !company.ignored)
                contenders_.push_back({.company = &company, .is_stranger = true});
        }
        std::ranges::sort(contenders_, {}, [](auto const& one) { return one.company->id; });
        for (std::size_t i = 0; i < contenders_.size(); ++i) {
            auto const& company = *contenders_[i].company;
            names_.emplace(company.name, i);
            if (!company.is_link_legible)
                note_mentions(i);
            else if (company.link_text && *company.link_text != company.name)
                names_.emplace(*company.link_text, i);
        }
    }

    void note_mentions(std::size_t contender)
    {
        mentions_.push_back(mentions_in(contenders_[contender].company->link_text.value()));
        for (auto const& id : mentions_.back().ids)
            ids_.emplace(id, contender);
        for (auto const& name : mentions_.back().names)
            names_.emplace(name, contender);
    }

    bool knows(Suitor const& suitor, std::size_t contender) const
    {
        return has_contact_of(*contenders_[contender].company, *suitor.tenant);
    }

    bool has_namesakes(models::Tenant const& tenant) const
    {
        return state_.bearers.contains(tenant.name);
    }

    void add_candidate(Suitor& suitor, std::size_t contender)
    {
        if (suitor.count++ == 0)
            suitor.first = candidates_.size();
        candidates_.push_back(contender);
    }

    std::span<std::size_t> candidates_of(Suitor const& suitor)
    {
        return std::span{candidates_}.subspan(suitor.first, suitor.count);
    }

    void find_by_name()
    {
        std::vector<bool> is_known(contenders_.size());  // to one who has its name
        for (auto const& suitor : suitors_) {
            for_each_name_match(suitor, [&](std::size_t contender) {
                if (knows(suitor, contender))
                    is_known[contender] = true;
            });
        }
        for (auto& suitor : suitors_) {
            add_those_that_mention(suitor);
            for_each_name_match(suitor, [&](std::size_t contender) {
                bool const known = knows(suitor, contender);
                bool const shared = has_namesakes(*suitor.tenant);
                if (!known &&
                    (contenders_[contender].is_stranger || (shared && is_known[contender])))
                    return;
                suitor.is_doubtful = suitor.is_doubtful || (shared && !known);
                add_candidate(suitor, contender);
            });
        }
    }

    void for_each_name_match(Suitor const& suitor, auto const& visit) const
    {
        if (models::is_blank(suitor.tenant->name))
            return;  // an empty link is no name either
        auto const [first, last] = names_.equal_range(suitor.tenant->name);
        for (auto it = first; it != last; ++it)
            visit(it->second);
    }

    /// By the tenant's id.
    void add_those_that_mention(Suitor& suitor)
    {
        auto const [first, last] = ids_.equal_range(suitor.tenant->id);
        for (auto it = first; it != last; ++it)
            add_candidate(suitor, it->second);
    }

    /// What has been adopted by name is out; what is contested by name makes an e-mail match
    /// contested too.
    void find_by_email()
    {
        auto const emails = emails_of_those_left();
        for (auto& suitor : suitors_) {
            if (suitor.is_settled)
                continue;
            auto const wanted = wanted_contact(*suitor.tenant);
            if (!wanted)
                continue;
            auto const [first, last] = emails.equal_range(wanted->email);
            for (auto it = first; it != last; ++it)
                add_candidate(suitor, it->second);
        }
    }

    Texts emails_of_those_left() const
    {
        Texts emails;
        for (std::size_t i = 0; i < contenders_.size(); ++i) {
            auto const& contender = contenders_[i];
            if (contender.is_taken || contender.is_stranger)
                continue;
            for (auto const& email : contender.company->emails)
                emails.emplace(email, i);
        }
        return emails;
    }

    void settle(Tier tier)
    {
        for (auto& suitor : suitors_) {
            if (suitor.is_settled)
                continue;
            auto const candidates = candidates_of(suitor);
            std::ranges::sort(candidates);
            suitor.count -= std::ranges::unique(candidates).size();
            for (auto const contender : candidates_of(suitor))
                ++contenders_[contender].suitors;
        }
        for (auto& suitor : suitors_) {
            if (!suitor.is_settled && suitor.count > 0)
                decide(suitor, tier);
        }
    }

    void decide(Suitor& suitor, Tier tier)
    {
        suitor.is_settled = true;
        auto& first = contenders_[candidates_of(suitor).front()];
        bool const is_illegible =
            std::ranges::any_of(candidates_of(suitor), [&](std::size_t contender) {
                return !contenders_[contender].company->is_link_legible;
            });
        if (!is_illegible && suitor.count == 1 && first.suitors == 1 && !suitor.is_doubtful) {
            first.is_taken = true;
            result_.adoptions.push_back({suitor.tenant, first.company, tier});
            return;
        }
        Ambiguity ambiguity{suitor.tenant, {}, tier};
        for (auto const contender : candidates_of(suitor))
            ambiguity.candidates.push_back(contenders_[contender].company);
        (is_illegible ? result_.illegible : result_.ambiguities).push_back(std::move(ambiguity));
    }

    State const& state_;
    std::vector<Contender> contenders_;
    std::vector<Suitor> suitors_;
    std::vector<std::size_t> candidates_;
    Texts names_;
    std::unordered_multimap<models::TenantId, std::size_t> ids_;
    std::deque<Mentions> mentions_;  ///< `names_` has views into them
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
