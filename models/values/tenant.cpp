#include "models/values/tenant.hpp"

#include <boost/flyweight.hpp>
#include <boost/flyweight/no_tracking.hpp>

namespace tracking::models {

namespace {

using Stored = boost::flyweights::flyweight<std::string, boost::flyweights::no_tracking>;

}  // namespace

Product::Product(std::string_view code) : code_{&Stored{std::string{code}}.get()} {}

}  // namespace tracking::models
