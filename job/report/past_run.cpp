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

/// What stands there, or null; also where the way to it is missing.
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

struct Told
{
    DriftKind kind{};
    models::Change change;
};

std::optional<Told> told(models::PastChange const& past)
{
    auto const before = parsed(past.before);
    auto const after = parsed(past.after);
    auto const tenant = past.tenant;
    auto const company = past.company;
    auto const name = text_at(after, "/company/name");
    auto const tag = text_at(after, "/made/tag_mappings/0/tag_text");
    auto const contact = contact_made(after);
    if (past.change == "create")
        return Told{DriftKind::Missing,
                    models::CreateCustomer{
                        .tenant = tenant,
                        .company = company,
                        .name = name,
                        .tenant_name = name,
                        .product = text_at(after, "/company/properties/subscription_type"),
                        .tag = tag,
                        .contact = contact}};
    auto const link = text_at(before, "/company/properties/tenant_id");
    auto const link_text = link.empty() ? std::nullopt : std::optional{link};
    if (past.change == "link")
        return Told{
            DriftKind::Unstamped,
            models::LinkCompany{tenant, company, text_at(before, "/company/name"), link_text}};
    if (past.change == "adopt")
        return Told{
            DriftKind::Unstamped,
            models::AdoptCompany{tenant, company, text_at(before, "/company/name"), link_text}};
    if (past.change == "repair_tag")
        return Told{DriftKind::Untagged, models::RepairTag{tenant, company, tag}};
    if (past.change == "repair_contact")
        return Told{
            DriftKind::ContactMissing,
            models::RepairContact{tenant, company, contact.value_or(models::PlannedContact{})}};
    if (past.change == "rename")
        return Told{DriftKind::Renamed,
                    models::RenameCompany{tenant, company, text_at(before, "/company/name"), name}};
    if (past.change == "reactivate")
        return Told{DriftKind::Inactive, models::Reactivate{tenant, company, {}}};
    if (past.change == "clean_up")
        return Told{DriftKind::Orphaned, models::CleanUp{tenant, company, tag}};
    if (past.change == "untag")
        return Told{DriftKind::Orphaned, models::Untag{tenant, company, texts_at(before, "/tags")}};
    if (past.change == "delete")
        return Told{
            DriftKind::Orphaned,
            models::DeleteCustomer{.tenant = tenant,
                                   .company = company,
                                   .name = text_at(before, "/company/name"),
                                   .contacts = size_at(before, "/rows/contacts"),
                                   .tags = size_at(before, "/rows/tag_mappings"),
                                   .billing_profiles = size_at(before, "/rows/billing_profiles")}};
    if (past.change == "restore")
        return Told{DriftKind::Undone,
                    models::Restore{.tenant = tenant,
                                    .company = company,
                                    .name = name,
                                    .has_made_company = at(after, "/company").is_null()}};
    return std::nullopt;
}

models::Outcome outcome_named(std::string_view name)
{
    using models::Outcome;
    constexpr std::array kAll{Outcome::Applied, Outcome::AlreadyPresent, Outcome::Stale,
                              Outcome::Failed};
    auto const found = std::ranges::find(kAll, name, [](auto one) { return name_of(one); });
    return found == kAll.end() ? Outcome::Failed : *found;
}

/// Of the report's outcomes, the one that the run ended with; a run without an end has failed.
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

void tell(Report& report, models::PastRun const& run, std::span<models::PastChange const> changes)
{
    report.run = run.id;
    report.outcome = outcome_from(run.outcome);
    report.server_time = run.started;
    report.plan.emplace();
    report.plan->counts = counts_from(parsed(run.counts));
    report.typed_contacts = count_at(parsed(run.counts), "/typed_contacts");
    for (auto const& change : changes)
        tell_change(report, change);
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
