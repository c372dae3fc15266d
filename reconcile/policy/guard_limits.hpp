#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace tracking::reconcile {

/// Changes that are counted together against one limit.
enum class GuardedKind
{
    Create,
    Change,
    Cleanup
};

/// How many changes of a kind one run may make. Up to `floor` the ratio is not asked.
struct GuardLimit
{
    std::size_t number = 0;  ///< at most that many; 0: no such limit
    double ratio = 0;        ///< of the tenants or of the customers, 0 to 1
    std::size_t floor = 0;

    friend bool operator==(GuardLimit const&, GuardLimit const&) = default;
};

/// What a guard's ratio is of.
enum class GuardBase
{
    Tenants,
    Customers
};

/// All that is to be known of a guard, apart from the changes that it counts.
struct GuardRow
{
    GuardedKind kind;
    std::string_view name;  ///< as configuration, `--allow`, reports and metrics write it
    GuardBase base;
    GuardLimit usual;  ///< unless the configuration says otherwise
};

inline constexpr std::array kGuardTable{
    GuardRow{GuardedKind::Create, "create", GuardBase::Tenants, {.ratio = 0.20, .floor = 100}},
    GuardRow{GuardedKind::Change, "change", GuardBase::Customers, {.ratio = 0.20, .floor = 100}},
    GuardRow{GuardedKind::Cleanup, "cleanup", GuardBase::Customers, {.ratio = 0.05, .floor = 10}},
};

constexpr GuardRow const& row_of(GuardedKind kind)
{
    return kGuardTable[static_cast<std::size_t>(kind)];
}

constexpr std::string_view name_of(GuardedKind kind)
{
    return row_of(kind).name;
}

struct Guards
{
    std::array<GuardLimit, kGuardTable.size()> limits = [] {
        std::array<GuardLimit, kGuardTable.size()> usual{};
        for (auto const& row : kGuardTable)
            usual[static_cast<std::size_t>(row.kind)] = row.usual;
        return usual;
    }();
    double tenants = 0.80;  ///< of the median of the last complete readings: fewer stop the run

    GuardLimit& of(GuardedKind kind) { return limits[static_cast<std::size_t>(kind)]; }
    GuardLimit const& of(GuardedKind kind) const { return limits[static_cast<std::size_t>(kind)]; }

    friend bool operator==(Guards const&, Guards const&) = default;
};

}  // namespace tracking::reconcile
