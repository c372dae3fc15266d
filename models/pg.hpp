#pragma once

// The one place that knows which libpqxx this is. Only the .cpp files of models/ include it.

#include "models/database.hpp"
#include "models/errors.hpp"
#include "models/rules/id.hpp"

#include <pqxx/pqxx>

#include <charconv>
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::models::pg {

/// A statement parameter: PostgreSQL's text form, or NULL. The statement casts it (`$1::uuid`).
class Param
{
public:
    Param(std::string text) : text_{std::make_shared<std::string const>(std::move(text))} {}
    Param(std::string_view text) : Param{std::string{text}} {}
    Param(char const* text) : Param{std::string{text}} {}
    Param(std::optional<std::string> text)
    {
        if (text)
            text_ = std::make_shared<std::string const>(*std::move(text));
    }
    Param(std::integral auto number) : Param{std::to_string(number)} {}
    template <class Tag>
    Param(Id<Tag> const& id) : Param{id.str()}
    {}

    char const* c_str() const { return text_ ? text_->c_str() : nullptr; }

private:
    std::shared_ptr<std::string const> text_;  // lists of parameters are copied, arrays are long
};

/// An array parameter, since libpqxx has none: build the literal, cast it in the statement.
class ArrayLiteral
{
public:
    void add(std::string_view element);
    void add_null();
    operator Param() const& { return Param{text_ + "}"}; }
    operator Param() && { return Param{std::move(text_ += '}')}; }

private:
    void separate();
    std::string text_ = "{";
};

/// One array of what `element` makes of each item of the range.
template <std::ranges::input_range Range, class Element>
ArrayLiteral array_of(Range&& range, Element element)
{
    ArrayLiteral array;
    for (auto const& item : range) {
        if constexpr (std::same_as<std::invoke_result_t<Element, decltype(item)>,
                                   std::optional<std::string>>) {
            auto const text = std::invoke(element, item);
            text ? array.add(*text) : array.add_null();
        } else {
            array.add(std::invoke(element, item));
        }
    }
    return array;
}

/// The ids of a range of ids, or of a range of things with an id at `member`.
template <std::ranges::input_range Range>
ArrayLiteral ids_of(Range&& range)
{
    return array_of(range, [](auto const& id) { return id.str(); });
}

/// One round trip.
/// @throws StatementFailed, ConnectionLost, Interrupted
pqxx::result exec(Transaction& tx, std::string const& sql, std::vector<Param> const& params = {});

/// The same without parameters, for what may fail after a savepoint: libpqxx 6 ends a transaction
/// in which a plain exec() fails, and with it the way back.
/// @throws StatementFailed, ConnectionLost
void exec_after_savepoint(Transaction& tx, std::string const& sql);

/// Does `work` with the transaction, unless it is to be cancelled, and in our errors.
void in_session(Transaction& tx, std::function<void()> const& work);

/// Runs `work`, turning libpqxx's exceptions into those of errors.hpp. Where a code is spelled out,
/// libpqxx 6 has a class for it and drops the code itself.
void translating_errors(auto&& work)
{
    try {
        work();
    } catch (pqxx::in_doubt_error const& error) {
        throw CommitInDoubt{error.what()};
    } catch (pqxx::broken_connection const& error) {
        throw ConnectionLost{error.what()};
    } catch (pqxx::deadlock_detected const& error) {
        throw StatementFailed{error.what(), "40P01"};
    } catch (pqxx::transaction_rollback const& error) {
        throw StatementFailed{error.what(), "40001"};
    } catch (pqxx::insufficient_privilege const& error) {
        throw StatementFailed{error.what(), "42501"};
    } catch (pqxx::sql_error const& error) {
        // Ended by an administrator, a stopping server, a pooler or for idleness: the session is
        // lost too.
        auto const& code = error.sqlstate();
        if (code.starts_with("57P") || code.starts_with("08") || code == "25P03")
            throw ConnectionLost{error.what()};
        throw StatementFailed{error.what(), error.sqlstate()};
    } catch (pqxx::failure const& error) {
        throw ConnectionLost{error.what()};  // in the middle of a COPY
    }
}

/// A field of a row, of whatever it was read from, and only as long as that is there.
class Field
{
public:
    Field() = default;  ///< NULL
    explicit Field(std::string_view text) : text_{text} {}
    Field(pqxx::field const& field)
    {
        if (!field.is_null())
            text_ = {field.c_str(), static_cast<std::size_t>(field.size())};
    }

    bool is_null() const { return !text_; }
    std::string_view text() const { return text_.value_or(std::string_view{}); }

private:
    std::optional<std::string_view> text_;
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

template <std::integral Number>
Number number(Field const& field)
{
    Number value{};
    std::from_chars(field.text().data(), field.text().data() + field.text().size(), value);
    return value;
}

/// An id that the server sent; it was a uuid there, so it is one here.
template <class IdType>
IdType id(Field const& field)
{
    return IdType::parse(field.text()).value();
}

/// The ids that a statement returned.
template <class IdType>
std::vector<IdType> first_column(pqxx::result const& rows)
{
    std::vector<IdType> ids;
    ids.reserve(static_cast<std::size_t>(rows.size()));
    for (auto const& row : rows)
        ids.push_back(id<IdType>(row[0]));
    return ids;
}

}  // namespace tracking::models::pg
