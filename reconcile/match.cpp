#include "reconcile/match.hpp"

#include "reconcile/wants.hpp"

#include "models/rules/text.hpp"

#include <algorithm>
#include <unordered_map>

namespace tracking::reconcile {

namespace {

using Texts = std::unordered_multimap<std::string_view, std::size_t>;

/// One company that may be adopted, and who would.
struct Contender
{
    models::Company const* company;
    bool is_stranger = false;  ///< found by its name only
    std::size_t suitors = 0;
    bool is_taken = false;
};

struct Suitor
{
    models::Tenant const* tenant;
    std::string email;  ///< of the wanted contact; empty: none
    std::vector<std::size_t> candidates{};
    bool is_doubtful = false;  ///< others have the name, and no contact tells them apart
    bool is_settled = false;   ///< by an earlier tier
};

class Matcher
{
public:
    explicit Matcher(State const& state) : state_{state}
    {
        collect_contenders();
        for (auto const& tenant : state.open) {
            auto contact = wanted_contact(tenant);
            suitors_.push_back({&tenant, contact ? std::move(contact->email) : std::string{}});
        }
    }

    Matching run()
    {
        find_by_name();
        settle(Tier::Name);
        find_by_email();
        settle(Tier::Email);
        for (auto const& suitor : suitors_) {
            if (suitor.candidates.empty())
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
        for (auto const& company : state_.loose)
            contenders_.push_back({&company});
        for (auto const& company : state_.named) {
            if (!company.link_text && company.tags.empty())
                contenders_.push_back({&company, true});
        }
        std::ranges::sort(contenders_, {}, [](auto const& one) { return one.company->id; });
        for (std::size_t i = 0; i < contenders_.size(); ++i) {
            auto const& company = *contenders_[i].company;
            names_.emplace(company.name, i);
            if (company.link_text && *company.link_text != company.name)
                names_.emplace(*company.link_text, i);
            for (auto const& email : company.emails)
                emails_.emplace(email, i);
        }
    }

    bool knows(Suitor const& suitor, std::size_t contender) const
    {
        return !suitor.email.empty() &&
               contains(contenders_[contender].company->emails, suitor.email);
    }

    bool has_namesakes(models::Tenant const& tenant) const
    {
        auto const bearers = state_.bearers.find(tenant.name);
        return bearers != state_.bearers.end() && bearers->second > 1;
    }

    void find_by_name()
    {
        std::vector<bool> is_known(contenders_.size());  // to one who has its name
        for_each_name_match([&](Suitor& suitor, std::size_t contender) {
            if (knows(suitor, contender))
                is_known[contender] = true;
        });
        for_each_name_match([&](Suitor& suitor, std::size_t contender) {
            bool const known = knows(suitor, contender);
            bool const shared = has_namesakes(*suitor.tenant);
            if (!known && (contenders_[contender].is_stranger || (shared && is_known[contender])))
                return;
            suitor.is_doubtful = suitor.is_doubtful || (shared && !known);
            suitor.candidates.push_back(contender);
        });
    }

    void for_each_name_match(auto const& visit)
    {
        for (auto& suitor : suitors_) {
            if (models::is_blank(suitor.tenant->name))
                continue;  // an empty link is no name either
            auto const [first, last] = names_.equal_range(suitor.tenant->name);
            for (auto it = first; it != last; ++it)
                visit(suitor, it->second);
        }
    }

    /// What has been adopted by name is out; what is contested by name makes an e-mail match
    /// contested too.
    void find_by_email()
    {
        for (auto& suitor : suitors_) {
            if (suitor.is_settled || suitor.email.empty())
                continue;
            auto const [first, last] = emails_.equal_range(suitor.email);
            for (auto it = first; it != last; ++it) {
                if (!contenders_[it->second].is_taken && !contenders_[it->second].is_stranger)
                    suitor.candidates.push_back(it->second);
            }
        }
    }

    void settle(Tier tier)
    {
        for (auto& suitor : suitors_) {
            if (suitor.is_settled)
                continue;
            std::ranges::sort(suitor.candidates);
            auto const twice = std::ranges::unique(suitor.candidates);
            suitor.candidates.erase(twice.begin(), twice.end());
            for (auto const contender : suitor.candidates)
                ++contenders_[contender].suitors;
        }
        for (auto& suitor : suitors_) {
            if (!suitor.is_settled && !suitor.candidates.empty())
                decide(suitor, tier);
        }
    }

    void decide(Suitor& suitor, Tier tier)
    {
        suitor.is_settled = true;
        auto& first = contenders_[suitor.candidates.front()];
        if (suitor.candidates.size() == 1 && first.suitors == 1 && !suitor.is_doubtful) {
            first.is_taken = true;
            result_.adoptions.push_back({suitor.tenant, first.company, tier});
            return;
        }
        Ambiguity ambiguity{suitor.tenant, {}, tier};
        for (auto const contender : suitor.candidates)
            ambiguity.candidates.push_back(contenders_[contender].company);
        result_.ambiguities.push_back(std::move(ambiguity));
    }

    State const& state_;
    std::vector<Contender> contenders_;
    std::vector<Suitor> suitors_;
    Texts names_;
    Texts emails_;
    Matching result_;
};

}  // namespace

std::string_view name_of(Tier tier)
{
    return tier == Tier::Name ? "name" : "email";
}

Matching match(State const& state)
{
    return Matcher{state}.run();
}

}  // namespace tracking::reconcile
