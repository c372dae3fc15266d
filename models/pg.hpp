#pragma once

// The one file that knows which libpqxx this is. Only the .cpp files of models/ include it.

#include "models/database.hpp"
#include "models/errors.hpp"
#include "models/rules/id.hpp"

#include <pqxx/pqxx>

#include <chrono>
#include <concepts>
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
    Param(std::string text) : text_{std::move(text)} {}
    Param(std::string_view text) : text_{std::string{text}} {}
    Param(char const* text) : text_{std::string{text}} {}
    Param(std::optional<std::string> text) : text_{std::move(text)} {}
    Param(std::integral auto number) : text_{std::to_string(number)} {}
    template <class Tag>
    Param(Id<Tag> const& id) : text_{id.str()}
    {}

    char const* c_str() const { return text_ ? text_->c_str() : nullptr; }

private:
    std::optional<std::string> text_;
};

/// An array parameter, since libpqxx has none: build the literal, cast it in the statement.
class ArrayLiteral
{
public:
    void add(std::string_view element);
    void add_null();
    operator Param() const { return Param{text_ + "}"}; }

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
    }
}

inline std::string_view text(pqxx::field const& field)
{
    return {field.c_str(), static_cast<std::size_t>(field.size())};
}

inline std::optional<std::string> optional_text(pqxx::field const& field)
{
    return field.is_null() ? std::nullopt : std::optional<std::string>{text(field)};
}

inline bool is_true(pqxx::field const& field)
{
    return !field.is_null() && *field.c_str() == 't';
}

/// An id that the server sent; it was a uuid there, so it is one here.
template <class IdType>
IdType id(pqxx::field const& field)
{
    return IdType::parse(text(field)).value();
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

/// A query read in pieces, so that memory does not grow with the result. Lives in a transaction,
/// not longer. A pooler in transaction mode may sit between.
class Cursor
{
public:
    Cursor(Transaction& tx, std::string name, std::string const& query,
           std::vector<Param> const& params, Fetching fetching);

    /// The next row, or nothing at the end. It keeps what it was fetched with alive.
    std::optional<pqxx::row> next();

    /// How long the server was waited for.
    std::chrono::nanoseconds waited() const { return waited_; }

private:
    pqxx::result fetch();

    Transaction& tx_;
    std::string fetch_;
    std::unique_ptr<pqxx::pipeline> ahead_;
    pqxx::result rows_;
    pqxx::result::size_type at_ = 0;
    bool has_more_ = true;
    std::chrono::nanoseconds waited_{0};
};

}  // namespace tracking::models::pg
