#pragma once

#include "reconcile/match/match.hpp"
#include "reconcile/match/ties.hpp"
#include "reconcile/reading/state.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace tracking::reconcile {

using Indices = std::span<std::size_t const>;

/// A company that may be adopted.
struct LooseCompany
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

/// Who may be whose: open tenants and companies, and what ties them. It does not know what a tie is
/// made of. A number is a place in tenants() or candidates().
class Pairing
{
public:
    explicit Pairing(State const& state);

    std::vector<OpenTenant>& tenants() { return tenants_; }
    std::vector<LooseCompany>& candidates() { return candidates_; }
    std::vector<std::size_t> unsettled() const;

    /// Makes each of the companies a candidate for each of the tenants.
    void tie(Indices tenants, Indices companies);

    /// Ends a tier: tenants that have candidates look for no others. What is unique both ways is
    /// adopted.
    void settle(Tier tier);

    /// To be called once, at the end.
    Matching result();

private:
    void adopt(OpenTenant const& open, LooseCompany& candidate);
    bool has_adopted(OpenTenant const& open) const;
    void collect_ambiguities();

    std::vector<OpenTenant> tenants_;
    std::vector<LooseCompany> candidates_;
    Groups groups_;  ///< the tenants, then the candidates
    Matching result_;
};

}  // namespace tracking::reconcile
