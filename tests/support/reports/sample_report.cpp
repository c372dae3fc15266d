#include "tests/support/reports/sample_report.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace tracking::job::samples {

using models::Change;
using models::Outcome;
using models::Receipt;
using reconcile::Drift;
using reconcile::DriftKind;
using reconcile::Restraint;

namespace {

template <class Id>
Id id(char kind, int number)
{
    return *Id::parse(fmt::format("{0}0000000-0000-4000-8000-{1:012}", kind, number));
}

models::PlannedContact ada(int number)
{
    return {.id = id<models::ContactId>('e', number),
            .full_name = "Ada Lovelace",
            .email = fmt::format("ada@tenant{}.example", number)};
}

Drift pair(DriftKind kind, int number, std::string const& name, std::string detail)
{
    return {.kind = kind,
            .tenant = tenant_id(number),
            .tenant_name = name,
            .company = company_id(number),
            .company_name = name,
            .detail = std::move(detail)};
}

Drift with(Drift drift, Change change)
{
    drift.change = std::move(change);
    return drift;
}

Drift held(Drift drift, Restraint restraint, std::string reason)
{
    drift.restraint = restraint;
    drift.restraint_reason = std::move(reason);
    return drift;
}

Drift without_company(DriftKind kind, int number, std::string const& name, std::string detail)
{
    auto drift = pair(kind, number, name, std::move(detail));
    drift.company.reset();
    drift.company_name.clear();
    return drift;
}

std::vector<Drift> tenants_to_complete()
{
    auto const adopt = [](int number, std::string const& name) {
        return with(pair(DriftKind::Unstamped, number, name,
                         fmt::format("recognised by its name; the link reads \"{}\"", name)),
                    models::AdoptCompany{tenant_id(number), company_id(number), name, name});
    };
    auto const tag = [](int number, std::string const& name) {
        return with(pair(DriftKind::Untagged, number, name, "lacks the tag \"PSA Customer\""),
                    models::RepairTag{tenant_id(number), company_id(number), "PSA Customer"});
    };
    auto const contact = [](int number, std::string const& name) {
        return with(pair(DriftKind::ContactMissing, number, name, "has no contact"),
                    models::RepairContact{tenant_id(number), company_id(number), ada(number)});
    };
    auto old = missing(1, "Acme Corp");
    old.seen = reconcile::Sighting{.runs = 3, .age = std::chrono::hours{49}};
    old.tenant_age = std::chrono::days{12};
    return {
        old,
        missing(2, "Zürich Versicherung \u202Eevil"),
        held(missing(3, "שלום בע\"מ"), Restraint::Waived,
             "waived until 2026-12-31: signs up next month, asked by sales"),
        adopt(11, "日本電気株式会社"),
        held(adopt(12, "Initech"), Restraint::Policy, "the policy leaves this kind of change out"),
        tag(21, "Globex"),
        held(tag(12, "Initech"), Restraint::Adoption, "needs the link first, which is held back"),
        contact(31, "Umbrella\x1B[31m Corporation")};
}

std::vector<Drift> other_changes()
{
    auto renamed =
        with(pair(DriftKind::Renamed, 41, "Hooli XYZ", "the company is called \"Hooli\""),
             models::RenameCompany{tenant_id(41), company_id(41), "Hooli", "Hooli XYZ"});
    renamed.company_name = "Hooli";
    auto gone = with(pair(DriftKind::Orphaned, 61, "", "its tenant is gone"),
                     models::CleanUp{tenant_id(61), company_id(61), "Canceled"});
    gone.company_name = "Gone & Sons";
    return {held(renamed, Restraint::Report, "drift.renamed: report"),
            with(pair(DriftKind::Inactive, 51, "Pied Piper",
                      "the tenant is live, its company is inactive"),
                 models::Reactivate{tenant_id(51), company_id(51), "richard@piper.example"}),
            with(pair(DriftKind::Inactive, 52, "Bachmanity", ""),
                 models::Reactivate{tenant_id(52), company_id(52), ""}),
            gone,
            orphaned_in_grace(62, "Soon Gone Ltd"),
            orphaned_in_grace(63, "Vandelay Industries")};
}

std::vector<Drift> people()
{
    auto const follows =
        with(pair(DriftKind::ContactChanged, 42, "Stark",
                  "the user behind its contact has another address now"),
             models::ChangeContacts{.tenant = tenant_id(42),
                                    .company = company_id(42),
                                    .contacts = {{.id = models::ContactId{tenant_id(42).bytes()},
                                                  .user = models::UserId{tenant_id(42).bytes()},
                                                  .former_name = "Tony Stark",
                                                  .former_email = "tony@stark.example",
                                                  .full_name = "Tony Stark",
                                                  .email = "iron@stark.example"}},
                                    .together = company_id(41)});
    auto const stale =
        with(pair(DriftKind::ContactStale, 43, "Wayne", "no active user of the tenant has it"),
             models::RetireContacts{.tenant = tenant_id(43),
                                    .company = company_id(43),
                                    .contacts = {{.id = models::ContactId{tenant_id(43).bytes()},
                                                  .email = "bruce@wayne.example"}}});
    auto const returned =
        with(pair(DriftKind::Returned, 44, "Cyberdyne", "the tenant is there again"),
             models::Reactivate{.tenant = tenant_id(44),
                                .company = company_id(44),
                                .email = {},
                                .canceled_tag = "Canceled",
                                .takes_back = true,
                                .contacts = {models::ContactId{tenant_id(44).bytes()}}});
    auto const policy = "the policy leaves this kind of change out";
    return {held(follows, Restraint::Policy, policy),
            held(stale, Restraint::Report, "drift.contact-stale: report"),
            held(returned, Restraint::Policy, policy)};
}

std::vector<Drift> anomalies()
{
    Drift const unlinked{.kind = DriftKind::Unlinked,
                         .company = company_id(91),
                         .company_name = "Nobody's Company",
                         .detail = "the link \"Nobody\" names no tenant without a customer"};
    auto ambiguous = without_company(DriftKind::Ambiguous, 81, "Smith",
                                     "matches 2 companies by name, but not uniquely");
    ambiguous.group =
        reconcile::Group{{{tenant_id(81), "Smith"}},
                         {{company_id(82), "Smith <East>"}, {company_id(83), "Smith West"}}};
    return {pair(DriftKind::Duplicate, 71, "Twice Ltd",
                 fmt::format("the tenant is tracked by company \"Twice\" ({}) too",
                             company_id(70).str())),
            ambiguous,
            unlinked,
            without_company(DriftKind::Invalid, 92, "   ",
                            "company name \"   \" is refused: give it a name that is not blank"),
            pair(DriftKind::EmailTaken, 93, "Shared Admin GmbH",
                 "ada@shared.example is a contact of no company"),
            held(pair(DriftKind::NoAdmin, 94, "Half Made",
                      "the tenant has neither an active admin nor a valid e-mail"),
                 Restraint::Waived, "waived until 2026-11-30: broken sign-up, ticket 4711")};
}

std::vector<Drift> drift_of_every_kind()
{
    auto all = tenants_to_complete();
    for (auto const& more : {other_changes(), anomalies(), people()})
        all.insert(all.end(), more.begin(), more.end());
    return all;
}

void add_result(Report& report, std::size_t index, Receipt receipt)
{
    report.applied.results.push_back({index, std::move(receipt)});
}

Report begun(Report report)
{
    report.command = "apply";
    report.run = id<models::RunId>('f', 1);
    report.phases = {{"connect", std::chrono::duration<double>{0.05}},
                     {"read_companies", std::chrono::duration<double>{0.91}},
                     {"diff", std::chrono::duration<double>{0.002}},
                     {"apply", std::chrono::duration<double>{1.2}},
                     {"prove", std::chrono::duration<double>{0.9}},
                     {"journal", std::chrono::duration<double>{0.1}}};
    return report;
}

}  // namespace

