#pragma once

#include "reconcile/apply/apply.hpp"

#include <memory>

namespace tracking::reconcile {

/// A sink that takes back, when it goes, all that it was given.
using MakeSink = std::function<std::unique_ptr<models::ChangeSink>()>;

/// Tries what is due, and what only a guard holds back: a person who is to allow it wants to know.
/// As apply() does, but in portions of about `batch_size` changes with a sink each, so that locks
/// are not held for long; the changes of one company, which rest on one another, are one portion's.
/// Fills `applied` portion by portion.
void rehearse(Plan const& plan, MakeSink const& make_sink, std::size_t batch_size, Applied& applied,
              Progress const& progress);

}  // namespace tracking::reconcile
