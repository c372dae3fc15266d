#include "models/pg/params.hpp"

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

}  // namespace tracking::models::pg
