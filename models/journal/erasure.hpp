#pragma once

#include "models/rules/json_text.hpp"

#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace tracking::models {

/// A person who is taken out of what the journal holds: an e-mail address in any spelling that the
/// platform takes for the same, and the names that stand beside it. Pure.
class Erasure
{
public:
    /// Stands in place of what was taken out. It is no address.
    static constexpr std::string_view kPlaceholder = "forgotten";

    /// One text of a row, or NULL.
    struct Piece
    {
        enum class Kind
        {
            Text,
            Document,  ///< JSON
            Image,     ///< JSON; says so with kForgotten where something was taken out
        };

        Kind kind = Kind::Text;
        std::optional<std::string> text;
    };

    /// @pre is_valid_email(trim(address))
    explicit Erasure(std::string_view address);

    /// A part of the address that JSON writes as it is. What holds the address holds this part,
    /// with A to Z in lower case.
    std::string sign() const;

    /// Whether the row holds the address. Notes the names that stand beside it.
    bool learn(std::span<Piece const> row);

    /// Takes the address, and the names that are known, out of a row that holds the address.
    /// Returns whether it does.
    bool take_out(std::span<Piece> row) const;

    /// The same of one text.
    bool take_out(std::string& text) const;

private:
    bool take_out(Piece& piece) const;
    bool take_out(json::value& value) const;
    bool take_address_out(std::string& text) const;
    void take_names_out(std::string& text) const;
    /// The names of a contact that has, or had, another address.
    bool take_names_out(json::value& value) const;
    void take_names_out(Piece& piece) const;
    void learn(json::value const& value);
    bool is_persons(json::object const& object) const;

    std::string address_;
    /// A longer name comes before the one that it begins with.
    std::set<std::string, std::greater<>> names_;
};

}  // namespace tracking::models
