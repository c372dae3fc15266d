// What becomes of a customer whose tenant is gone.

#include "models/batch_steps.hpp"

namespace tracking::models {

namespace {

/// What every clean-up is planned on.
void expect_orphans(Batch& batch)
{
    expect_tenants_gone(batch);
    lock_companies(batch);
    expect_links(batch);
}

}  // namespace

template <>
void perform<CleanUp>(Batch& batch)
{
    expect_orphans(batch);
    set_companies(batch, Activity::Inactive, "the company is inactive already");
    set_contacts(batch, Activity::Inactive, [](std::size_t, ContactRow const&) { return true; });
    attach_tags(batch, [&](std::size_t i) { return batch.at<CleanUp>(i).canceled_tag; });
}

}  // namespace tracking::models
