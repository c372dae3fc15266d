#pragma once

#include "models/rules/id.hpp"

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tracking::models::pg {

/// A statement parameter: a text in PostgreSQL's form, the bytes of an array, or NULL. The
/// statement casts it (`$1::uuid`).
class Param
{
public:
    Param(std::string text) : value_{std::make_shared<std::string const>(std::move(text))} {}
    Param(std::string_view text) : Param{std::string{text}} {}
    Param(char const* text) : Param{std::string{text}} {}
    Param(std::optional<std::string> text)
    {
        if (text)
            value_ = std::make_shared<std::string const>(*std::move(text));
    }
    Param(std::integral auto number) : Param{std::to_string(number)} {}
    Param(std::optional<std::size_t> number)
    {
        if (number)
            value_ = std::make_shared<std::string const>(std::to_string(*number));
    }
    template <class Tag>
    Param(Id<Tag> const& id) : Param{id.str()}
    {}

    template <class Tag>
    Param(std::optional<Id<Tag>> const& id)
    {
        if (id)
            *this = Param{*id};
    }

    static Param binary(std::string bytes)
    {
        Param param{std::move(bytes)};
        param.is_binary_ = true;
        return param;
    }

    bool is_binary() const { return is_binary_; }
    std::string const* value() const { return value_.get(); }  ///< null: NULL
    char const* c_str() const { return value_ ? value_->c_str() : nullptr; }

private:
    std::shared_ptr<std::string const> value_;  // lists of parameters are copied, arrays are long
    bool is_binary_ = false;
};

/// An element of a json array, or of a jsonb array.
struct Json
{
    std::string_view text;
};
struct Jsonb
{
    std::string_view text;
};

/// The numbers that the server has for these types (pg_type.oid).
enum class ElementType : std::uint32_t
{
    Text = 25,
    Json = 114,
    Uuid = 2950,
    Jsonb = 3802,
};

/// An array parameter in the server's binary form. Nobody has to quote or parse it. Parsing a
/// uuid's text takes the server longer than the search for it.
class Array
{
public:
    explicit Array(ElementType type);

    void add(std::string_view text) { add_bytes({}, text); }
    void add(Json const& json) { add_bytes({}, json.text); }
    void add(Jsonb const& json) { add_bytes("\x01", json.text); }  // the format's version
    template <class Tag>
    void add(Id<Tag> const& id)
    {
        add_bytes({}, {reinterpret_cast<char const*>(id.bytes().data()), id.bytes().size()});
    }
    template <class Element>
    void add(std::optional<Element> const& element)
    {
        element ? add(*element) : add_bytes();
    }

    operator Param() const& { return Param::binary(bytes_); }
    operator Param() && { return Param::binary(std::move(bytes_)); }

private:
    void add_bytes();  ///< a NULL
    void add_bytes(std::string_view before, std::string_view bytes);
    void count_one();

    std::string bytes_;
    std::uint32_t count_ = 0;
};

template <class Element>
inline constexpr ElementType kTypeOf = ElementType::Text;
template <class Tag>
inline constexpr ElementType kTypeOf<Id<Tag>> = ElementType::Uuid;
template <>
inline constexpr ElementType kTypeOf<Json> = ElementType::Json;
template <>
inline constexpr ElementType kTypeOf<Jsonb> = ElementType::Jsonb;
template <class Element>
inline constexpr ElementType kTypeOf<std::optional<Element>> = kTypeOf<Element>;

/// An array of what `element` returns for each item of the range: ids, texts or Json, or optional
/// ones.
template <std::ranges::input_range Range, class Element>
Array array_of(Range&& range, Element element)
{
    using Item = std::ranges::range_reference_t<Range>;
    Array array{kTypeOf<std::remove_cvref_t<std::invoke_result_t<Element, Item>>>};
    for (auto const& item : range)
        array.add(std::invoke(element, item));
    return array;
}

/// An array of the range's ids or texts.
template <std::ranges::input_range Range>
Array array_of(Range&& range)
{
    return array_of(range, std::identity{});
}

/// An array of ids as texts, for where the server has them as texts.
template <std::ranges::input_range Range>
Array texts_of(Range&& ids)
{
    return array_of(ids, [](auto const& id) { return id.str(); });
}

/// An array of texts, written as one text for a COPY.
Param array_literal(std::span<std::string const> texts);

}  // namespace tracking::models::pg
