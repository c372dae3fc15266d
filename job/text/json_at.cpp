#include "job/text/json_at.hpp"

namespace tracking::job {

namespace json = boost::json;

json::value at(json::value const& value, std::string_view pointer)
{
    json::error_code error;
    auto const* const found = value.find_pointer({pointer.data(), pointer.size()}, error);
    return found ? *found : json::value{};
}

std::string text_at(json::value const& value, std::string_view pointer)
{
    auto const found = at(value, pointer);
    return found.is_string() ? std::string{found.get_string()} : std::string{};
}

std::size_t count_at(json::value const& value, std::string_view pointer)
{
    auto const found = at(value, pointer);
    return found.is_int64() && found.get_int64() > 0 ? static_cast<std::size_t>(found.get_int64())
                                                     : 0;
}

std::vector<std::string> texts_at(json::value const& value, std::string_view pointer)
{
    std::vector<std::string> texts;
    auto const found = at(value, pointer);
    if (found.is_array()) {
        for (auto const& one : found.get_array())
            texts.push_back(text_at(one, ""));
    }
    return texts;
}

std::size_t size_at(json::value const& value, std::string_view pointer)
{
    auto const found = at(value, pointer);
    return found.is_array() ? found.get_array().size() : 0;
}

}  // namespace tracking::job
