#pragma once

// The states of the platform's schema that this program knows, as data. A new state is a Piece with
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

/// Tables, which become qualified.
std::vector<Word> const& known_tables();

/// What else the generations call otherwise.
std::vector<Word> const& known_words();

/// A part of a statement in braces, which depends on a piece.
struct Part
{
    std::string_view name;
    std::string_view with;
    std::string_view without;
};

/// All that is known of a piece. Where its sign is there, all of its columns are needed.
struct PieceRow
{
    Piece piece;
    Side side;
    std::string_view sign;  ///< `table` or `table.column`
    std::vector<std::string_view> read;
    std::vector<ColumnWritten> written;
    std::vector<Part> parts;
};

std::vector<PieceRow> const& known_pieces();

/// Those that are read in every state.
std::vector<std::string_view> const& columns_of_source();
std::vector<std::string_view> const& columns_of_management();

/// Those that are written in every state, all on the management side.
std::vector<ColumnWritten> const& written_always();

}  // namespace tracking::models
