#include "job/run/forgetting.hpp"

#include "job/process/interruption.hpp"

namespace tracking::job {

namespace {

using models::JournalErasure;

/// Calls `take` for each portion of the journal. It returns where the next one begins.
void for_each_portion(Connections& connections, auto const& take)
{
    auto const owners = connections.look_up([](auto& tx) { return JournalErasure::owners(tx); });
    for (auto const owner : owners) {
        for (JournalErasure::Position position; !position.is_end();) {
            stop_if_interrupted();
            position = take(JournalErasure{owner}, position);
        }
    }
}

}  // namespace

models::ErasedRows find_person(Connections& connections, models::Erasure& person)
{
    models::ErasedRows rows;
    for_each_portion(connections, [&](JournalErasure const& journal, auto const& position) {
        auto const portion =
            connections.look_up([&](auto& tx) { return journal.look(tx, position, person); });
        rows.add(portion.rows);
        return portion.next;
    });
    return rows;
}

models::ErasedRows forget_person(Run& run, Connections& connections, models::Erasure& person)
{
    auto const rows = find_person(connections, person);  // names that have come since are known now
    for_each_portion(connections, [&](JournalErasure const& journal, auto const& position) {
        JournalErasure::Position next;
        run.in_journal([&](auto& tx) { next = journal.erase(tx, position, person).next; });
        return next;
    });
    return rows;
}

}  // namespace tracking::job
