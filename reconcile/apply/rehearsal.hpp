#pragma once

#include "reconcile/apply/apply.hpp"

#include <memory>

namespace tracking::reconcile {

/// Makes a sink whose destructor takes back all that the sink has written.
using MakeSink = std::function<std::unique_ptr<models::ChangeSink>()>;

/// Tries the due changes, and those that only a guard holds back: the person who is to allow them
/// wants to know. Works like apply(), but in portions of about `batch_size` changes. Each portion
/// has its own sink, so that locks are not held for long. All changes of one company are in one
/// portion, since they depend on one another. Fills `applied` portion by portion.
void rehearse(Plan const& plan, MakeSink const& make_sink, std::size_t batch_size, Applied& applied,
              Progress const& progress);

}  // namespace tracking::reconcile
