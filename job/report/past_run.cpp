#include "job/report/past_run.hpp"

#include "job/report/wording.hpp"
#include "models/rules/json_text.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace tracking::job {

namespace {

namespace json = boost::json;
using reconcile::DriftKind;

json::value parsed(std::string const& text)
{
    return models::read_json(text).value;
}

/// The value at the JSON pointer; null where there is none.
json::value at(json::value const& value, std::string_view pointer)
{
    json::error_code error;
    auto const* const found = value.find_pointer({pointer.data(), pointer.size()}, error);
    return found ? *found : json::value{};
}

std::string text_at(json::value const& value, std::string_view pointer)
{
    auto const found = at(value, pointer);
    return found.is_string() ? std::string{found.get_string()} : std::string{};
}

std::size_t count_at(json::value const& value, std::string_view pointer)
{
    auto const found = at(value, pointer);
    return found.is_int64() && found.get_int64() > 0 ? static_cast<std::size_t>(found.get_int64())
                                                     : 0;
}

std::vector<std::string> texts_at(json::value const& value, std::string_view pointer)
{
    std::vector<std::string> texts;
    auto const found = at(value, pointer);
    if (found.is_array()) {
        for (auto const& one : found.get_array())
            texts.push_back(text_at(one, ""));
    }
    return texts;
}

std::size_t size_at(json::value const& value, std::string_view pointer)
{
    auto const found = at(value, pointer);
    return found.is_array() ? found.get_array().size() : 0;
}

std::optional<models::PlannedContact> contact_made(json::value const& after)
{
    auto const id = models::ContactId::parse(text_at(after, "/made/contacts/0/contact_name_id"));
    if (!id)
        return std::nullopt;
    return models::PlannedContact{.id = *id,
                                  .full_name = text_at(after, "/made/contacts/0/full_name"),
                                  .email = text_at(after, "/made/contacts/0/email")};
}

/// Fills in a change from the journal's images, and returns the kind of its drift.
struct FillFromImages
{
    json::value const& before;
    json::value const& after;

