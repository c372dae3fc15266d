#pragma once

#include "models/pg/pg_stream.hpp"
#include "models/reading/customer_reader.hpp"
#include "models/schema/schema.hpp"
#include "models/values/company.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::models {

// How the rows of a company, its tags and its contacts become a Company.

/// Selects what read_company() reads. $1 is the management tenant. Conditions may follow.
inline constexpr char const* kSelectCompanies = R"sql(
    SELECT {company_id} AS id, {company_name} AS name,
           NULLIF(properties ->> 'tenant_id', '') AS link,
           COALESCE(is_inactive, false) AS inactive,
           NULLIF(properties ->> 'reconcile', '') AS reconcile,
           COALESCE(jsonb_typeof(properties) IN ('object', 'null'), true) AS can_carry_link,
           COALESCE(jsonb_typeof(properties -> 'tenant_id') IN ('string', 'null'), true)
               AS link_is_text,
           {prospect} AS prospect, tenant
      FROM {companies}
     WHERE tenant = $1::uuid)sql";

/// Puts the columns that add_contact() reads in place of {contact_facts}, for contacts p.
std::string with_contact_facts(std::string sql, SchemaProfile const& profile);

std::vector<std::string> all_of(SoughtTags const& tags);

/// A company without tags and contacts.
void read_company(pg::Row const& row, Company& company);

void add_tag(Company& company, std::string_view tag, std::string_view canceled);

/// Adds a contact from a row whose column `first` begins the contact's facts.
void add_contact(Company& company, pg::Row const& row, std::size_t first);

/// Ends the reading of a company. A company has a row for each pair of a tag and a contact, so each
/// came several times. All its contacts' addresses count, whether or not they are active.
void complete(Company& company);

}  // namespace tracking::models
