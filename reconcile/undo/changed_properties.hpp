#pragma once

#include "models/values/change.hpp"

#include <boost/json.hpp>

#include <optional>
#include <string>

namespace tracking::reconcile {

/// What the changes of a run did to a company's `properties`, key by key. Images have the keys that
/// a change wrote; those of version 4 and before have all keys, of which most did not change.
class ChangedProperties
{
public:
    /// Adds the next change. Both are the company in an image of the journal.
    void add(boost::json::object const& before, boost::json::object const& after);

    /// Leaves out what another run has taken back.
    void subtract(ChangedProperties const& undone);

    bool empty() const { return was_.empty() && is_.empty() && was_none_ == is_none_; }

    /// @pre not empty()
    models::Replaced replaced() const;

private:
    // The keys that differ. A key is missing where there was none.
    boost::json::object was_;
    boost::json::object is_;
    // What the column held where it was no object: "null", or empty for NULL. In an image of an
    // older version null may also mean a JSON null. That was rarer, so it is restored as NULL.
    std::optional<std::string> was_none_;
    std::optional<std::string> is_none_;
    bool is_begun_ = false;
};

}  // namespace tracking::reconcile