models::TenantId tenant_id(int number)
{
    return id<models::TenantId>('a', number);
}

models::CompanyId company_id(int number)
{
    return id<models::CompanyId>('c', number);
}

Drift missing(int number, std::string const& name)
{
    return with(
        without_company(DriftKind::Missing, number, name, ""),
        models::CreateCustomer{.tenant = tenant_id(number),
                               .company = company_id(number),
                               .name = name,
                               .tenant_name = name,
                               .product = "psa",
                               .tag = "PSA Customer",
                               .contact = number == 2 ? std::nullopt : std::optional{ada(number)}});
}

Drift orphaned_in_grace(int number, std::string const& name)
{
    auto drift = held(with(pair(DriftKind::Orphaned, number, "", "its tenant is gone"),
                           models::CleanUp{tenant_id(number), company_id(number), "Canceled"}),
                      Restraint::Grace, "grace: seen by 1 of 2 runs, for 24 h of 72 h");
    drift.company_name = name;
    drift.due_in = std::chrono::hours{48 + number};
    drift.seen = reconcile::Sighting{.runs = 1, .age = std::chrono::hours{24}};
    return drift;
}

Drift crowd(int tenants, int companies)
{
    reconcile::Group group;
    for (int i = 1; i <= tenants; ++i)
        group.tenants.push_back({tenant_id(i), "Trial"});
    for (int i = 1; i <= companies; ++i)
        group.companies.push_back({company_id(i), fmt::format("Trial {}", i)});
    auto drift = without_company(
        DriftKind::Ambiguous, 1, "Trial",
        fmt::format("{} tenants match {} companies by name, but not uniquely", tenants, companies));
    drift.group = std::move(group);
    return drift;
}

Report plan_in_sync()
{
    return {.command = "plan",
            .version = "0.1.0",
            .source_database = "db.internal:5432/server as reconcile",
            .management_database = "db.internal:5432/server as reconcile",
            .generation = "clients",
            .management_tenant = tenant_id(999),
            .management_tenant_name = "Nine Minds LLC",
            .server_time = std::chrono::sys_days{std::chrono::year{2026} / 10 / 1} +
                           std::chrono::hours{2} + std::chrono::seconds{3},
            .duration = std::chrono::duration<double>{1.2345},
            .phases = {{"connect", std::chrono::duration<double>{0.05}},
                       {"read_companies", std::chrono::duration<double>{1.1}}},
            .plan = reconcile::Plan{.counts = {.tenants = 400, .companies = 395, .tracked = 390}}};
}

