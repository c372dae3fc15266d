#include "models/journal/journal_erasure.hpp"

#include "models/journal/journal_pin.hpp"
#include "models/pg/pg.hpp"
#include "models/rules/json_text.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace tracking::models {

namespace {

using Kind = Erasure::Piece::Kind;

/// A table with texts that people or servers have written. Columns with the program's own words are
/// not among them.
struct Place
{
    std::size_t ErasedRows::*counted;
    char const* before_all;   ///< a key that comes before all others
    std::vector<Kind> kinds;  ///< of the texts
    char const* page;         ///< the rows behind key $3: place in the page, key and texts as JSON
    char const* write;        ///< given the keys $2, and what is left of the texts, $3
};

constexpr char const* kNoId = R"(["00000000-0000-0000-0000-000000000000"])";
constexpr char const* kNoIds =
    R"(["00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000000", ""])";

constexpr char const* kContacts = R"sql(
    SELECT row_number() OVER (ORDER BY c.company_id, c.contact_id) AS place,
           json_build_array(c.company_id, c.contact_id)::text AS key,
           json_build_array(json_build_object('full_name'::text, c.full_name,
                                              'email'::text, c.email)::text)::text AS texts
      FROM customer_reconcile.contact c
     WHERE c.tenant = $1::uuid
       AND (c.company_id, c.contact_id) > (($3::json ->> 0)::uuid, ($3::json ->> 1)::uuid)
     ORDER BY c.company_id, c.contact_id
     LIMIT 2000
)sql";

// A contact that the journal does not remember is none of the job's, so that nothing changes it.
constexpr char const* kForgetContacts = R"sql(
    DELETE FROM customer_reconcile.contact c
     USING unnest($2::json[], $3::json[]) AS one (key, texts)
     WHERE c.tenant = $1::uuid
       AND c.company_id = (one.key ->> 0)::uuid
       AND c.contact_id = (one.key ->> 1)::uuid
)sql";

constexpr char const* kChanges = R"sql(
    SELECT row_number() OVER (ORDER BY c.run_id, c.company_id, c.change) AS place,
           json_build_array(c.run_id, c.company_id, c.change)::text AS key,
           json_build_array(c.reason, c.before::text, c.after::text)::text AS texts
      FROM customer_reconcile.change c
     WHERE c.tenant = $1::uuid
       AND (c.run_id, c.company_id, c.change)
           > (($3::json ->> 0)::uuid, ($3::json ->> 1)::uuid, $3::json ->> 2)
     ORDER BY c.run_id, c.company_id, c.change
     LIMIT 2000
)sql";

constexpr char const* kRewriteChanges = R"sql(
    UPDATE customer_reconcile.change c
       SET reason = one.texts ->> 0,
           before = (one.texts ->> 1)::json,
           after = (one.texts ->> 2)::json
      FROM unnest($2::json[], $3::json[]) AS one (key, texts)
     WHERE c.tenant = $1::uuid
       AND c.run_id = (one.key ->> 0)::uuid
       AND c.company_id = (one.key ->> 1)::uuid
       AND c.change = one.key ->> 2
)sql";

constexpr char const* kRuns = R"sql(
    SELECT row_number() OVER (ORDER BY r.run_id) AS place, json_build_array(r.run_id)::text AS key,
           json_build_array(r.executed_by, r.login, r.host, r.allowances::text)::text AS texts
      FROM customer_reconcile.run_start r
     WHERE r.tenant = $1::uuid
       AND r.run_id > ($3::json ->> 0)::uuid
     ORDER BY r.run_id
     LIMIT 2000
)sql";

constexpr char const* kRewriteRuns = R"sql(
    UPDATE customer_reconcile.run_start r
       SET executed_by = one.texts ->> 0,
           login = one.texts ->> 1,
           host = one.texts ->> 2,
           allowances = (one.texts ->> 3)::jsonb
      FROM unnest($2::json[], $3::json[]) AS one (key, texts)
     WHERE r.tenant = $1::uuid
       AND r.run_id = (one.key ->> 0)::uuid
)sql";

