#pragma once

#include "job/invocation/invocation.hpp"

namespace tracking::job {

// Each returns its ending, or throws; main turns an exception into an ending. Commands that fill
// the report (plan, apply, link, ignore, show, undo) let main print it. The others print by
// themselves.
Ending plan(Invocation& invocation);
Ending apply(Invocation& invocation);
Ending link(Invocation& invocation);
Ending ignore(Invocation& invocation);
Ending forget(Invocation& invocation);
Ending customers(Invocation& invocation);
Ending history(Invocation& invocation);
Ending explain(Invocation& invocation);
Ending undo(Invocation& invocation);
Ending show(Invocation& invocation);
Ending init(Invocation& invocation);
Ending doctor(Invocation& invocation);
Ending check_config(Invocation& invocation);
Ending show_config(Invocation& invocation);
Ending show_config_schema(Invocation& invocation);

}  // namespace tracking::job
