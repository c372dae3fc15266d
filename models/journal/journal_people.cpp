#include "models/journal/journal_people.hpp"

#include "models/pg/pg.hpp"
#include "models/values/lists.hpp"

#include <string_view>

namespace tracking::models {

namespace {

constexpr char const* kRemember = R"sql(
    INSERT INTO customer_reconcile.contact AS c (tenant, company_id, contact_id, tracked_tenant,
                                                 user_id, full_name, email)
    SELECT $1::uuid, one.company_id, one.contact_id, one.tracked_tenant, one.user_id,
           one.full_name, one.email
      FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[])
           AS one (company_id, contact_id, tracked_tenant, user_id, full_name, email)
        ON CONFLICT (tenant, company_id, contact_id) DO UPDATE
       SET tracked_tenant = EXCLUDED.tracked_tenant,
           user_id = EXCLUDED.user_id,
           full_name = EXCLUDED.full_name,
           email = EXCLUDED.email,
           written_at = EXCLUDED.written_at
)sql";

constexpr char const* kForget = R"sql(
    DELETE FROM customer_reconcile.contact
     WHERE tenant = $1::uuid
       AND contact_id = ANY ($2::uuid[])
)sql";

constexpr char const* kContactsOf = R"sql(
    SELECT c.contact_id, c.company_id, c.tracked_tenant, c.user_id, c.full_name, c.email
      FROM customer_reconcile.contact c
     WHERE c.tenant = $1::uuid
       AND c.company_id = ANY ($2::uuid[])
)sql";

// Only the last change of each company counts: what was done since would be taken back with it.
constexpr char const* kCleanUpsOf = R"sql(
    SELECT last.company_id, last.before -> 'company' ->> 'name',
           json_typeof(last.before -> 'company' -> 'is_inactive') = 'null',
           last.after -> 'made' -> 'tag_mappings' IS NOT NULL,
           (SELECT string_agg(id, ' ')
              FROM json_array_elements_text(COALESCE(last.before -> 'active_contacts', '[]'))
                   AS id),
           (SELECT string_agg(id, ' ')
              FROM json_array_elements_text(COALESCE(last.before -> 'unset_contacts', '[]'))
                   AS id)
      FROM (SELECT DISTINCT ON (c.company_id)
                   c.company_id, c.change, c.before, c.after
              FROM customer_reconcile.change c
             WHERE c.tenant = $1::uuid
               AND c.company_id = ANY ($2::uuid[])
               AND c.outcome = 'applied'
             ORDER BY c.company_id, c.recorded_at DESC) last
     WHERE last.change = 'clean_up'
)sql";

constexpr char const* kOftenChanged = R"sql(
    SELECT alike.company_id, max(alike.runs)
      FROM (SELECT c.company_id, count(DISTINCT c.run_id) AS runs
              FROM customer_reconcile.change c
             WHERE c.tenant = $1::uuid
               AND c.outcome = 'applied'
               AND c.run_id IN (SELECT r.run_id
                                  FROM customer_reconcile.run_start r
                                 WHERE r.tenant = $1::uuid
                                   AND r.mode = 'apply'
                                 ORDER BY r.started_at DESC
                                 LIMIT $2::bigint)
             GROUP BY c.company_id, c.change) alike
     GROUP BY alike.company_id
    HAVING max(alike.runs) >= $3::bigint
)sql";

std::vector<ContactId> ids_in(std::string_view words)
{
    std::vector<ContactId> ids;
    while (!words.empty()) {
        auto const end = words.find(' ');
        if (auto const id = ContactId::parse(words.substr(0, end)))
            ids.push_back(*id);
        words.remove_prefix(end == words.npos ? words.size() : end + 1);
    }
    return ids;
}

}  // namespace

void JournalPeople::remember(Transaction& tx, std::span<WrittenContact const> contacts) const
{
    if (contacts.empty())
        return;
    auto const column = [&](auto element) { return pg::array_of(contacts, element); };
    pg::ask(tx, kRemember,
            {owner_, column([](auto const& c) { return c.company; }),
             column([](auto const& c) { return c.contact; }),
             column([](auto const& c) { return c.tenant; }),
             column([](auto const& c) { return c.user; }),
             column([](auto const& c) { return c.full_name; }),
             column([](auto const& c) { return c.email; })});
}

void JournalPeople::forget(Transaction& tx, std::span<ContactId const> contacts) const
{
    if (!contacts.empty())
        pg::ask(tx, kForget, {owner_, pg::array_of(contacts)});
}

std::vector<WrittenContact> JournalPeople::contacts_of(Transaction& tx,
                                                       std::span<CompanyId const> companies) const
{
    return each_of(pg::exec(tx, kContactsOf, {owner_, pg::array_of(companies)}),
                   [](auto const& row) {
                       return WrittenContact{.contact = pg::id<ContactId>(row[0]),
                                             .company = pg::id<CompanyId>(row[1]),
                                             .tenant = pg::id<TenantId>(row[2]),
                                             .user = pg::if_there(row[3], pg::id<UserId>),
                                             .full_name = std::string{pg::text(row[4])},
                                             .email = std::string{pg::text(row[5])}};
                   });
}

std::vector<OftenChanged> JournalPeople::often_changed(Transaction& tx) const
{
    return each_of(
        pg::exec(tx, kOftenChanged, {owner_, OftenChanged::kLastRuns, OftenChanged::kOften}),
        [](auto const& row) {
            return OftenChanged{pg::id<CompanyId>(row[0]), pg::number<int>(row[1])};
        });
}

std::vector<PastCleanUp> JournalPeople::clean_ups_of(Transaction& tx,
                                                     std::span<CompanyId const> companies) const
{
    return each_of(pg::exec(tx, kCleanUpsOf, {owner_, pg::array_of(companies)}),
                   [](auto const& row) {
                       return PastCleanUp{.company = pg::id<CompanyId>(row[0]),
                                          .name = std::string{pg::text(row[1])},
                                          .was_unset = pg::is_true(row[2]),
                                          .has_tagged = pg::is_true(row[3]),
                                          .contacts = ids_in(pg::text(row[4])),
                                          .unset_contacts = ids_in(pg::text(row[5]))};
                   });
}

}  // namespace tracking::models
