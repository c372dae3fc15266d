#include "reconcile/policy/drift_kind.hpp"

#include "models/values/enum_table.hpp"

namespace tracking::reconcile {

static_assert(models::has_row_for_each(kDriftTable, &DriftRow::kind, DriftKind::Ignored));

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
