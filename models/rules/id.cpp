#include "models/rules/id.hpp"

#include <algorithm>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid.hpp>

namespace tracking::models {
namespace {

constexpr std::size_t kTextLength = 36;

constexpr bool hyphen_follows_byte(std::size_t index)
{
    return index == 3 || index == 5 || index == 7 || index == 9;
}

/// The value of a hexadecimal digit, or -1.
constexpr int digit_value(int c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// The same as a table: the reading of millions of rows spends most of its time on ids.
constexpr auto kDigitValues = [] {
    std::array<std::int8_t, 256> values{};
    for (int c = 0; c < 256; ++c) {
        values[static_cast<std::size_t>(c)] = static_cast<std::int8_t>(digit_value(c));
    }
    return values;
}();

}  // namespace

std::optional<UuidBytes> parse_uuid(std::string_view text)
{
    if (text.size() != kTextLength) {
        return std::nullopt;
    }
    UuidBytes bytes{};
    auto const* at = text.data();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        int const high = kDigitValues[static_cast<std::uint8_t>(*at++)];
        int const low = kDigitValues[static_cast<std::uint8_t>(*at++)];
        if (high < 0 || low < 0 || (hyphen_follows_byte(i) && *at++ != '-')) {
            return std::nullopt;
        }
        bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return bytes;
}

std::string format_uuid(UuidBytes const& bytes)
{
    constexpr char const* kDigits = "0123456789abcdef";
    std::string text(kTextLength, '-');
    auto* at = text.data();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        *at++ = kDigits[bytes[i] >> 4];
        *at++ = kDigits[bytes[i] & 0x0F];
        at += hyphen_follows_byte(i) ? 1 : 0;
    }
    return text;
}

UuidBytes name_based_uuid(UuidBytes const& space, std::string_view name)
{
    boost::uuids::uuid parent{};
    std::copy(space.begin(), space.end(), parent.begin());
    auto const made = boost::uuids::name_generator_sha1{parent}(name.data(), name.size());
    UuidBytes bytes{};
    std::copy(made.begin(), made.end(), bytes.begin());
    return bytes;
}

}  // namespace tracking::models
