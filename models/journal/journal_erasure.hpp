#pragma once

#include "models/journal/erasure.hpp"
#include "models/pg/database.hpp"
#include "models/rules/id.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace tracking::models {

/// Rows of the journal that hold a person, by what they are.
struct ErasedRows
{
    std::size_t contacts = 0;  ///< that the journal remembers
    std::size_t changes = 0;
    std::size_t runs = 0;  ///< their beginnings and ends, and the count of those with nothing to do
    std::size_t pins = 0;

    bool is_none() const { return contacts + changes + runs + pins == 0; }
    void add(ErasedRows const& more);
};

/// Takes a person out of the journal, a portion at a time: no transaction is long, and memory does
/// not grow with the journal.
class JournalErasure
{
public:
    explicit JournalErasure(TenantId owner) : owner_{owner} {}

    /// All management tenants that the journal knows, in order. One that was given up is among
    /// them.
    static std::vector<TenantId> owners(Transaction& tx);

    /// Whether the role may rewrite the history. A writer may not.
    static bool may_erase(Transaction& tx);

    /// Where a pass over the journal stands.
    struct Position
    {
        std::size_t place = 0;  ///< the table
        std::string key{};      ///< of the last row that was seen, as JSON; empty: none yet

        bool is_end() const;
    };

    struct Portion
    {
        Position next;
        ErasedRows rows;  ///< that hold the person
    };

    /// Counts the rows of a portion, and notes the names in `person`. It only reads.
    Portion look(Transaction& tx, Position const& position, Erasure& person) const;

    /// Takes the person out of the rows of a portion. Contacts are forgotten as a whole.
    Portion erase(Transaction& tx, Position const& position, Erasure const& person) const;

private:
    /// Rows that may hold the person, with their keys as JSON.
    struct Page;
    Page read(Transaction& tx, Position const& position, Erasure const& person) const;

    TenantId owner_;
};

}  // namespace tracking::models
