#pragma once

#include "models/rules/id.hpp"
#include "models/values/boxed.hpp"
#include "models/values/strong.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/pfr/tuple_size.hpp>

#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace tracking::models {

template <class T>
using MembersOf =
    boost::describe::describe_members<std::remove_const_t<T>, boost::describe::mod_public>;

/// Calls `visit(name, member)` for each described member, in their order.
template <class T, class Visit>
void for_each_member(T& value, Visit const& visit)
{
    boost::mp11::mp_for_each<MembersOf<T>>(
        [&](auto member) { visit(std::string_view{member.name}, value.*member.pointer); });
}

/// Whether a type says what its value is, and so do the types of all that it holds. std::string
/// does not.
template <class T>
struct SaysWhatItIs : std::is_arithmetic<T>
{};
template <class Tag>
struct SaysWhatItIs<Id<Tag>> : std::true_type
{};
template <class Value, class What>
struct SaysWhatItIs<Strong<Value, What>> : std::true_type
{};
template <class T>
struct SaysWhatItIs<std::optional<T>> : SaysWhatItIs<T>
{};
template <class T>
struct SaysWhatItIs<std::vector<T>> : SaysWhatItIs<T>
{};
template <class T>
struct SaysWhatItIs<Boxed<T>> : SaysWhatItIs<T>
{};

/// For a struct: whether all its members are described, and the type of each says what it is.
template <class T>
requires boost::describe::has_describe_members<T>::value struct SaysWhatItIs<T>
{
    template <class Member>
    using TypeOf = std::remove_cvref_t<decltype(std::declval<T>().*Member::pointer)>;
    template <class Member>
    using IsSaid = SaysWhatItIs<TypeOf<Member>>;

    static constexpr bool value =
        boost::mp11::mp_size<MembersOf<T>>::value == boost::pfr::tuple_size_v<T> &&
        boost::mp11::mp_all_of<MembersOf<T>, IsSaid>::value;
};

}  // namespace tracking::models
