#pragma once

#include "models/rules/id.hpp"

#include <string>
#include <vector>

namespace tracking::models {

/// The last change of a company by the job that still stands, where that was to clean it up: what
/// would take it back.
struct PastCleanUp
{
    CompanyId company;
    std::string name;                       ///< the company's, as it was left
    bool was_unset = false;                 ///< its `is_inactive` was NULL before
    bool has_tagged = false;                ///< the tag of canceled customers came with it
    std::vector<ContactId> contacts;        ///< those that became inactive with it
    std::vector<ContactId> unset_contacts;  ///< those of `contacts` whose column was NULL
};

}  // namespace tracking::models
