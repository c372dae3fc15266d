#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tracking::reconcile {

/// A group of changes that one guard counts against its limit.
enum class GuardedKind : std::uint8_t
{
    Create,
    Change,
    Cleanup
};

/// How many changes of a kind one run may make. The ratio always allows `floor` changes.
struct GuardLimit
{
    std::size_t number = 0;  ///< at most so many changes; 0: no such limit
    double ratio = 0;        ///< of the tenants or of the customers, 0 to 1
    std::size_t floor = 0;

    friend bool operator==(GuardLimit const&, GuardLimit const&) = default;
};

/// The number that a guard's ratio applies to.
enum class GuardBase
{
    Tenants,
    Customers
};

/// All that describes a guard, except which changes it counts.
struct GuardRow
{
    GuardedKind kind;
    std::string_view name;        ///< as configuration, `--allow`, reports and metrics write it
    std::string_view infinitive;  ///< what the changes do: `N to create`
    std::string_view participle;  ///< what they have done: `N created`
    std::string_view counts;      ///< which these are, for the configuration's documentation
    GuardBase base;
    GuardLimit usual;  ///< unless the configuration says otherwise
};

inline constexpr std::array kGuardTable{
    GuardRow{GuardedKind::Create,
             "create",
             "create",
             "created",
             "new customers",
             GuardBase::Tenants,
             {.ratio = 0.20, .floor = 100}},
    GuardRow{GuardedKind::Change,
             "change",
             "change",
             "changed",
             "adoptions, repairs, renames",
             GuardBase::Customers,
             {.ratio = 0.20, .floor = 100}},
    GuardRow{GuardedKind::Cleanup,
             "cleanup",
             "clean up",
             "cleaned up",
             "clean-ups",
             GuardBase::Customers,
             {.ratio = 0.05, .floor = 10}},
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
    /// A share of the median number of tenants in the last complete readings. Fewer stop the run.
    double tenants = 0.80;

    GuardLimit& of(GuardedKind kind) { return limits[static_cast<std::size_t>(kind)]; }
    GuardLimit const& of(GuardedKind kind) const { return limits[static_cast<std::size_t>(kind)]; }

    friend bool operator==(Guards const&, Guards const&) = default;
};

}  // namespace tracking::reconcile
