#pragma once

#include "tests/support/worlds/reconcile_builders.hpp"

#include <random>

namespace tracking::reconcile::builders {

using Dice = std::mt19937;

/// Some thirty tenants and their companies. Names and addresses come from small pools, so that they
/// collide; each oddity that the plan knows occurs in some worlds. Company names are unique, as
/// the database has it.
World random_world(Dice& dice);

/// Any handling, reach, exclusions and waivers by id.
Policy random_policy(Dice& dice, World const& world);

}  // namespace tracking::reconcile::builders
