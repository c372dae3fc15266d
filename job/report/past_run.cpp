#include "job/report/past_run.hpp"

#include "job/report/tally.hpp"
#include "job/report/wording.hpp"

#include "models/rules/json_text.hpp"
#include "reconcile/guard/guards.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <utility>

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

std::vector<models::PlannedContact> contacts_made(json::value const& after)
{
    std::vector<models::PlannedContact> contacts;
    for (std::size_t i = 0; i < size_at(after, "/made/contacts"); ++i) {
        auto const made = at(after, fmt::format("/made/contacts/{}", i));
        if (auto const id = models::ContactId::parse(text_at(made, "/contact_name_id")))
            contacts.push_back({.id = *id,
                                .full_name = text_at(made, "/full_name"),
                                .email = text_at(made, "/email")});
    }
    return contacts;
}

/// The first of the contacts is moved out of the list; empty: there is none.
std::optional<models::PlannedContact> take_first(std::vector<models::PlannedContact>& contacts)
{
    if (contacts.empty())
        return std::nullopt;
    auto first = std::move(contacts.front());
    contacts.erase(contacts.begin());
    return first;
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
        change.further_contacts = contacts_made(after);
        change.contact = take_first(change.further_contacts);
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
        change.further_contacts = contacts_made(after);
        change.contact = take_first(change.further_contacts).value_or(models::PlannedContact{});
        return DriftKind::ContactMissing;
    }
    DriftKind operator()(models::ChangeContacts& change) const
    {
        auto const was = at(before, "/changed_contacts");
        auto const is = at(after, "/changed_contacts");
        for (std::size_t i = 0; i < size_at(before, "/changed_contacts"); ++i) {
            auto const former = at(was, fmt::format("/{}", i));
            auto const now = at(is, fmt::format("/{}", i));
            change.contacts.push_back(
                {.id = models::ContactId::parse(text_at(now, "/id")).value_or(models::ContactId{}),
                 .user = models::UserId::parse(text_at(now, "/user")).value_or(models::UserId{}),
                 .former_name = text_at(former, "/full_name"),
                 .former_email = text_at(former, "/email"),
                 .full_name = text_at(now, "/full_name"),
                 .email = text_at(now, "/email")});
        }
        return DriftKind::ContactChanged;
    }
    DriftKind operator()(models::RetireContacts& change) const
    {
        for (auto const& email : texts_at(before, "/emails"))
            change.contacts.push_back({.id = {}, .email = email});
        return DriftKind::ContactStale;
    }
    DriftKind operator()(models::RenameCompany& change) const
    {
        change.from = name_before();
        change.to = name_after();
        return DriftKind::Renamed;
    }
    DriftKind operator()(models::Reactivate& change) const
    {
        if (auto const tags = texts_at(before, "/tags"); !tags.empty())
            change.canceled_tag = tags.front();
        change.was_inactive = at(before, "/company/is_inactive") == json::value(true);
        return at(before, "/returned") == json::value(true) ? DriftKind::Returned
                                                            : DriftKind::Inactive;
    }
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

