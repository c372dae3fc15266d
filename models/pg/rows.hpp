#pragma once

#include "models/rules/id.hpp"
#include "models/values/lists.hpp"

#include <charconv>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

struct pg_result;

namespace tracking::models::pg {

/// A field of a row, whatever it was read from. It is valid only as long as its source exists.
class Field
{
public:
    Field() = default;  ///< NULL
    explicit Field(std::string_view text) : text_{text} {}

    bool is_null() const { return !text_; }
    std::string_view text() const { return text_.value_or(std::string_view{}); }

private:
    std::optional<std::string_view> text_;
};

/// What a statement returned. Copies, and rows of it, share it.
class Rows
{
public:
    class Row
    {
    public:
        Field operator[](int column) const;
        int size() const;  ///< columns
        std::vector<Field> fields() const;

    private:
        friend class Rows;
        Row(std::shared_ptr<pg_result> rows, int at) : rows_{std::move(rows)}, at_{at} {}

        std::shared_ptr<pg_result> rows_;
        int at_;
    };

    class Iterator
    {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = Row;
        using difference_type = std::ptrdiff_t;
        using pointer = void;
        using reference = Row;

        Row operator*() const { return (*rows_)[at_]; }
        Iterator& operator++()
        {
            ++at_;
            return *this;
        }
        bool operator==(Iterator const&) const = default;

    private:
        friend class Rows;
        Iterator(Rows const* rows, int at) : rows_{rows}, at_{at} {}

        Rows const* rows_;
        int at_;
    };

    Rows() = default;
    explicit Rows(std::shared_ptr<pg_result> rows) : rows_{std::move(rows)} {}

    int size() const;
    /// What the server calls that which it did: `COMMIT`, `INSERT 0 1`.
    std::string_view command() const;
    bool empty() const { return size() == 0; }
    Row operator[](int row) const { return {rows_, row}; }
    Iterator begin() const { return {this, 0}; }
    Iterator end() const { return {this, size()}; }

private:
    std::shared_ptr<pg_result> rows_;  // null: none
};

inline std::string_view text(Field const& field)
{
    return field.text();
}

inline std::optional<std::string> optional_text(Field const& field)
{
    return field.is_null() ? std::nullopt : std::optional<std::string>{field.text()};
}

inline bool is_true(Field const& field)
{
    return field.text() == "t";
}

/// Zero for NULL. @throws std::logic_error for what is no such number
template <class Number>
requires std::integral<Number> || std::floating_point<Number> Number number(Field const& field)
{
    Number value{};
    auto const text = field.text();
    auto const read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (!field.is_null() && (read.ec != std::errc{} || read.ptr != text.data() + text.size()))
        throw std::logic_error{"no number: " + std::string{text}};
    return value;
}

/// An id that the server sent. It was a uuid there, so it can be parsed.
template <class IdType>
IdType id(Field const& field)
{
    return IdType::parse(field.text()).value();
}

inline std::chrono::seconds seconds(Field const& field)
{
    return std::chrono::seconds{number<long long>(field)};
}

/// A time that the server sent as seconds since 1970.
inline std::chrono::sys_seconds time(Field const& field)
{
    return std::chrono::sys_seconds{seconds(field)};
}

/// What `read` makes of the field; nothing for NULL.
auto if_there(Field const& field, auto const& read)
{
    return field.is_null() ? std::nullopt : std::optional{read(field)};
}

/// The ids that a statement returned.
template <class IdType>
std::vector<IdType> first_column(Rows const& rows)
{
    return each_of(rows, [](Rows::Row const& row) { return id<IdType>(row[0]); });
}

}  // namespace tracking::models::pg
