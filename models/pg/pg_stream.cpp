#include "models/pg/pg_stream.hpp"

#include "models/pg/libpqxx.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <exception>
#include <future>
#include <span>
#include <string_view>

namespace tracking::models::pg {

namespace {

using namespace std::chrono_literals;

// No round number: a round number of rows would end with an empty piece.
constexpr int kRowsAtOnce = 4'096;

/// A cursor. The server sends one piece at a time, so a pooler in transaction mode may sit between.
class Cursor final : public RowStream
{
public:
    Cursor(Transaction& tx, std::string const& name, std::string const& query,
           std::vector<Param> const& params)
        : tx_{tx}, fetch_{fmt::format("FETCH FORWARD {} FROM {}", kRowsAtOnce, name)}
    {
        ask(tx_, "DECLARE " + name + " NO SCROLL CURSOR FOR " + query, params);
    }

    Row const* next() override
    {
        if (at_ == rows_.size()) {
            if (!has_more_)
                return nullptr;
            wait_for([&] { rows_ = ask(tx_, fetch_, {}).rows(); });
            at_ = 0;
            has_more_ = rows_.size() == kRowsAtOnce;
            if (rows_.empty())
                return nullptr;
        }
        auto const row = rows_[at_++];
        row_.clear();
        for (int column = 0; column < row.size(); ++column)
            row_.push_back(row[column]);
        return &row_;
    }

private:
    Transaction& tx_;
    std::string fetch_;
    Rows rows_;
    int at_ = 0;
    bool has_more_ = true;
    Row row_;
};

/// The query with its parameters written into it, since COPY takes none.
std::string with_literals(Transaction& tx, std::string_view query, std::vector<Param> const& params)
{
    std::string text;
    for (std::size_t at = 0; at < query.size(); ++at) {
        if (query[at] != '$') {
            text += query[at];
            continue;
        }
        std::size_t number = 0;
        while (at + 1 < query.size() && std::isdigit(static_cast<unsigned char>(query[at + 1])))
            number = number * 10 + static_cast<std::size_t>(query[++at] - '0');
        auto const* const value = params.at(number - 1).value();
        if (value)
            text.append("'").append(tx.connection().esc(*value)).append("'");
        else
            text += "NULL";
    }
    return text;
}

/// The character for a letter after a backslash in COPY's text format.
char unescaped(char letter)
{
    constexpr std::string_view kLetters = "bfnrtv";
    constexpr std::string_view kMeant = "\b\f\n\r\t\v";
    auto const at = kLetters.find(letter);
    return at == kLetters.npos ? letter : kMeant[at];
}

/// The field in COPY's text format. It uses the memory of `bytes`.
Field field_in(std::span<char> bytes)
{
    auto const whole = std::string_view{bytes.data(), bytes.size()};
    auto at = whole.find('\\');
    if (at == whole.npos)
        return Field{whole};
    if (whole == "\\N")
        return {};
    auto to = at;
    for (; at < bytes.size(); ++at) {
        if (bytes[at] == '\\' && at + 1 < bytes.size())
            bytes[to++] = unescaped(bytes[++at]);
        else
            bytes[to++] = bytes[at];
    }
    return Field{whole.substr(0, to)};
}

/// Splits a line of COPY's text format into fields. A tab that belongs to a field is escaped there.
/// The fields use the line's memory.
void split(std::string& line, Row& row)
{
    row.clear();
    if (line.ends_with('\n'))
        line.pop_back();  // the line's end, which libpqxx leaves there
    std::span<char> rest{line};
    while (true) {
        auto const length = std::string_view{rest.data(), rest.size()}.find('\t');
        if (length == std::string_view::npos) {
            row.push_back(field_in(rest));
            return;
        }
        row.push_back(field_in(rest.first(length)));
        rest = rest.subspan(length + 1);
    }
}

/// What was asked for before comes first: a COPY does not go with the other statements.
Transaction& after_what_waits(Transaction& tx)
{
    in_session(tx, [&] { tx.pipeline().flush(tx); });
    return tx;
}

/// COPY: the server sends more rows while earlier ones are worked on.
class Copy final : public RowStream
{
public:
    // Uses a thread of its own, where one can be started: the answer comes with the first rows.
    // While this server sorts them, another session can be sent its query.
    Copy(Transaction& tx, std::string const& query, std::vector<Param> const& params)
        : tx_{after_what_waits(tx)},
          opening_{std::async(std::launch::async | std::launch::deferred,
                              [&tx, sql = with_literals(tx, query, params)] {
                                  auto const wait = tx.wait_for_answer();
                                  return std::make_unique<CopyLines>(tx.connection(), sql);
                              })}
    {}

    /// Where it ends early, libpqxx still takes all that the server sends.
    ~Copy() override
    {
        try {
            if (opening_.valid() && opening_.wait_for(0s) != std::future_status::deferred)
                rows_ = opening_.get();
        } catch (std::exception const&) {
            // Nobody asks for these rows any more.
        }
        auto const wait = tx_.wait_for_end();
        end();
    }
    Copy(Copy const&) = delete;
    Copy& operator=(Copy const&) = delete;

    Row const* next() override
    {
        if (at_ == count_) {
            wait_for([&] { in_session(tx_, [&] { fetch(); }); });
            at_ = 0;
            if (count_ == 0)
                return nullptr;
        }
        split(lines_[at_++], row_);
        return &row_;
    }

private:
    void fetch()
    {
        tx_.stop_if_lost();  // libpqxx takes what comes after a loss for a misuse of its classes
        auto const wait = tx_.wait_for_answer();
        if (opening_.valid())
            rows_ = opening_.get();
        count_ = 0;
        while (rows_ && count_ < lines_.size()) {
            if (rows_->next(lines_[count_]))
                ++count_;
            else
                end();
        }
    }

    /// The transaction is free for other statements then.
    void end()
    {
        rows_.reset();
        tx_.pipeline().end_stream();
    }

    Transaction& tx_;
    std::future<std::unique_ptr<CopyLines>> opening_;
    std::unique_ptr<CopyLines> rows_;
    std::array<std::string, 64> lines_;
    std::size_t count_ = 0;
    std::size_t at_ = 0;
    Row row_;
};

}  // namespace

std::unique_ptr<RowStream> stream(Transaction& tx, std::string const& name,
                                  std::string const& query, std::vector<Param> const& params,
                                  Fetching fetching)
{
    if (fetching == Fetching::InOne)
        return std::make_unique<Copy>(tx, query, params);
    return std::make_unique<Cursor>(tx, name, query, params);
}

}  // namespace tracking::models::pg
