#pragma once

// The states of the platform's schema that this program knows, as data. A new state needs a Piece,
// its row here, and a fixture.

#include "models/schema/schema.hpp"

#include <string_view>
#include <vector>

namespace tracking::models {

/// A name in braces, and what stands in its place in each generation.
struct Word
{
    std::string_view name;
    std::string_view companies;
    std::string_view clients;

    std::string_view of(Generation generation) const
    {
        return generation == Generation::Clients ? clients : companies;
    }
};

/// Tables: their names get the platform's schema before them.
std::vector<Word> const& known_tables();

/// Other words that differ between the generations.
std::vector<Word> const& known_words();

/// A part of a statement, named in braces. Its text depends on whether the piece is there.
struct Part
{
    std::string_view name;
    std::string_view with;
    std::string_view without;
};

/// Columns of one table.
struct TableColumns
{
    std::string_view table;
    std::vector<std::string_view> columns;
};

/// Columns that are written, and whether by INSERT or by UPDATE.
struct WrittenColumns
{
    std::string_view privilege;
    TableColumns of;
};

/// All that is known of a piece. Where its sign exists, all of its columns have to exist.
struct PieceRow
{
    Piece piece;
    Side side;
    std::string_view sign;  ///< `table` or `table.column`
    std::vector<TableColumns> read;
    std::vector<WrittenColumns> written;
    std::vector<Part> parts;
};

std::vector<PieceRow> const& known_pieces();

/// The columns that are read in every state.
std::vector<TableColumns> const& columns_of_source();
std::vector<TableColumns> const& columns_of_management();

/// The columns that are written in every state, all on the management side.
std::vector<WrittenColumns> const& written_always();

}  // namespace tracking::models
