#include "models/journal/journal_people.hpp"

#include "models/pg/pg.hpp"
#include "models/values/change_kinds.hpp"
#include "models/values/lists.hpp"

#include <optional>
#include <set>
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

// The latest first.
constexpr char const* kCleanUpsOf = R"sql(
    SELECT c.company_id, c.run_id, c.change, r.undoes, c.before -> 'company' ->> 'name',
           json_typeof(c.before -> 'company' -> 'is_inactive') = 'null',
           c.after -> 'made' -> 'tag_mappings' IS NOT NULL,
           (SELECT string_agg(id, ' ')
              FROM json_array_elements_text(COALESCE(c.before -> 'active_contacts', '[]')) AS id),
           (SELECT string_agg(id, ' ')
              FROM json_array_elements_text(COALESCE(c.before -> 'unset_contacts', '[]')) AS id)
      FROM customer_reconcile.change c
      LEFT JOIN customer_reconcile.run_start r ON r.tenant = c.tenant AND r.run_id = c.run_id
     WHERE c.tenant = $1::uuid
       AND c.company_id = ANY ($2::uuid[])
       AND c.outcome = 'applied'
     ORDER BY c.company_id, c.recorded_at DESC
)sql";

constexpr char const* kOftenChanged = R"sql(
    SELECT c.company_id, c.change, count(DISTINCT c.run_id)
      FROM customer_reconcile.change c
     WHERE c.tenant = $1::uuid
       AND c.outcome = 'applied'
       AND c.run_id IN (SELECT r.run_id
                          FROM customer_reconcile.run_start r
                         WHERE r.tenant = $1::uuid
                           AND r.mode = 'apply'
                         ORDER BY r.started_at DESC
                         LIMIT $2::bigint)
     GROUP BY c.company_id, c.change
    HAVING count(DISTINCT c.run_id) >= $3::bigint
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
            return OftenChanged{pg::id<CompanyId>(row[0]), std::string{pg::text(row[1])},
                                pg::number<int>(row[2])};
        });
}

std::vector<PastCleanUp> JournalPeople::clean_ups_of(Transaction& tx,
                                                     std::span<CompanyId const> companies) const
{
    std::vector<PastCleanUp> clean_ups;
    std::set<RunId> undone;  // runs that have been taken back, at this company
    std::optional<CompanyId> company;
    bool is_settled = false;
    for (auto const& row : pg::exec(tx, kCleanUpsOf, {owner_, pg::array_of(companies)})) {
        auto const id = pg::id<CompanyId>(row[0]);
        if (company != id) {
            company = id;
            undone.clear();
            is_settled = false;
        }
        if (is_settled)
            continue;
        if (undone.contains(pg::id<RunId>(row[1]))) {
            // A person who takes a return back wants the company inactive.
            is_settled = pg::text(row[2]) == Reactivate::kName;
            continue;
        }
        if (auto const undoes = pg::if_there(row[3], pg::id<RunId>)) {
            undone.insert(*undoes);
            continue;
        }
        is_settled = true;
        if (pg::text(row[2]) == CleanUp::kName)
            clean_ups.push_back({.company = id,
                                 .name = std::string{pg::text(row[4])},
                                 .was_unset = pg::is_true(row[5]),
                                 .has_tagged = pg::is_true(row[6]),
                                 .contacts = ids_in(pg::text(row[7])),
                                 .unset_contacts = ids_in(pg::text(row[8]))});
    }
    return clean_ups;
}

}  // namespace tracking::models
