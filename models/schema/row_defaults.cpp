#include "models/schema/row_defaults.hpp"

#include "models/pg/pg.hpp"

#include <fmt/format.h>

namespace tracking::models {

namespace {

// The default in the column's type: a default of 0 is 0.00 in a numeric(10,2).
constexpr char const* kDefaults = R"sql(
    SELECT pg_catalog.quote_literal(a.attname::text),
           COALESCE('(' || pg_get_expr(d.adbin, d.adrelid) || ')::'
                    || format_type(a.atttypid, a.atttypmod), 'NULL')
      FROM pg_catalog.pg_attribute a
      LEFT JOIN pg_catalog.pg_attrdef d
        ON d.adrelid = a.attrelid
       AND d.adnum = a.attnum
     WHERE a.attrelid = to_regclass($1::text)::pg_catalog.oid
       AND a.attnum > 0
       AND NOT a.attisdropped
       AND a.attgenerated = ''
       AND a.attidentity = ''
       AND COALESCE(pg_get_expr(d.adbin, d.adrelid), '') !~ '\w\(|CURRENT_|LOCALTIME'
     ORDER BY a.attnum
)sql";

}  // namespace

std::string row_defaults(Transaction& tx, std::string const& table)
{
    std::string members;
    for (auto const& row : pg::exec(tx, kDefaults, {table}))
        members += fmt::format("{}{}, {}", members.empty() ? "" : ", ", pg::text(row[0]),
                               pg::text(row[1]));
    if (members.empty())
        return "{}";
    return std::string{pg::text(
        pg::exec(tx, fmt::format("SELECT pg_catalog.jsonb_build_object({})", members))[0][0])};
}

}  // namespace tracking::models
