#include "reconcile/policy/drift_kind.hpp"

namespace tracking::reconcile {

namespace {

/// row_of() finds a row by its place.
constexpr bool is_in_order()
{
    for (std::size_t i = 0; i < kDriftTable.size(); ++i)
        if (kDriftTable[i].kind != static_cast<DriftKind>(i))
            return false;
    return true;
}

static_assert(is_in_order() && kDriftTable.back().kind == DriftKind::Ignored,
              "a row for each kind, in the order of the kinds");

}  // namespace

std::string key_name_of(DriftKind kind)
{
    std::string key{name_of(kind)};
    std::ranges::replace(key, '_', '-');
    return key;
}

std::optional<DriftKind> drift_kind_named(std::string_view name)
{
    auto const found = std::ranges::find(kDriftKinds, name, name_of);
    return found == kDriftKinds.end() ? std::nullopt : std::optional{*found};
}

}  // namespace tracking::reconcile
