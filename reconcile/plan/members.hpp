#pragma once

#include <fmt/format.h>
#include <boost/json.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::reconcile {

/// Reads the members of one JSON object of a plan file. Where a member is not as it should be, each
/// function throws PlanFileError with the place in the file. For reconcile/plan/*.cpp only.
class Members
{
public:
    Members(boost::json::value const& value, std::string place);

    std::string text(std::string_view key) const;
    std::vector<std::string> texts(std::string_view key) const;

    /// All members of an object that holds nothing but texts.
    std::map<std::string, std::string> all_texts() const;

    std::size_t number(std::string_view key) const;
    bool flag(std::string_view key) const;

    template <class Id>
    Id id(std::string_view key) const
    {
        auto const parsed = Id::parse(text(key));
        if (!parsed)
            refuse(fmt::format("has a \"{}\" that is no id", key));
        return *parsed;
    }

    Members object(std::string_view key) const;
    std::vector<Members> objects(std::string_view key) const;
    bool is_null(std::string_view key) const;
    bool has(std::string_view key) const;
    boost::json::value const& at(std::string_view key) const;

    [[noreturn]] void refuse(std::string const& problem) const;

private:
    boost::json::object const* object_ = nullptr;
    std::string place_;
};

}  // namespace tracking::reconcile
