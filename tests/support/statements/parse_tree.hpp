#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tracking::testing {

/// A node of a parse tree as PostgreSQL logs it with debug_print_parse: `{LABEL :field value ...}`,
/// a list `(value ...)`, or a single word.
struct ParseNode
{
    enum class Kind
    {
        Word,
        List,
        Struct
    };

    Kind kind = Kind::Word;
    std::string text;  ///< the word, or the label
    std::vector<ParseNode> items;
    std::vector<std::pair<std::string, std::vector<ParseNode>>> fields;

    bool is(std::string_view label) const { return kind == Kind::Struct && text == label; }

    /// The first value of a field; an empty word where there is none.
    ParseNode const& operator[](std::string_view field) const;
    std::vector<ParseNode> const& all(std::string_view field) const;
    int number(std::string_view field) const;

    /// The same in the server's form; equal texts are equal trees.
    std::string str() const;
};

/// @throws std::runtime_error where it does not read as a tree
ParseNode parse_tree(std::string_view text);

}  // namespace tracking::testing
