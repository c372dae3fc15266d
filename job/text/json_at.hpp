#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::job {

// What a JSON text holds at a JSON pointer. Where it holds nothing of that kind: null, empty, 0.

boost::json::value at(boost::json::value const& value, std::string_view pointer);

std::string text_at(boost::json::value const& value, std::string_view pointer);

std::size_t count_at(boost::json::value const& value, std::string_view pointer);

std::vector<std::string> texts_at(boost::json::value const& value, std::string_view pointer);

/// Of the array there.
std::size_t size_at(boost::json::value const& value, std::string_view pointer);

}  // namespace tracking::job
