#pragma once

#include "models/pg/database.hpp"

#include <bitset>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::models {

/// The real system renamed its companies to clients in 2025-10; the job serves both.
enum class Generation
{
    Companies,
    Clients
};

std::string_view name_of(Generation generation);

/// Which unique constraints the database has. On Citus they may be absent. Then the statements
/// check for duplicates, which costs a pass over the owner's rows for each batch.
struct Uniqueness
{
    bool emails = false;  ///< contacts (tenant, email)
    bool tags = false;    ///< tag definitions by text, mappings by tag and company
};

/// What the platform's schema got later than its generation. Installations lag behind by months. So
/// each piece is used where the catalogue has it, and none is required.
enum class Piece
{
    AdditionalEmails,  ///< of contacts; no contact may have one of them as its own
    EmailType,         ///< contacts.primary_email_canonical_type
    Products,          ///< tenants.product_code; without it every tenant is `psa`
    Lifecycle,         ///< of companies: prospect, active or former
    Suspension,        ///< of tenants; without it none is suspended
    BillingProfiles,   ///< every company has exactly one default profile
};

inline constexpr std::size_t kPieces = 6;
using Pieces = std::bitset<kPieces>;

/// The pieces that the newest known state of a generation has.
Pieces newest_pieces(Generation generation);

/// How rows are inserted where others may have made the same ones.
enum class Inserting
{
    AroundConflicts,  ///< rows that exist already are left out
    OrFailing,  ///< all or none: the server then need not search every unique index for each row
};

/// What differs between databases, looked up once in the catalogue. The models write their
/// statements with names in braces. What a name stands for is chosen once, so that no statement
/// asks which state of the schema this is. A table in braces ({tenants}, {companies}, ...) becomes
/// its name with the platform's schema before it. So no statement depends on search_path.
class SchemaProfile
{
public:
    /// Of the newest state of a generation.
    explicit SchemaProfile(Generation generation, Uniqueness uniqueness = {});
    SchemaProfile(Generation generation, Uniqueness uniqueness, Pieces pieces);

    Generation generation() const { return generation_; }
    bool has(Piece piece) const { return pieces_[static_cast<std::size_t>(piece)]; }

    /// What the tag tables call a company: `company` or `client`.
    std::string_view tagged_type() const;

    Uniqueness const& uniqueness() const { return uniqueness_; }

    /// The same database, for models that insert in this way.
    SchemaProfile inserting(Inserting way) const;
    Inserting inserting() const { return inserting_; }

    /// The same database, for tables in `schema`, which is given as SQL writes it.
    SchemaProfile in_schema(std::string schema) const;
    std::string const& schema() const { return schema_; }

    /// A table's name as SQL has to write it.
    std::string qualified(std::string_view table) const;

    /// The statement with this database's names in place of those in braces.
    std::string fill(std::string_view statement) const;

    /// The same, but with tables as people call them, without the schema.
    std::string name(std::string_view text) const;

private:
    struct Filling;
    using Fillings = std::map<std::string_view, Filling>;

    void choose_fillings();
    std::string fill(std::string_view text, std::string const& schema) const;

    Generation generation_;
    Uniqueness uniqueness_;
    Pieces pieces_;
    Inserting inserting_ = Inserting::AroundConflicts;
    std::string schema_ = "public";
    std::shared_ptr<Fillings const> fillings_;  ///< by name in braces
};

/// Which side of the job a database is asked to serve.
enum class Side
{
    Source,      ///< tenants, users, roles
    Management,  ///< companies, contacts, tags, and the management tenant's row
    Both,        ///< one database for everything
};

/// The columns that are read on a side, as `table.column`.
std::vector<std::string> columns_read(SchemaProfile const& profile, Side side);

struct ColumnWritten
{
    std::string privilege;  ///< INSERT or UPDATE
    std::string column;     ///< `table.column`
};

/// What the models write, all of it on the management side.
std::vector<ColumnWritten> columns_written(SchemaProfile const& profile);

/// Looks at the catalogue, not at the data; one round trip. The platform's schema is the first of
/// the role's search_path that has a table `tenants`.
/// @throws SchemaMismatch naming every table or column of that side that is missing
SchemaProfile detect_schema(Transaction& tx, Side side);

}  // namespace tracking::models
