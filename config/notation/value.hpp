#pragma once

#include "config/notation/problems.hpp"

#include <string>
#include <vector>

namespace tracking::config {

/// What a source says, before it is parsed. A map's children carry their key; keys are distinct.
struct Value
{
    enum class Shape
    {
        Nothing,
        Text,
        List,
        Map
    };

    Place place;
    Shape shape = Shape::Nothing;
    std::string key;
    std::string text;
    std::vector<Value> children;
};

}  // namespace tracking::config
