#pragma once

#include <boost/json.hpp>

#include <map>
#include <string>

namespace tracking::reconcile {

/// The tag definitions that a run made or removed, by their ids. They belong to no company:
/// mappings of any company use them.
struct Definitions
{
    std::map<std::string, boost::json::value> made;
    std::map<std::string, boost::json::value> removed;

    /// Moves the definitions here from the images of a change.
    void add(boost::json::object& made_rows, boost::json::object& removed_rows);

    /// Leaves out what another run has taken back.
    void subtract(Definitions const& undone);
};

}  // namespace tracking::reconcile
