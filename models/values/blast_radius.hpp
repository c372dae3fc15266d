#pragma once

#include "models/rules/id.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace tracking::models {

/// How many rows of a table refer to something.
struct Dependents
{
    std::string table;
    std::size_t rows = 0;
    friend bool operator==(Dependents const&, Dependents const&) = default;
};

/// What a deletion of the company would delete too, and what speaks against the deletion.
struct BlastRadius
{
    CompanyId company;

    // What was made with the customer and would be deleted with it.
    std::vector<ContactId> contacts;  ///< made by this job: their ids prove it
    std::size_t tags = 0;             ///< mappings of the tags that this job attaches
    std::size_t billing_profiles = 0;

    std::vector<std::string> touched{};   ///< sentences: what is not as the job made it
    std::vector<Dependents> dependents;   ///< other rows that refer to the company or to these
    std::vector<std::string> unreadable;  ///< tables that refer to companies and may hide rows

    bool is_clear() const { return touched.empty() && is_unreferenced(); }
    bool is_unreferenced() const { return dependents.empty() && unreadable.empty(); }
    friend bool operator==(BlastRadius const&, BlastRadius const&) = default;
};

/// What refers to it: `2 rows of invoices, 1 row of tickets`; empty: nothing.
std::string listed(BlastRadius const& radius);

/// All that speaks against the deletion, in words; empty: nothing.
std::string objections_to_removal(BlastRadius const& radius);

}  // namespace tracking::models
