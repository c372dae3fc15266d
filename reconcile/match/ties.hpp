#pragma once

#include "models/values/lists.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace tracking::reconcile {

/// None, one, or several of something that has a number.
class Only
{
public:
    /// Adding the same again changes nothing.
    void add(std::size_t one)
    {
        if (count_ == 0)
            one_ = one;
        count_ = count_ == 0 || (count_ == 1 && one_ == one) ? 1 : 2;
    }
    void add(std::span<std::size_t const> all)
    {
        for (auto const one : all.first(std::min<std::size_t>(all.size(), 2)))
            add(one);
    }

    bool is_none() const { return count_ == 0; }
    bool is_one() const { return count_ == 1; }
    std::size_t one() const { return one_; }

private:
    std::size_t one_ = 0;
    int count_ = 0;  ///< 2: several
};

/// Which of a row of things hang together.
class Groups
{
public:
    explicit Groups(std::size_t size) : above_(size) { std::iota(above_.begin(), above_.end(), 0); }

    /// The same number for all that hang together.
    std::size_t of(std::size_t one)
    {
        while (above_[one] != one)
            one = above_[one] = above_[above_[one]];
        return one;
    }

    void join(std::size_t one, std::size_t other)
    {
        auto const first = of(one);
        auto const second = of(other);
        above_[std::max(first, second)] = std::min(first, second);
    }

private:
    std::vector<std::size_t> above_;
};

/// The numbers of those that have a key: a name, an id, or an address.
template <class Key>
using Keyed = std::vector<std::pair<Key, std::size_t>>;

/// Calls `visit` with the tenants and the companies of each key that both sides have, and with the
/// key. The cost follows the number of entries, however many share a key.
template <class Key>
void for_each_tie(Keyed<Key>& tenants, Keyed<Key>& companies, auto const& visit)
{
    models::leave_one_of_each(tenants);
    models::leave_one_of_each(companies);
    std::vector<std::size_t> left;
    std::vector<std::size_t> right;
    auto const take = [](auto& at, auto const end, Key const& key, std::vector<std::size_t>& into) {
        into.clear();
        for (; at != end && at->first == key; ++at)
            into.push_back(at->second);
    };
    auto company = companies.begin();
    for (auto tenant = tenants.begin(); tenant != tenants.end() && company != companies.end();) {
        if (tenant->first < company->first) {
            ++tenant;
        } else if (company->first < tenant->first) {
            ++company;
        } else {
            auto const& key = tenant->first;
            take(company, companies.end(), key, right);
            take(tenant, tenants.end(), key, left);
            visit(std::span<std::size_t const>{left}, std::span<std::size_t const>{right}, key);
        }
    }
}

}  // namespace tracking::reconcile