    DriftKind operator()(models::CreateCustomer& change) const
    {
        change.name = name_after();
        change.tenant_name = name_after();
        change.product = text_at(after, "/company/properties/subscription_type");
        change.tag = tag_made();
        change.contact = contact_made(after);
        return DriftKind::Missing;
    }
    DriftKind operator()(models::LinkCompany& change) const { return fill_link(change); }
    DriftKind operator()(models::AdoptCompany& change) const { return fill_link(change); }
    DriftKind operator()(models::IgnoreCompany& change) const
    {
        change.name = name_before();
        return change.tenant == models::TenantId{} ? DriftKind::Unlinked : DriftKind::Duplicate;
    }
    DriftKind operator()(models::RepairTag& change) const
    {
        change.tag = tag_made();
        return DriftKind::Untagged;
    }
    DriftKind operator()(models::RepairContact& change) const
    {
        change.contact = contact_made(after).value_or(models::PlannedContact{});
        return DriftKind::ContactMissing;
    }
    DriftKind operator()(models::RenameCompany& change) const
    {
        change.from = name_before();
        change.to = name_after();
        return DriftKind::Renamed;
    }
    DriftKind operator()(models::Reactivate&) const { return DriftKind::Inactive; }
    DriftKind operator()(models::CleanUp& change) const
    {
        change.canceled_tag = tag_made();
        return DriftKind::Orphaned;
    }
    DriftKind operator()(models::Untag& change) const
    {
        change.tags = texts_at(before, "/tags");
        return DriftKind::Orphaned;
    }
    DriftKind operator()(models::DeleteCustomer& change) const
    {
        change.name = name_before();
        change.contacts = size_at(before, "/rows/contacts");
        change.tags = size_at(before, "/rows/tag_mappings");
        change.billing_profiles = size_at(before, "/rows/billing_profiles");
        return DriftKind::Orphaned;
    }
    DriftKind operator()(models::Restore& change) const
    {
        change.name = name_after();
        change.has_made_company = at(after, "/company").is_null();
        return DriftKind::Undone;
    }

private:
    DriftKind fill_link(auto& change) const
    {
        change.name = name_before();
        if (auto link = text_at(before, "/company/properties/tenant_id"); !link.empty())
            change.link_text = std::move(link);
        return DriftKind::Unstamped;
    }
    std::string name_before() const { return text_at(before, "/company/name"); }
    std::string name_after() const { return text_at(after, "/company/name"); }
    std::string tag_made() const { return text_at(after, "/made/tag_mappings/0/tag_text"); }
};

struct Told
{
    DriftKind kind{};
    models::Change change;
};

std::optional<Told> told(models::PastChange const& past)
{
    auto const before = parsed(past.before);
    auto const after = parsed(past.after);
    auto change = models::blank_change(past.change);
    if (!change)
        return std::nullopt;
    auto const fill = [&](auto& one) {
        one.tenant = past.tenant;
        one.company = past.company;
        return FillFromImages{before, after}(one);
    };
    auto const kind = std::visit([&](auto& one) { return fill(models::unboxed(one)); }, *change);
    return Told{kind, std::move(*change)};
}

models::Outcome outcome_named(std::string_view name)
{
    using models::Outcome;
    constexpr std::array kAll{Outcome::Applied, Outcome::AlreadyPresent, Outcome::Stale,
                              Outcome::Failed};
    auto const found = std::ranges::find(kAll, name, [](auto one) { return name_of(one); });
    return found == kAll.end() ? Outcome::Failed : *found;
}

/// The ending that the run has in the journal. A run without one has failed.
Ending outcome_from(std::string_view name)
{
    constexpr std::array kAll{Ending::Ok,      Ending::Failed,      Ending::Refused,
                              Ending::Partial, Ending::Stale,       Ending::Interrupted,
                              Ending::Data,    Ending::Unavailable, Ending::Denied};
    auto const found = std::ranges::find(kAll, name, [](auto one) { return name_of(one); });
    return found == kAll.end() ? Ending::Failed : *found;
}

reconcile::Counts counts_from(json::value const& counts)
{
    auto const of = [&](std::string_view name) {
        return count_at(counts, fmt::format("/counts/{}", name));
    };
    return {.tenants = of("tenants"),
            .companies = of("companies"),
            .tracked = of("tracked"),
            .other_product = of("other_product"),
            .excluded = of("excluded"),
            .young = of("young"),
            .suspended = of("suspended"),
            .ignored = of("ignored"),
            .settled = of("settled"),
            .in_scope = of("in_scope"),
            .whole = of("whole"),
            .differing = of("differing"),
            .left_alone = of("left_alone"),
            .unwatched = of("unwatched"),
            .out_of_scope = of("out_of_scope")};
}

void tell_change(Report& report, models::PastChange const& past)
{
    auto one = told(past);
    if (!one) {
        report.plan->remarks.push_back(
            fmt::format("{} of company {} ({}): this program knows no such change", past.change,
                        past.company.str(), past.outcome));
        return;
    }
    auto name = text_at(parsed(past.before), "/company/name");
    if (name.empty())
        name = text_at(parsed(past.after), "/company/name");
    report.applied.results.push_back(
        {.drift = report.plan->drift.size(),
         .receipt = {.outcome = outcome_named(past.outcome),
                     .reason = past.reason,
                     .sqlstate = past.sqlstate,
                     .rows = {.companies = count_at(parsed(past.after), "/rows/companies"),
                              .contacts = count_at(parsed(past.after), "/rows/contacts"),
                              .tags = count_at(parsed(past.after), "/rows/tags")}}});
    report.plan->drift.push_back({.kind = one->kind,
                                  .tenant = past.tenant,
                                  .tenant_name = name,
                                  .company = past.company,
                                  .company_name = std::move(name),
                                  .detail = {},
                                  .change = std::move(one->change)});
}

}  // namespace

std::string ending_of(models::PastRun const& run)
{
    if (!run.outcome.empty())
        return run.outcome;
    return run.has_lease ? "running" : "killed";
}

std::size_t held_by(models::PastRun const& run)
{
    auto const kinds = at(parsed(run.counts), "/drift");
    std::size_t held = 0;
    if (!kinds.is_object())
        return held;
    for (auto const& kind : kinds.get_object()) {
        auto const held_by = at(kind.value(), "/held");
        if (!held_by.is_object())
            continue;
        for (auto const& one : held_by.get_object())
            held += count_at(one.value(), "");
    }
    return held;
}

void tell(Report& report, models::PastRun const& run, VisitChanges const& visit_changes)
{
    report.run = run.id;
    report.outcome = outcome_from(run.outcome);
    report.server_time = run.started;
    report.plan.emplace();
    report.plan->counts = counts_from(parsed(run.counts));
    report.typed_contacts = count_at(parsed(run.counts), "/typed_contacts");
    report.applied = {};
    report.plan->drift.reserve(run.applied + run.failed + run.others);
    report.applied.results.reserve(run.applied + run.failed + run.others);
    visit_changes([&](auto const& change) { tell_change(report, change); });
    auto& remarks = report.plan->remarks;
    remarks.push_back(
        fmt::format("the run was {} by {} on {}, version {}; it {}",
                    run.undoes ? "an undo of run " + run.undoes->str() : "of the mode " + run.mode,
                    run.executed_by, run.host, run.version,
                    run.was_killed()      ? "was killed, or lost its database"
                    : run.outcome.empty() ? "is at work"
                                          : "ended as " + run.outcome));
    if (!run.allowances.empty())
        remarks.push_back("allowed by a person: " + run.allowances);
}

}  // namespace tracking::job
