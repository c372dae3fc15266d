#include "models/rules/id.hpp"

#include "models/rules/text.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <stdexcept>

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
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// The same as a table: reading millions of rows takes most of its time for ids.
constexpr auto kDigitValues = [] {
    std::array<std::int8_t, 256> values{};
    for (int c = 0; c < 256; ++c)
        values[static_cast<std::size_t>(c)] = static_cast<std::int8_t>(digit_value(c));
    return values;
}();

/// Takes the digits from the front of `text`, with or without each hyphen.
std::optional<UuidBytes> take_digits(std::string_view& text)
{
    UuidBytes bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (text.size() < 2)
            return std::nullopt;
        auto const high = kDigitValues[static_cast<std::uint8_t>(text[0])];
        auto const low = kDigitValues[static_cast<std::uint8_t>(text[1])];
        if (high < 0 || low < 0)
            return std::nullopt;
        bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
        text.remove_prefix(2);
        if (hyphen_follows_byte(i) && text.starts_with('-'))
            text.remove_prefix(1);
    }
    return bytes;
}

std::optional<UuidBytes> parse_other_spelling(std::string_view text)
{
    constexpr std::string_view kUrn = "urn:uuid:";
    auto rest = trim_ascii(text);
    if (to_lower_ascii(rest.substr(0, kUrn.size())) == kUrn)
        rest.remove_prefix(kUrn.size());
    if (rest.starts_with('{') && rest.ends_with('}'))
        rest = rest.substr(1, rest.size() - 2);
    auto const bytes = take_digits(rest);
    return bytes && rest.empty() ? bytes : std::nullopt;
}

}  // namespace

std::optional<UuidBytes> parse_uuid(std::string_view text)
{
    if (text.size() != kTextLength)
        return parse_other_spelling(text);
    UuidBytes bytes{};
    auto const* at = text.data();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        auto const high = kDigitValues[static_cast<std::uint8_t>(*at++)];
        auto const low = kDigitValues[static_cast<std::uint8_t>(*at++)];
        if (high < 0 || low < 0 || (hyphen_follows_byte(i) && *at++ != '-'))
            return parse_other_spelling(text);
        bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return bytes;
}

std::vector<UuidBytes> uuids_in(std::string_view text)
{
    std::vector<UuidBytes> found;
    for (std::size_t at = 0; at < text.size();) {
        auto const is_part = [&](std::size_t i) {
            return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) != 0 ||
                                       text[i] == '-' || text[i] == '_');
        };
        auto end = at;
        while (is_part(end))
            ++end;
        auto word = text.substr(at, end - at);
        if (auto const bytes = take_digits(word); bytes && word.empty())
            found.push_back(*bytes);
        at = std::max(end, at + 1);
    }
    return found;
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

namespace {

/// Fetched once for each thread, since fetching takes longer than hashing a name.
class Sha1
{
public:
    using Digest = std::array<std::uint8_t, 20>;

    Digest of(UuidBytes const& space, std::string_view name)
    {
        Digest digest{};
        auto* const context = context_.get();
        if (EVP_DigestInit_ex2(context, algorithm_.get(), nullptr) != 1 ||
            EVP_DigestUpdate(context, space.data(), space.size()) != 1 ||
            EVP_DigestUpdate(context, name.data(), name.size()) != 1 ||
            EVP_DigestFinal_ex(context, digest.data(), nullptr) != 1)
            throw std::runtime_error{"OpenSSL has no SHA-1 here, which ids are made with"};
        return digest;
    }

private:
    std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm_{
        EVP_MD_fetch(nullptr, "SHA1", nullptr), &EVP_MD_free};
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_{EVP_MD_CTX_new(),
                                                                     &EVP_MD_CTX_free};
};

}  // namespace

// RFC 4122, version 5. Boost has it too, and takes six times as long.
UuidBytes name_based_uuid(UuidBytes const& space, std::string_view name)
{
    thread_local Sha1 sha1;
    auto const digest = sha1.of(space, name);
    UuidBytes bytes{};
    std::copy_n(digest.begin(), bytes.size(), bytes.begin());
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x50);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);
    return bytes;
}

}  // namespace tracking::models
