#include "models/pg/pg.hpp"

#include <array>

namespace tracking::models::pg {

namespace {

/// In network order.
void write_number(std::string& bytes, std::size_t at, std::uint32_t number)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes[at++] = static_cast<char>(number >> shift);
}

void append_number(std::string& bytes, std::uint32_t number)
{
    bytes.append(sizeof number, '\0');
    write_number(bytes, bytes.size() - sizeof number, number);
}

}  // namespace

Array::Array(ElementType type)
{
    append_number(bytes_, 1);  // dimensions
    append_number(bytes_, 1);  // may hold NULLs
    append_number(bytes_, static_cast<std::uint32_t>(type));
    append_number(bytes_, 0);  // elements
    append_number(bytes_, 1);  // index of the first
}

void Array::add_bytes()
{
    append_number(bytes_, 0xFFFFFFFF);
    count_one();
}

void Array::add_bytes(std::string_view before, std::string_view bytes)
{
    append_number(bytes_, static_cast<std::uint32_t>(before.size() + bytes.size()));
    bytes_ += before;
    bytes_ += bytes;
    count_one();
}

void Array::count_one()
{
    constexpr std::size_t kPlace = 12;
    write_number(bytes_, kPlace, ++count_);
}

Param array_literal(std::span<std::string const> texts)
{
    std::string literal = "{";
    for (auto const& text : texts) {
        if (literal.size() > 1)
            literal += ',';
        literal += '"';
        for (char const c : text) {
            if (c == '"' || c == '\\')
                literal += '\\';
            literal += c;
        }
        literal += '"';
    }
    return literal + "}";
}

namespace {

#if PQXX_VERSION_MAJOR >= 7

/// Deprecated in favour of a template that has to be told the types of the columns.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
pqxx::stream_from copy_out(pqxx::transaction_base& tx, std::string const& query)
{
    return {tx, pqxx::from_query, query};
}
#pragma GCC diagnostic pop

bool read_line(pqxx::stream_from& rows, std::string& line)
{
    auto const [bytes, size] = rows.get_raw_line();
    if (bytes)
        line.assign(bytes.get(), size);
    return static_cast<bool>(bytes);
}

pqxx::result exec_with(pqxx::transaction_base& tx, std::string const& sql,
                       std::vector<Param> const& params)
{
    pqxx::params values;
    for (auto const& param : params) {
        if (param.is_binary())
            values.append(pqxx::binary_cast(*param.value()));
        else
            values.append(param.c_str());
    }
#if PQXX_VERSION_MAJOR > 7 || PQXX_VERSION_MINOR >= 9
    return tx.exec(sql, values);
#else
    return tx.exec_params(sql, values);
#endif
}

#else

/// A query in parentheses works where a table's name is expected.
pqxx::stream_from copy_out(pqxx::transaction_base& tx, std::string const& query)
{
    return {tx, "(" + query + ")"};
}

bool read_line(pqxx::stream_from& rows, std::string& line)
{
    return rows.get_raw_line(line);
}

/// libpqxx 6 takes several lists of parameters, each of one type. Here they are lists of texts and
/// of arrays in turns; no statement has more than these.
pqxx::result exec_with(pqxx::transaction_base& tx, std::string const& sql,
                       std::vector<Param> const& params)
{
    std::array<std::vector<char const*>, 2> texts;
    std::array<std::vector<pqxx::binarystring>, 2> arrays;
    std::size_t turn = 0;
    for (auto const& param : params) {
        if (param.is_binary())
            arrays.at(turn).emplace_back(param.value()->data(), param.value()->size());
        else
            texts.at(turn += arrays.at(turn).empty() ? 0 : 1).push_back(param.c_str());
    }
    auto const list = [](auto const& values) { return pqxx::prepare::make_dynamic_params(values); };
    return tx.exec_params(sql, list(texts[0]), list(arrays[0]), list(texts[1]), list(arrays[1]));
}

#endif

}  // namespace

CopyLines::CopyLines(pqxx::transaction_base& tx, std::string const& query)
    : rows_{copy_out(tx, query)}
{}

bool CopyLines::next(std::string& line)
{
    return read_line(rows_, line);
}

#if PQXX_VERSION_MAJOR < 7

Connection::Connection(RawSession session)
    : pqxx::connection_base{policy_}, policy_{std::move(session)}
{
    init();
    // A session that is renewed silently could split a transaction in two. The function is
    // deprecated in 6.4 because 7 never reactivates.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    inhibit_reactivation(true);
#pragma GCC diagnostic pop
}

#endif

void in_session(Transaction& tx, std::function<void()> const& work)
{
    tx.stop_if_cancelled();
    // libpqxx reports the loss once. Then it takes the next statement for a misuse of its classes.
    if (!tx.raw().conn().is_open())
        throw ConnectionLost{"the session with the server was lost before"};
    tx.note_failed(true);
    try {
        auto const wait = tx.wait_for_answer();
        translating_errors(work);
        tx.note_failed(false);
    } catch (ConnectionLost const&) {
        tx.stop_if_cancelled();
        tx.stop_if_silent();
        throw;
    } catch (DatabaseError const&) {
        tx.stop_if_cancelled();  // it failed because it was cancelled
        throw;
    }
}

pqxx::result exec(Transaction& tx, std::string const& sql, std::vector<Param> const& params)
{
    pqxx::result result;
    in_session(tx, [&] {
        result = params.empty() ? tx.raw().exec(sql) : exec_with(tx.raw(), sql, params);
    });
    return result;
}

void exec_after_savepoint(Transaction& tx, std::string const& sql)
{
    in_session(tx, [&] { exec_with(tx.raw(), sql, {}); });
}

}  // namespace tracking::models::pg
