// A person's word that the job leaves a company alone.

#include "models/writing/batch_steps.hpp"

namespace tracking::models {

namespace {

/// The company is still as it was seen, and does not say "ignore" yet. Another word there is taken
/// for "ignore" too, and gives way to it.
void expect_as_seen(Batch& batch)
{
    batch.for_each_open([&](std::size_t i) {
        auto const& planned = batch.at<IgnoreCompany>(i);
        auto const& row = *batch.item(i).row;
        if (row.ignored && row.word == "ignore")
            batch.close(i, Outcome::AlreadyPresent, "its properties say \"ignore\" already");
        else
            expect_link_and_name(batch, i, planned.link_text, planned.name);
    });
}

}  // namespace

void perform(Batch& batch, IgnoreCompany const&)
{
    batch.keys = {"reconcile"};
    lock_companies(batch);
    expect_as_seen(batch);
    patch_properties(batch, [](std::size_t) { return R"({"reconcile": "ignore"})"; });
}

}  // namespace tracking::models