Report plan_with_every_kind()
{
    auto report = plan_in_sync();
    report.source_database = "tenants.internal:5432/tenants as reconcile";
    report.plan->counts = {.tenants = 400,
                           .companies = 395,
                           .tracked = 372,
                           .other_product = 3,
                           .excluded = 1,
                           .young = 2,
                           .suspended = 5,
                           .ignored = 2,
                           .settled = 9};
    report.plan->drift = drift_of_every_kind();
    report.plan->remarks = {
        "tenant \"Acme Corp\" (a0000000-0000-4000-8000-000000000001) has no active admin: its own "
        "address serves as contact",
        "the waiver of renamed for \"Hooli\" lapsed on 2026-09-30: renew or remove it"};
    report.warnings = {"the clocks of the two databases differ by 3 s"};
    return report;
}

Report apply_with_every_outcome()
{
    auto report = begun(plan_with_every_kind());
    report.outcome = job::Ending::Partial;
    // The due drift of drift_of_every_kind(): 0 1 3 5 7 9 10 11; the last is not reached.
    add_result(report, 3, {.rows = {.companies = 1}});
    add_result(report, 0, {.rows = {.companies = 1, .contacts = 1, .tags = 1}});
    add_result(report, 1,
               {.outcome = Outcome::Failed,
                .reason = "ERROR:  canceling statement due to lock timeout\nCONTEXT: ...",
                .sqlstate = "55P03"});
    add_result(report, 5, {.outcome = Outcome::AlreadyPresent, .reason = "the tag is there"});
    add_result(
        report, 7,
        {.outcome = Outcome::Stale, .reason = "expected no contact, found bob@umbrella.example"});
    add_result(report, 9, {.rows = {.companies = 1, .contacts = 1}});
    add_result(report, 10, {.rows = {.companies = 1}});
    report.applied.transactions = 6;
    report.applied.rollbacks = 1;
    report.retries[RetryReason::Deadlock] = 2;
    report.retries.connection_failures = 1;
    report.residual = report.plan;
    std::erase_if(report.residual->drift, [](Drift const& drift) {
        return drift.is_due() && drift.kind != DriftKind::Orphaned && drift.tenant != tenant_id(2);
    });
    return report;
}

Report apply_that_converged()
{
    auto report = begun(plan_in_sync());
    report.plan->drift = {missing(1, "Acme Corp")};
    report.residual = reconcile::Plan{.counts = report.plan->counts};
    report.proof = Proof{ProofReach::Touched, 12};
    add_result(report, 0, {.rows = {.companies = 1, .contacts = 1, .tags = 1}});
    report.applied.transactions = 1;
    return report;
}

Report dry_run()
{
    auto report = plan_with_every_kind();
    report.command = "apply";
    report.dry_run_reason = "tracking-enabled is false";
    return report;
}

Report rehearsal()
{
    auto report = plan_in_sync();
    report.outcome = job::Ending::Partial;
    report.is_rehearsed = true;
    report.plan->drift = {missing(1, "Acme Corp"), missing(2, "Globex"),
                          held(missing(3, "Initech"), Restraint::Guard, "guard: 3 changes"),
                          missing(4, "Umbrella")};
    add_result(report, 0, {.outcome = Outcome::Rehearsed});
    add_result(report, 1,
               {.outcome = Outcome::Failed, .reason = "ERROR:  no", .sqlstate = "P0001"});
    add_result(report, 2,
               {.outcome = Outcome::Rehearsed,
                .reason = "made without contact: ada@tenant3.example is another contact's by now"});
    add_result(report, 3, {.outcome = Outcome::Stale, .reason = "expected one, found another"});
    return report;
}

Report apply_in_doubt()
{
    auto report = plan_in_sync();
    report.command = "apply";
    report.outcome = job::Ending::Refused;
    report.has_journal = true;
    report.refusals = {"there are no tenants but the management tenant"};
    report.trend = {{.outcome = "ok", .found = 7, .left = 7}};
    report.plan->is_in_doubt = true;
    report.plan->counts = {.companies = 1};
    report.plan->drift = {orphaned_in_grace(1, "Acme")};
    report.plan->drift.front().restraint = reconcile::Restraint::Guard;
    report.plan->drift.front().restraint_reason = report.refusals.front();
    return report;
}

Report without_connection()
{
    return {.command = "apply",
            .version = "0.1.0",
            .outcome = job::Ending::Unavailable,
            .error = "cannot connect to db.internal:5432: connection refused"};
}

std::vector<Report> all()
{
    return {plan_in_sync(),   plan_with_every_kind(),     dry_run(),
            rehearsal(),      apply_with_every_outcome(), apply_that_converged(),
            apply_in_doubt(), without_connection()};
}

}  // namespace tracking::job::samples
