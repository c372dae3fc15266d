#pragma once

// Only pg.hpp and pg.cpp know which libpqxx this is. Only models/ includes this file, and no header
// that another layer sees.

#include "models/pg/connecting.hpp"
#include "models/pg/database.hpp"
#include "models/rules/id.hpp"
#include "models/values/errors.hpp"

#include <pqxx/pqxx>

#include <charconv>
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
#include <vector>

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

/// An array parameter in the server's binary form, since libpqxx has none. Nobody has to quote or
/// parse it. Parsing a uuid's text takes the server longer than the search for it.
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

/// A session that libpq itself has opened.
#if PQXX_VERSION_MAJOR >= 7
class Connection : public pqxx::connection
{
public:
    explicit Connection(RawSession session)
        : pqxx::connection{pqxx::connection::seize_raw_connection(session.release())}
    {}
};
#else
class Connection : public pqxx::connection_base
{
public:
    explicit Connection(RawSession session);
    ~Connection() noexcept { close(); }

private:
    class Opened final : public pqxx::connectionpolicy
    {
    public:
        explicit Opened(RawSession session) : connectionpolicy{{}}, session_{std::move(session)} {}
        handle do_startconnect(handle former) override
        {
            return former ? former : session_.release();
        }

    private:
        RawSession session_;
    };

    Opened policy_;
};
#endif

/// One round trip.
/// @throws StatementFailed, ConnectionLost, Interrupted
pqxx::result exec(Transaction& tx, std::string const& sql, std::vector<Param> const& params = {});

/// The same without parameters, for a statement that may fail after a savepoint. Where a plain
/// exec() fails, libpqxx 6 ends the transaction, and the savepoint is lost.
void exec_after_savepoint(Transaction& tx, std::string const& sql);

/// Runs `work` in the transaction, or throws Interrupted where it is to be cancelled. All errors
/// are those of errors.hpp.
void in_session(Transaction& tx, std::function<void()> const& work);

/// Runs `work` and turns libpqxx's exceptions into those of errors.hpp. Some codes are spelled out:
/// there libpqxx 6 has a class of its own and drops the code.
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
        // An administrator, a stopping server, a pooler or the limit for idle sessions has ended
        // it: the session is lost too. An error without a code is not from the server: libpq
        // reports its loss.
        auto const& code = error.sqlstate();
        if (code.empty() || code.starts_with("57P") || code.starts_with("08") || code == "25P03")
            throw ConnectionLost{error.what()};
        throw StatementFailed{error.what(), error.sqlstate()};
    } catch (pqxx::failure const& error) {
        throw ConnectionLost{error.what()};  // in the middle of a COPY
    }
}

#if PQXX_VERSION_MAJOR >= 7
using Snapshot = pqxx::transaction<pqxx::repeatable_read, pqxx::write_policy::read_only>;
#else
using Snapshot = pqxx::transaction<pqxx::repeatable_read, pqxx::read_only>;
#endif

/// What a query answers, as lines of COPY's text format. The session is busy while this exists.
class CopyLines
{
public:
    CopyLines(pqxx::transaction_base& tx, std::string const& query);

    /// False at the end.
    bool next(std::string& line);

private:
    pqxx::stream_from rows_;
};

/// A field of a row, whatever it was read from. It is valid only as long as its source exists.
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

/// An id that the server sent. It was a uuid there, so it can be parsed.
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
