#include "job/run/rehearsal.hpp"

#include "job/process/interruption.hpp"
#include "job/process/terminal.hpp"

#include "models/writing/rehearsal_store.hpp"
#include "reconcile/apply/rehearsal.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <iostream>

namespace tracking::job {

namespace {

void after_batch(std::size_t done, std::size_t due)
{
    if (is_terminal(STDERR_FILENO))
        std::cerr << fmt::format("\rrehearsed {} of {}{}", done, due, done == due ? "\n" : "");
    if (done < due)
        stop_if_interrupted();
}

}  // namespace

void rehearse(Databases& databases, config::Config const& config, reconcile::Plan const& plan,
              reconcile::Applied& applied)
{
    auto const make_sink = [&]() -> std::unique_ptr<models::ChangeSink> {
        return std::make_unique<models::RehearsalStore>(
            databases.connections.management(), databases.connections.source(),
            models::RehearsalOptions{.profile = databases.facts.profile,
                                     .source_profile = databases.facts.source_profile,
                                     .management = databases.facts.tenant,
                                     .timeouts = databases.connections.timeouts()});
    };
    databases.connections.persist([&] {
        applied = {};
        reconcile::rehearse(plan, make_sink, static_cast<std::size_t>(config.batch_size), applied,
                            after_batch);
    });
}

}  // namespace tracking::job