constexpr char const* kEnds = R"sql(
    SELECT row_number() OVER (ORDER BY e.run_id) AS place, json_build_array(e.run_id)::text AS key,
           json_build_array(e.counts::text)::text AS texts
      FROM customer_reconcile.run_end e
     WHERE e.tenant = $1::uuid
       AND e.run_id > ($3::json ->> 0)::uuid
     ORDER BY e.run_id
     LIMIT 2000
)sql";

constexpr char const* kRewriteEnds = R"sql(
    UPDATE customer_reconcile.run_end e
       SET counts = (one.texts ->> 0)::jsonb
      FROM unnest($2::json[], $3::json[]) AS one (key, texts)
     WHERE e.tenant = $1::uuid
       AND e.run_id = (one.key ->> 0)::uuid
)sql";

constexpr char const* kIdleRuns = R"sql(
    SELECT 1 AS place, json_build_array(i.run_id)::text AS key,
           json_build_array(i.executed_by, i.host)::text AS texts
      FROM customer_reconcile.idle_run i
     WHERE i.tenant = $1::uuid
       AND i.run_id > ($3::json ->> 0)::uuid
)sql";

constexpr char const* kRewriteIdleRuns = R"sql(
    UPDATE customer_reconcile.idle_run i
       SET executed_by = one.texts ->> 0,
           host = one.texts ->> 1
      FROM unnest($2::json[], $3::json[]) AS one (key, texts)
     WHERE i.tenant = $1::uuid
       AND i.run_id = (one.key ->> 0)::uuid
)sql";

constexpr char const* kPins = R"sql(
    SELECT p.number AS place, json_build_array(p.number)::text AS key,
           json_build_array(p.name, p.pinned_by, p.login)::text AS texts
      FROM customer_reconcile.pin p
     WHERE p.tenant = $1::uuid
       AND p.number > ($3::json ->> 0)::integer
)sql";

constexpr char const* kRewritePins = R"sql(
    UPDATE customer_reconcile.pin p
       SET name = one.texts ->> 0,
           pinned_by = one.texts ->> 1,
           login = one.texts ->> 2
      FROM unnest($2::json[], $3::json[]) AS one (key, texts)
     WHERE p.tenant = $1::uuid
       AND p.number = (one.key ->> 0)::integer
)sql";

std::vector<Place> const& places()
{
    using enum Erasure::Piece::Kind;
    static std::vector<Place> const kPlaces{
        {&ErasedRows::contacts, kNoIds, {Document}, kContacts, kForgetContacts},
        {&ErasedRows::changes, kNoIds, {Text, Image, Image}, kChanges, kRewriteChanges},
        {&ErasedRows::runs, kNoId, {Text, Text, Text, Document}, kRuns, kRewriteRuns},
        {&ErasedRows::runs, kNoId, {Document}, kEnds, kRewriteEnds},
        {&ErasedRows::runs, kNoId, {Text, Text}, kIdleRuns, kRewriteIdleRuns},
        {&ErasedRows::pins, "[0]", {Text, Text, Text}, kPins, kRewritePins}};
    return kPlaces;
}

// The last row of the page comes without its texts, too: the next page begins behind it. The order
// "C" makes A to Z lower case alike in every database.
constexpr char const* kOfPage = R"sql(
    WITH page AS ({page})
    (SELECT p.key, NULL::text
       FROM page p
      ORDER BY p.place DESC
      LIMIT 1)
     UNION ALL
    SELECT p.key, p.texts
      FROM page p
     WHERE strpos(lower(p.texts COLLATE "C"), $2::text) > 0
)sql";

constexpr char const* kPinned = R"sql(
    SELECT DISTINCT p.tenant
      FROM customer_reconcile.pin p
)sql";

