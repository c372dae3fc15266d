#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::models {

/// The 16 bytes of a UUID in network order: comparing the bytes gives PostgreSQL's uuid order.
using UuidBytes = std::array<std::uint8_t, 16>;

/// Accepts every spelling in which people and programs write one: the canonical 8-4-4-4-12
/// hexadecimal form in either case, without its hyphens, in braces, after `urn:uuid:`, with blanks
/// and line breaks (ASCII's) around. kSortByLink in customer_reader.cpp knows the same spellings.
std::optional<UuidBytes> parse_uuid(std::string_view text);

/// The UUIDs that stand as words of their own in a longer text, in their order.
std::vector<UuidBytes> uuids_in(std::string_view text);

/// The canonical form in lower case, 36 characters.
std::string format_uuid(UuidBytes const& bytes);

/// UUID version 5 (SHA-1) of a name in a namespace, RFC 4122 section 4.3.
UuidBytes name_based_uuid(UuidBytes const& space, std::string_view name);

/// A UUID that knows what it identifies: a TenantId never converts to a CompanyId.
/// A default one is nil (all zero), which identifies nothing.
template <class Tag>
class Id
{
public:
    constexpr Id() = default;
    constexpr explicit Id(UuidBytes const& bytes) : bytes_{bytes} {}

    static std::optional<Id> parse(std::string_view text)
    {
        auto const bytes = parse_uuid(text);
        return bytes ? std::optional{Id{*bytes}} : std::nullopt;
    }

    std::string str() const { return format_uuid(bytes_); }
    constexpr UuidBytes const& bytes() const { return bytes_; }
    constexpr bool is_nil() const { return bytes_ == UuidBytes{}; }

    friend constexpr auto operator<=>(Id const&, Id const&) = default;
    friend std::ostream& operator<<(std::ostream& out, Id const& id) { return out << id.str(); }

private:
    UuidBytes bytes_{};
};

using TenantId = Id<struct TenantTag>;
using CompanyId = Id<struct CompanyTag>;
using ContactId = Id<struct ContactTag>;
using TagId = Id<struct TagTag>;
using MappingId = Id<struct MappingTag>;
using UserId = Id<struct UserTag>;
using RunId = Id<struct RunTag>;
using ProfileId = Id<struct ProfileTag>;

/// The same space and name always give the same id, so that planning twice plans the same rows.
template <class IdType>
IdType name_based(TenantId space, std::string_view name)
{
    return IdType{name_based_uuid(space.bytes(), name)};
}

}  // namespace tracking::models

/// Name-based and sequential UUIDs both occur, so both halves go into the hash.
template <class Tag>
struct std::hash<tracking::models::Id<Tag>>
{
    std::size_t operator()(tracking::models::Id<Tag> const& id) const noexcept
    {
        std::array<std::uint64_t, 2> halves;
        static_assert(sizeof halves == sizeof id.bytes());
        std::memcpy(halves.data(), id.bytes().data(), sizeof halves);
        return std::hash<std::uint64_t>{}(halves[0] ^ (halves[1] * 0x9E3779B97F4A7C15U));
    }
};