std::optional<Told> told(models::PastChange const& past, json::value const& before,
                         json::value const& after)
{
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

/// The ending that the run's own report had. A run without one was killed.
Ending ending_from(models::PastRun const& run)
{
    if (run.outcome == "declined" || (run.outcome.empty() && run.has_lease))
        return Ending::Ok;
    auto const* const found = std::ranges::find(kEndings, run.outcome, &EndingRow::name);
    return found == kEndings.end() ? Ending::Failed : found->ending;
}

DriftTally drift_tally_from(json::value const& kind)
{
    DriftTally tally{.found = count_at(kind, "/found"),
                     .due = count_at(kind, "/due"),
                     .undecided = count_at(kind, "/undecided"),
                     .held_by = {}};
    for (auto const restraint : kRestraints)
        tally.held_by[restraint] = count_at(kind, fmt::format("/held/{}", name_of(restraint)));
    return tally;
}

/// Nothing where the run did not come to count its drift.
std::optional<DriftTallies> drift_from(json::value const& kinds)
{
    if (!kinds.is_object())
        return std::nullopt;
    DriftTallies tallies;
    for (auto const& row : reconcile::kDriftTable) {
        auto const tally = drift_tally_from(at(kinds, fmt::format("/{}", row.name)));
        if (is_drift(row) || tally.found > 0)
            tallies.emplace(row.kind, tally);
    }
    return tallies;
}

std::vector<NamedChangeTally> changes_from(json::value const& kinds)
{
    auto tallies = tally_changes({});
    for (auto& [kind, tally] : tallies) {
        auto const one = at(kinds, fmt::format("/{}", kind));
        tally.due = count_at(one, "/due");
        for (auto const outcome : kChangeOutcomes)
            tally.outcomes[outcome] = count_at(one, fmt::format("/{}", name_of(outcome)));
        tally.rows = {.companies = count_at(one, "/rows/companies"),
                      .contacts = count_at(one, "/rows/contacts"),
                      .tags = count_at(one, "/rows/tags")};
    }
    return tallies;
}

std::vector<reconcile::GuardVerdict> guards_from(json::value const& guards)
{
    std::vector<reconcile::GuardVerdict> verdicts;
    if (!guards.is_array())
        return verdicts;
    for (auto const& one : guards.get_array()) {
        auto const row =
            std::ranges::find(reconcile::kGuardTable, text_at(one, "/kind"),
                              [](reconcile::GuardRow const& guard) { return guard.name; });
        if (row == reconcile::kGuardTable.end())
            continue;
        auto const allowed = at(one, "/allowed");
        verdicts.push_back({.kind = row->kind,
                            .due = count_at(one, "/due"),
                            .left_out = count_at(one, "/left_out"),
                            .limit = count_at(one, "/limit"),
                            .base = count_at(one, "/base"),
                            .looked = count_at(one, "/due"),
                            .is_allowed = allowed.is_bool() && allowed.get_bool()});
    }
    return verdicts;
}

ChangeSize size_from(json::value const& size)
{
    return {.due = count_at(size, "/due"),
            .held = count_at(size, "/held"),
            .done = count_at(size, "/done")};
}

/// Of runs that noted no overview: from their changes, and from the guards that held a kind back.
Overview overview_from(std::vector<NamedChangeTally> const& changes,
                       std::vector<reconcile::GuardVerdict> const& guards)
{
    Overview overview;
    auto const size_of = [&](reconcile::GuardedKind kind) -> ChangeSize& {
        return kind == reconcile::GuardedKind::Create   ? overview.create
               : kind == reconcile::GuardedKind::Change ? overview.change
                                                        : overview.cleanup;
    };
    for (auto const& [name, tally] : changes) {
        auto& size = size_of(reconcile::guarded_kind_of(models::blank_change(name).value()));
        size.due += tally.due;
        size.done += tally.outcomes.at(models::Outcome::Applied);
    }
    for (auto const& verdict : guards) {
        if (verdict.holds_back())
            size_of(verdict.kind).held = verdict.due;
    }
    return overview;
}

std::optional<reconcile::SinceRun> since_from(json::value const& since)
{
    auto const ended = time_from(text_at(since, "/last_run_ended"));
    if (!ended)
        return std::nullopt;
    return reconcile::SinceRun{.ended = *ended,
                               .fresh = count_at(since, "/new"),
                               .gone = count_at(since, "/gone"),
                               .as_before = count_at(since, "/as_before")};
}

/// Nothing where the run ended before it had a plan.
std::optional<Counted> counted_from(json::value const& counts,
                                    std::vector<reconcile::GuardVerdict> const& guards)
{
    auto found = drift_from(at(counts, "/drift"));
    if (!found)
        return std::nullopt;
    Counted counted{.found = std::move(*found),
                    .left = drift_from(at(counts, "/residual")),
                    .changes = changes_from(at(counts, "/changes")),
                    .overview = {},
                    .converged = std::nullopt};
    auto const overview = at(counts, "/overview");
    counted.overview = overview.is_object()
                           ? Overview{.create = size_from(at(overview, "/create")),
                                      .change = size_from(at(overview, "/change")),
                                      .cleanup = size_from(at(overview, "/cleanup"))}
                           : overview_from(counted.changes, guards);
    counted.overview.waiting = sum_of(counted.left ? *counted.left : counted.found).undecided;
    auto const converged = at(counts, "/converged");
    if (converged.is_bool())
        counted.converged = converged.get_bool();
    return counted;
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

/// Fills in what the run's own report had, as far as the journal keeps it.
void tell_counts(Report& report, json::value const& counts)
{
    report.guards = guards_from(at(counts, "/guards"));
    report.refusals = texts_at(counts, "/refusals");
    report.held_for_source = count_at(counts, "/held_for_source");
    report.counted = counted_from(counts, report.guards);
    report.knows_counts = report.counted.has_value();
    report.plan->counts = counts_from(counts);
    report.plan->since = since_from(at(counts, "/overview/since_last_run"));
    report.typed_contacts = count_at(counts, "/typed_contacts");
}

void tell_ending(Report& report, models::PastRun const& run)
{
    report.told = ending_from(run);
    if (run.was_killed())
        report.words = EndingWords{"it was killed, or lost its database", "", ""};
    else if (run.outcome.empty())
        report.words = EndingWords{"it is still at work", "", ""};
    if (run.outcome == "declined") {
        report.is_dry_run = true;
        report.dry_run_reason = "not confirmed";
    }
    // A run that was to write has read both sides once more.
    bool const is_over = run.outcome == "declined" || *report.told == Ending::Refused ||
                         *report.told == Ending::Stale;
    report.ended_early = is_over && report.counted && !report.counted->left;
}

/// Adds a run's changes to its report: as items, or only counted.
class PastItems
{
public:
    PastItems(Report& report, std::size_t most) : report_{report}, most_{most} {}

    void add(models::PastChange const& past)
    {
        auto item = item_of(past);
        if (!item)
            report_.plan->remarks.push_back(
                fmt::format("{} of company {} ({}): this program knows no such change", past.change,
                            past.company.str(), past.outcome));
        else if (has_to_be_listed(*item))
            list(*std::move(item));
        else
            count(*item);
    }

private:
    bool has_to_be_listed(PastItem const& item)
    {
        auto const& change = *item.drift.change;
        return !went_well(item.receipt) ||
               (most_ > 0 && effect_of(change) == models::Effect::TakesAway) ||
               ++listed_[{item.drift.kind, change.index()}] <= most_;
    }

    void list(PastItem item)
    {
        auto& drift = report_.plan->drift;
        report_.applied.results.push_back({drift.size(), std::move(item.receipt)});
        drift.push_back(std::move(item.drift));
    }

    void count(PastItem const& item)
    {
        auto const& change = *item.drift.change;
        job::count(report_.unlisted, {.drift = item.drift.kind,
                                      .change = name_of(change),
                                      .guarded = reconcile::guarded_kind_of(change),
                                      .outcome = item.receipt.outcome,
                                      .count = 1,
                                      .rows = item.receipt.rows});
    }

    Report& report_;
    std::size_t most_;
    std::map<std::pair<DriftKind, std::size_t>, std::size_t> listed_;  ///< by kind, and by change
};

}  // namespace

std::optional<std::chrono::sys_seconds> time_from(std::string const& stamp)
{
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (std::sscanf(stamp.c_str(), "%d-%u-%uT%d:%d:%dZ", &year, &month, &day, &hour, &minute,
                    &second) != 6)
        return std::nullopt;
    std::chrono::year_month_day const date{std::chrono::year{year}, std::chrono::month{month},
                                           std::chrono::day{day}};
    if (!date.ok())
        return std::nullopt;
    return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
           std::chrono::seconds{second};
}

bool went_well(models::Receipt const& receipt)
{
    return receipt.reason.empty() && (receipt.outcome == models::Outcome::Applied ||
                                      receipt.outcome == models::Outcome::AlreadyPresent);
}

std::optional<PastItem> item_of(models::PastChange const& past)
{
    auto const before = parsed(past.before);
    auto const after = parsed(past.after);
    auto one = told(past, before, after);
    if (!one)
        return std::nullopt;
    auto name = text_at(before, "/company/name");
    if (name.empty())
        name = text_at(after, "/company/name");
    return PastItem{.drift = {.kind = one->kind,
                              .tenant = past.tenant,
                              .tenant_name = name,
                              .company = past.company,
                              .company_name = std::move(name),
                              .detail = {},
                              .change = std::move(one->change)},
                    .receipt = {.outcome = outcome_named(past.outcome),
                                .reason = past.reason,
                                .sqlstate = past.sqlstate,
                                .rows = {.companies = count_at(after, "/rows/companies"),
                                         .contacts = count_at(after, "/rows/contacts"),
                                         .tags = count_at(after, "/rows/tags")}}};
}

std::string actor_of(models::PastRun const& run)
{
    return run.login.empty() ? run.executed_by
                             : fmt::format("{} (login {})", run.executed_by, run.login);
}

std::string ending_of(models::PastRun const& run)
{
    if (!run.outcome.empty())
        return run.outcome;
    return run.has_lease ? "running" : "killed";
}

reconcile::Selection selection_of(models::PastRun const& run)
{
    auto const allowances = parsed(run.allowances);
    return {.only = texts_at(allowances, "/selection/only"),
            .except = texts_at(allowances, "/selection/except")};
}

std::string allowed_by(models::PastRun const& run)
{
    if (selection_of(run).is_empty())
        return run.allowances;
    auto allowances = parsed(run.allowances);
    auto& members = allowances.as_object();
    members.erase("selection");
    return members.empty() ? std::string{} : models::json_text(allowances);
}

std::optional<std::size_t> left_by(models::PastRun const& run)
{
    auto const counts = parsed(run.counts);
    auto const left = drift_from(at(counts, "/residual"));
    if (!left || at(counts, "/notes_drift") == json::value(false))
        return std::nullopt;
    return sum_of(*left).found;
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

void tell(Report& report, models::PastRun const& run, VisitChanges const& visit_changes,
          std::size_t most)
{
    report.run = run.id;
    report.undoes = run.undoes;
    report.server_time = run.started;
    report.took = run.duration;
    report.plan.emplace();
    tell_counts(report, parsed(run.counts));
    tell_ending(report, run);
    report.applied = {};
    report.unlisted.clear();
    auto const changes = run.applied + run.failed + run.others;
    report.plan->drift.reserve(std::min(changes, most));
    report.applied.results.reserve(std::min(changes, most));
    PastItems items{report, most};
    visit_changes([&](auto const& change) { items.add(change); });
    auto& remarks = report.plan->remarks;
    remarks.push_back(
        fmt::format("the run was {} by {} on {}, version {}; it {}",
                    run.undoes ? "an undo of run " + run.undoes->str() : "of the mode " + run.mode,
                    actor_of(run), run.host, run.version,
                    run.was_killed()      ? "was killed, or lost its database"
                    : run.outcome.empty() ? "is at work"
                                          : "ended as " + run.outcome));
    if (report.counted && sum_of(report.counted->found).found > changes)
        remarks.push_back(
            "the journal keeps what a run has changed item by item, and all else as counts");
    report.selection = selection_of(run);
    if (auto const allowed = allowed_by(run); !allowed.empty())
        remarks.push_back("allowed by a person: " + allowed);
}

}  // namespace tracking::job
