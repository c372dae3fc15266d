#include "models/journal/erasure.hpp"

#include "models/rules/text.hpp"
#include "models/values/past_change.hpp"

#include <boost/algorithm/string/replace.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace tracking::models {

namespace {

/// A text in lower case, as addresses are compared.
struct Lower
{
    std::string text;
    std::vector<std::size_t> from;  ///< where each of its bytes comes from; the last one: the end
};

Lower lower(std::string_view text)
{
    Lower all;
    for (std::size_t at = 0; at < text.size();) {
        auto const [code, length] = first_character(text.substr(at));
        auto const one = text.substr(at, length);
        all.text += is_white_space(code) ? std::string{one} : normalize_email(one);
        all.from.resize(all.text.size(), at);
        at += length;
    }
    all.from.push_back(text.size());
    return all;
}

bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/// Whether what stands before the place belongs to an address: `jo.` before `ann@acme.example`.
bool is_within(std::string_view before)
{
    if (before.empty())
        return false;
    if (std::string_view{"._%+-"}.find(before.back()) == std::string_view::npos)
        return is_word(before.back());
    return before.size() > 1 && is_word(before[before.size() - 2]);
}

/// Whether an address goes on: `.au` behind `ann@acme.example`.
bool goes_on(std::string_view behind)
{
    if (behind.starts_with('.') || behind.starts_with('-'))
        behind.remove_prefix(1);
    return !behind.empty() && is_word(behind.front());
}

json::string* text_in(json::object& object, char const* member)
{
    auto* const found = object.if_contains(member);
    return found ? found->if_string() : nullptr;
}

bool is_id(json::string const& text)
{
    return parse_uuid({text.data(), text.size()}).has_value();
}

}  // namespace

Erasure::Erasure(std::string_view address) : address_{normalize_email(address)} {}

std::string Erasure::sign() const
{
    auto const is_plain = [](char c) { return c > ' ' && c < '\x7f' && c != '"' && c != '\\'; };
    std::string longest;
    for (auto at = address_.begin(); at != address_.end();) {
        auto const begin = std::find_if(at, address_.end(), is_plain);
        at = std::find_if_not(begin, address_.end(), is_plain);
        if (static_cast<std::size_t>(at - begin) > longest.size())
            longest.assign(begin, at);
    }
    return longest;
}

bool Erasure::learn(std::span<Piece const> row)
{
    std::vector<Piece> rest{row.begin(), row.end()};
    if (!take_out(rest))
        return false;
    for (auto const& piece : row) {
        if (piece.kind != Piece::Kind::Text && piece.text)
            learn(parsed_json(*piece.text));
    }
    return true;
}

bool Erasure::take_out(std::span<Piece> row) const
{
    bool holds = false;
    for (auto& piece : row)
        holds = take_out(piece) || holds;
    if (holds) {
        for (auto& piece : row)
            take_names_out(piece);
    }
    return holds;
}

bool Erasure::take_out(std::string& text) const
{
    bool const holds = take_address_out(text);
    if (holds)
        take_names_out(text);
    return holds;
}

bool Erasure::take_out(Piece& piece) const
{
    if (!piece.text)
        return false;
    if (piece.kind == Piece::Kind::Text) {
        bool const holds = take_out(*piece.text);
        // A server quotes whole rows in the lines that it adds.
        if (holds)
            piece.text->resize(std::min(piece.text->find('\n'), piece.text->size()));
        return holds;
    }
    auto document = parsed_json(*piece.text);
    bool const holds = take_out(document);
    if (holds && piece.kind == Piece::Kind::Image && document.is_object())
        document.get_object()[kForgotten] = true;
    if (holds)
        piece.text = json_text(document);
    return holds;
}

bool Erasure::take_out(json::value& value) const
{
    bool holds = false;
    if (auto* const text = value.if_string()) {
        std::string rest{*text};
        holds = take_out(rest);
        *text = rest;
    } else if (auto* const elements = value.if_array()) {
        for (auto& one : *elements)
            holds = take_out(one) || holds;
    } else if (auto* const object = value.if_object(); object && is_persons(*object)) {
        for_each_text(value, [](json::string& one) {
            if (!is_id(one))
                one = json::string_view{kPlaceholder.data(), kPlaceholder.size()};
        });
        holds = true;
    } else if (object) {
        for (auto& one : *object)
            holds = take_out(one.value()) || holds;
    }
    return holds;
}

bool Erasure::take_address_out(std::string& text) const
{
    if (text.find('@') == text.npos)
        return false;
    auto const [all, from] = lower(text);
    std::string rest;
    std::size_t done = 0;
    for (auto at = all.find(address_); at != all.npos; at = all.find(address_, at + 1)) {
        auto const end = at + address_.size();
        if (is_within({all.data(), at}) || goes_on(std::string_view{all}.substr(end)))
            continue;
        rest.append(text, done, from[at] - done).append(kPlaceholder);
        done = from[end];
    }
    if (done > 0)
        text = rest.append(text, done);
    return done > 0;
}

void Erasure::take_names_out(std::string& text) const
{
    for (auto const& name : names_) {
        boost::replace_all(text, '"' + printable(name) + '"',
                           '"' + std::string{kPlaceholder} + '"');
        if (name.find(' ') != name.npos)  // a single word may be any word of a sentence
            boost::replace_all(text, name, kPlaceholder);
    }
}

bool Erasure::take_names_out(json::value& value) const
{
    bool holds = false;
    if (auto* const elements = value.if_array()) {
        for (auto& one : *elements)
            holds = take_names_out(one) || holds;
    } else if (auto* const object = value.if_object()) {
        if (auto* const name = text_in(*object, "full_name");
            name && names_.contains(std::string{*name})) {
            *name = json::string_view{kPlaceholder.data(), kPlaceholder.size()};
            holds = true;
        }
        for (auto& one : *object)
            holds = take_names_out(one.value()) || holds;
    }
    return holds;
}

void Erasure::take_names_out(Piece& piece) const
{
    if (!piece.text)
        return;
    if (piece.kind == Piece::Kind::Text)
        return take_names_out(*piece.text);
    auto document = parsed_json(*piece.text);
    if (!take_names_out(document))
        return;
    if (piece.kind == Piece::Kind::Image)
        document.get_object()[kForgotten] = true;
    piece.text = json_text(document);
}

void Erasure::learn(json::value const& value)
{
    if (auto const* const elements = value.if_array()) {
        for (auto const& one : *elements)
            learn(one);
    } else if (auto const* const object = value.if_object()) {
        if (auto const name = text_at(*object, "full_name");
            is_persons(*object) && !is_blank(name) && name != kPlaceholder)
            names_.insert(name);
        for (auto const& one : *object)
            learn(one.value());
    }
}

bool Erasure::is_persons(json::object const& object) const
{
    return object.contains("full_name") && normalize_email(text_at(object, "email")) == address_;
}

}  // namespace tracking::models