constexpr char const* kMayErase = R"sql(
    SELECT bool_and(has_table_privilege(c.oid, 'UPDATE'::text))
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'customer_reconcile'
       AND c.relname IN ('run_start', 'run_end', 'change', 'idle_run', 'contact', 'pin')
)sql";

using Pieces = std::vector<Erasure::Piece>;

Pieces pieces_from(std::string_view texts, std::vector<Kind> const& kinds)
{
    Pieces pieces;
    auto const all = parsed_json(texts);
    for (auto const& one : all.as_array()) {
        auto const kind = kinds.at(pieces.size());
        pieces.push_back(
            {kind, one.is_null() ? std::nullopt : std::optional<std::string>{one.as_string()}});
    }
    return pieces;
}

std::string texts_of(Pieces const& pieces)
{
    json::array texts;
    for (auto const& piece : pieces)
        texts.push_back(piece.text ? json::value(*piece.text) : json::value(nullptr));
    return json_text(json::value(std::move(texts)));
}

}  // namespace

struct JournalErasure::Page
{
    struct Row
    {
        std::string key;
        Pieces pieces;
    };

    Position next;
    std::vector<Row> rows{};
};

void ErasedRows::add(ErasedRows const& more)
{
    contacts += more.contacts;
    changes += more.changes;
    runs += more.runs;
    pins += more.pins;
}

bool JournalErasure::Position::is_end() const
{
    return place == places().size();
}

std::vector<TenantId> JournalErasure::owners(Transaction& tx)
{
    auto const of_runs = owners_of_runs(tx);
    std::set<TenantId> all{of_runs.begin(), of_runs.end()};
    for (auto const& pinned : pg::first_column<TenantId>(pg::exec(tx, kPinned)))
        all.insert(pinned);
    return {all.begin(), all.end()};
}

bool JournalErasure::may_erase(Transaction& tx)
{
    return pg::is_true(pg::exec(tx, kMayErase)[0][0]);
}

JournalErasure::Page JournalErasure::read(Transaction& tx, Position const& position,
                                          Erasure const& person) const
{
    auto const& place = places().at(position.place);
    Page page{.next = {.place = position.place + 1}};
    for (auto const& row :
         pg::exec(tx, pg::with(kOfPage, "{page}", place.page),
                  {owner_, person.sign(),
                   position.key.empty() ? std::string{place.before_all} : position.key})) {
        std::string key{pg::text(row[0])};
        if (row[1].is_null())
            page.next = {.place = position.place, .key = std::move(key)};
        else
            page.rows.push_back({std::move(key), pieces_from(pg::text(row[1]), place.kinds)});
    }
    return page;
}

JournalErasure::Portion JournalErasure::look(Transaction& tx, Position const& position,
                                             Erasure& person) const
{
    auto const page = read(tx, position, person);
    Portion portion{.next = page.next};
    portion.rows.*places().at(position.place).counted =
        static_cast<std::size_t>(std::ranges::count_if(
            page.rows, [&](Page::Row const& row) { return person.learn(row.pieces); }));
    return portion;
}

JournalErasure::Portion JournalErasure::erase(Transaction& tx, Position const& position,
                                              Erasure const& person) const
{
    auto page = read(tx, position, person);
    std::erase_if(page.rows, [&](Page::Row& row) { return !person.take_out(row.pieces); });
    Portion portion{.next = page.next};
    auto const& place = places().at(position.place);
    portion.rows.*place.counted = page.rows.size();
    std::vector<std::string> texts;
    for (auto const& row : page.rows)
        texts.push_back(texts_of(row.pieces));
    if (!page.rows.empty())
        pg::exec(tx, place.write,
                 {owner_,
                  pg::array_of(page.rows, [](Page::Row const& row) { return pg::Json{row.key}; }),
                  pg::array_of(texts, [](std::string const& text) { return pg::Json{text}; })});
    return portion;
}

}  // namespace tracking::models
