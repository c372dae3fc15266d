#include "models/pg/rows.hpp"

#include <libpq-fe.h>

namespace tracking::models::pg {

Field Rows::Row::operator[](int column) const
{
    if (PQgetisnull(rows_.get(), at_, column))
        return {};
    return Field{{PQgetvalue(rows_.get(), at_, column),
                  static_cast<std::size_t>(PQgetlength(rows_.get(), at_, column))}};
}

int Rows::Row::size() const
{
    return PQnfields(rows_.get());
}

std::vector<Field> Rows::Row::fields() const
{
    std::vector<Field> fields;
    fields.reserve(static_cast<std::size_t>(size()));
    for (int column = 0; column < size(); ++column)
        fields.push_back((*this)[column]);
    return fields;
}

int Rows::size() const
{
    return rows_ ? PQntuples(rows_.get()) : 0;
}

std::string_view Rows::command() const
{
    return rows_ ? PQcmdStatus(rows_.get()) : "";
}

}  // namespace tracking::models::pg
