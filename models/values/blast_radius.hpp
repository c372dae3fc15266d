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

/// What deleting a company would take along, and what stands against it.
struct BlastRadius
{
    CompanyId company;

    // What was made with the customer and would go with it.
    std::vector<ContactId> contacts;  ///< that this job has made: their ids prove it
    std::size_t tags = 0;             ///< mappings of the tags that it attaches
    std::size_t billing_profiles = 0;

    std::vector<std::string> touched{};   ///< sentences: what of these is not as the job made it
    std::vector<Dependents> dependents;   ///< all else that refers to it or to those, by table
    std::vector<std::string> unreadable;  ///< tables that refer to companies and may hide rows

    bool is_clear() const { return touched.empty() && is_unreferenced(); }
    bool is_unreferenced() const { return dependents.empty() && unreadable.empty(); }
    friend bool operator==(BlastRadius const&, BlastRadius const&) = default;
};

/// What refers to it: `2 rows of invoices, 1 row of tickets`; empty: nothing.
std::string listed(BlastRadius const& radius);

/// All that stands against it, in words; empty: nothing.
std::string objections_to_removal(BlastRadius const& radius);

}  // namespace tracking::models
