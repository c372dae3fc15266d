#pragma once

#include <boost/json.hpp>

#include <map>
#include <string>

namespace tracking::reconcile {

/// Definitions of tags by their ids. They are the run's: what uses them are mappings of any
/// company.
struct Definitions
{
    std::map<std::string, boost::json::value> made;
    std::map<std::string, boost::json::value> removed;

    /// Moves them out of the images of a change.
    void add(boost::json::object& made_rows, boost::json::object& removed_rows);

    /// Leaves out what another run has taken back of them.
    void subtract(Definitions const& undone);
};

}  // namespace tracking::reconcile
