#include "job/commands/commands.hpp"
#include "job/commands/opening.hpp"
#include "job/databases/reader.hpp"
#include "job/process/shown_text.hpp"
#include "job/report/masking.hpp"
#include "job/report/wording.hpp"

#include "config/notation/problems.hpp"
#include "models/crm/company_model.hpp"
#include "models/journal/journal_history.hpp"
#include "models/journal/journal_model.hpp"
#include "models/rules/text.hpp"
#include "models/rules/utc.hpp"
#include "models/values/errors.hpp"
#include "reconcile/diff/diff.hpp"
#include "reconcile/match/candidates.hpp"
#include "reconcile/reading/wanted_contact.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/json.hpp>

#include <unistd.h>

#include <iostream>
#include <optional>
#include <sstream>
#include <vector>

namespace tracking::job {

namespace {

namespace json = boost::json;

using models::Company;
using models::Tenant;

/// What the operator asked about: an id or a name, of a tenant or of a company.
class Subject
{
public:
    explicit Subject(std::string text)
        : text_{std::move(text)},
          tenant_{models::TenantId::parse(text_)},
          company_{models::CompanyId::parse(text_)}
    {}

    bool is(Tenant const& tenant) const { return tenant_ == tenant.id || tenant.name == text_; }
    bool is(Company const& company) const
    {
        return company_ == company.id || company.name == text_ ||
               (tenant_ && company.link == tenant_);
    }
    bool is(reconcile::Drift const& drift) const
    {
        return (tenant_ && drift.tenant == tenant_) || (company_ && drift.company == company_) ||
               drift.tenant_name == text_ || drift.company_name == text_;
    }

    std::string const& text() const { return text_; }
    std::optional<models::TenantId> const& tenant() const { return tenant_; }
    std::optional<models::CompanyId> const& company() const { return company_; }

private:
    std::string text_;
    std::optional<models::TenantId> tenant_;
    std::optional<models::CompanyId> company_;
};

std::string_view in_words(reconcile::Scope scope)
{
    switch (scope) {
        case reconcile::Scope::Tracked:
            return "tracked";
        case reconcile::Scope::OtherProduct:
            return "left out: its product is not tracked";
        case reconcile::Scope::Excluded:
            return "left out: excluded by the configuration";
        case reconcile::Scope::Young:
            return "left out for now: younger than minimum-age";
        case reconcile::Scope::Suspended:
            return "left as it is: suspended";
    }
    return "";
}

/// Takes what goes to standard output while it lives, and lets it go with addresses masked.
class MaskedOutput
{
public:
    MaskedOutput() : former_{std::cout.rdbuf(taken_.rdbuf())} {}
    ~MaskedOutput()
    {
        std::cout.rdbuf(former_);
        std::cout << mask_addresses(taken_.str());
    }
    MaskedOutput(MaskedOutput const&) = delete;
    MaskedOutput& operator=(MaskedOutput const&) = delete;

private:
    std::ostringstream taken_;
    std::streambuf* former_;
};

/// What there is to say, as text at once or as one JSON document in the end.
class Page
{
public:
    explicit Page(config::Format format) : is_json_{format == config::Format::Json} {}

    /// What follows is of the verdict, or of the history.
    void begin(std::string_view section)
    {
        if (!is_json_)
            std::cout << static_cast<char>(section[0] - 'a' + 'A') << section.substr(1) << '\n';
        sections_.push_back(json::object{{"section", section}, {"lines", json::array{}}});
    }

    /// What follows is about that tenant or company.
    void begin(std::string_view section, std::string const& id, std::string const& name)
    {
        if (!is_json_)
            std::cout << fmt::format("{}{} \"{}\" ({})\n",
                                     static_cast<char>(section[0] - 'a' + 'A'), section.substr(1),
                                     models::printable(name), id);
        sections_.push_back(json::object{
            {"section", section}, {"id", id}, {"name", name}, {"lines", json::array{}}});
    }

    /// Of the subject only what was asked is known.
    void begin_gone(std::string const& subject)
    {
        if (!is_json_)
            std::cout << subject << '\n';
    }

    void line(std::string_view label, std::string_view text)
    {
        if (!is_json_)
            std::cout << fmt::format("  {:<16} {}\n", label, text);
        sections_.back().at("lines").as_array().push_back(
            json::object{{"label", label}, {"text", text}});
    }

    void candidates(std::vector<reconcile::Candidate> const& candidates);

    void print(std::string_view subject) const
    {
        if (is_json_)
            std::cout << json::object{{"format", "customer-reconcile/explain"},
                                      {"version", 1},
                                      {"subject", subject},
                                      {"sections", sections_}}
                      << '\n';
    }

private:
    bool is_json_;
    json::array sections_;
};

/// What the journal tells about a tenant or a company.
struct History
{
    int version = 0;                          ///< of the journal; 0: there is none
    std::vector<models::PastChange> changes;  ///< newest first

    /// Changes are kept in the same columns since the first version.
    bool is_legible() const { return version <= models::JournalModel::kVersion; }
};

History history_of(Databases& databases, std::optional<models::TenantId> tenant,
                   std::optional<models::CompanyId> company)
{
    return databases.connections.look_up([&](auto& tx) {
        History history{.version = models::JournalModel::installed_version(tx), .changes = {}};
        if (history.version > 0 && history.is_legible())
            history.changes =
                models::JournalHistory{databases.facts.tenant, databases.connections.lease_time()}
                    .changes_about(tx, tenant, company);
        return history;
    });
}

std::string_view state_of(Company const& company)
{
    if (company.ignored)
        return company.link ? ", says \"ignore\"" : ", says \"ignore\": no candidate";
    if (!company.is_link_legible)
        return ", its link cannot be read";
    return company.inactive ? ", inactive" : "";
}

void Page::candidates(std::vector<reconcile::Candidate> const& candidates)
{
    json::array all;
    if (!is_json_)
        std::cout << "  candidates by tier\n";
    for (auto const& [company, sign] : candidates) {
        if (!is_json_)
            std::cout << fmt::format("    {:<7} \"{}\" ({}){}\n", reconcile::name_of(sign),
                                     models::printable(company->name), company->id.str(),
                                     state_of(*company));
        all.push_back(json::object{{"tier", reconcile::name_of(sign)},
                                   {"id", company->id.str()},
                                   {"name", company->name}});
    }
    if (!is_json_ && candidates.empty())
        std::cout << "    none\n";
    sections_.back().as_object()["candidates"] = std::move(all);
}

void print_history(Page& page, History const& history)
{
    page.begin("history");
    for (auto const& past : history.changes)
        page.line(past.time, fmt::format("{} {}{}{} (run {})", past.change, past.outcome,
                                         past.reason.empty() ? "" : ": ", sentence(past.reason),
                                         past.run.str()));
    if (!history.is_legible())
        page.line("not known", models::JournalModel::mismatch_of(history.version)->finding);
    else if (history.changes.empty())
        page.line("none", "the journal knows nothing of it");
}

/// The explanation of one subject, from what one reading has kept.
class Explanation
{
public:
    Explanation(Subject const& subject, reconcile::State const& state,
                reconcile::Policy const& policy, reconcile::Guards const& guards,
                std::chrono::sys_seconds read_at, bool is_masked, Page& page)
        : page_{page},
          subject_{subject},
          state_{state},
          policy_{policy},
          plan_{reconcile::diff(state, policy)},
          guards_{reconcile::guard(plan_, guards, {})},
          read_at_{read_at},
          is_masked_{is_masked}
    {}

    /// False: there is no such tenant or company.
    bool print(Databases& databases)
    {
        for_each_tenant([&](Tenant const& tenant) {
            if (subject_.is(tenant))
                print_tenant(tenant);
        });
        reconcile::for_each_company(state_, [&](Company const& company) {
            if (subject_.is(company))
                print_company(company);
        });
        if (tenants_.empty() && companies_.empty())
            return false;
        print_verdict();
        print_history(
            page_,
            history_of(databases, tenants_.empty() ? std::nullopt : std::optional{tenants_.front()},
                       companies_.empty() ? std::nullopt : std::optional{companies_.front()}));
        return true;
    }

private:
    void for_each_tenant(auto const& visit) const
    {
        for (auto const& pair : state_.pairs)
            visit(pair.tenant);
        for (auto const& crowd : state_.crowds)
            visit(crowd.tenant);
        for (auto const& tenant : state_.open)
            visit(tenant);
    }

    void print_tenant(Tenant const& tenant)
    {
        tenants_.push_back(tenant.id);
        page_.begin("tenant", tenant.id.str(), tenant.name);
        auto const scope = reconcile::scope_of(tenant, policy_);
        page_.line("scope", in_words(scope));
        if (scope != reconcile::Scope::Tracked)
            silence_ = {"left out", "nothing is done about it"};
        else if (!is_whole(tenant))
            silence_ = {"not watched", "what differs is of kinds that are off (drift.KIND)"};
        page_.line("product", tenant.product);
        page_.line(
            "age",
            tenant.age
                ? fmt::format("{:.1f} days",
                              std::chrono::duration<double, std::ratio<86400>>{*tenant.age}.count())
                : "not known");
        auto const contact = reconcile::wanted_contact(tenant);
        page_.line("contact",
                   !contact
                       ? "none: neither an active admin nor a valid e-mail"
                       : fmt::format("{} <{}>{}",
                                     is_masked_ ? "***" : models::printable(contact->full_name),
                                     models::printable(contact->email),
                                     contact->is_fallback ? ", the tenant's own address" : ""));
        page_.candidates(reconcile::candidates_of(tenant, state_));
    }

    bool is_whole(Tenant const& tenant) const
    {
        return std::ranges::any_of(state_.pairs, [&](reconcile::Pair const& pair) {
            return pair.tenant.id == tenant.id &&
                   reconcile::is_in_order(tenant, pair.company, policy_);
        });
    }

    void print_company(Company const& company)
    {
        if (std::ranges::find(companies_, company.id) != companies_.end())
            return;
        companies_.push_back(company.id);
        page_.begin("company", company.id.str(), company.name);
        page_.line("link", company.link_text ? models::printable(*company.link_text) : "none");
        page_.line("state", company.inactive ? "inactive" : "active");
        page_.line("tags", company.tags.empty() ? "none"
                                                : fmt::format("{}", fmt::join(company.tags, ", ")));
        page_.line("contacts", company.emails.empty()
                                   ? "none"
                                   : fmt::format("{}", fmt::join(company.emails, ", ")));
        if (company.ignored && tenants_.empty())
            silence_ = {"ignored", "it is left alone, and nobody's candidate"};
        if (company.ignored)
            page_.line(
                "ignore",
                company.odd_word
                    ? fmt::format("properties.reconcile says {}, which is taken for \"ignore\": "
                                  "the job does not touch it",
                                  models::printable(*company.odd_word))
                    : "properties.reconcile says so: the job does not touch it");
    }

    void print_verdict() const
    {
        bool is_in_order = true;
        page_.begin("verdict");
        for (auto const& drift : plan_.left_alone) {
            if (!concerns(drift))
                continue;
            is_in_order = false;
            page_.line("left alone", drift.detail);
        }
        for (auto const& drift : plan_.drift) {
            if (!concerns(drift))
                continue;
            is_in_order = false;
            page_.line(reconcile::name_of(drift.kind),
                       drift.detail.empty() ? "no customer" : drift.detail);
            page_.line("age",
                       drift.seen || drift.tenant_age ? age_of(drift) : "new to the journal");
            if (drift.due_in)
                page_.line("due", models::utc_text(read_at_ + *drift.due_in) +
                                      ", if enough runs have seen it");
            if (drift.change)
                page_.line("guard", guard_state(*drift.change));
            page_.line("", next_step(drift));
            for (auto const& command : ways_out(drift))
                page_.line("", command);
        }
        if (!is_in_order)
            return;
        auto const& [label, text] = silence_;
        page_.line(label, text);
    }

    bool concerns(reconcile::Drift const& drift) const
    {
        return subject_.is(drift) ||
               (drift.tenant && std::ranges::find(tenants_, *drift.tenant) != tenants_.end()) ||
               (drift.company && std::ranges::find(companies_, *drift.company) != companies_.end());
    }

    std::string guard_state(models::Change const& change) const
    {
        auto const kind = reconcile::guarded_kind_of(change);
        auto const verdict = std::ranges::find(guards_, kind, &reconcile::GuardVerdict::kind);
        return fmt::format("{}: {} due, the limit is {}{}", reconcile::name_of(kind), verdict->due,
                           verdict->limit,
                           verdict->is_tripped() ? ": tripped, all of them are held" : "");
    }

    std::string next_step(reconcile::Drift const& drift) const
    {
        if (drift.is_due())
            return fmt::format("next: `customer-reconcile apply` will {}",
                               models::name_of(*drift.change));
        if (drift.restraint == reconcile::Restraint::None)
            return fmt::format("next: left alone until a person decides: {}",
                               reconcile::row_of(drift.kind).advice);
        return "held: " + drift.restraint_reason;
    }

    Page& page_;
    Subject const& subject_;
    reconcile::State const& state_;
    reconcile::Policy const& policy_;
    reconcile::Plan plan_;
    std::vector<reconcile::GuardVerdict> guards_;
    std::chrono::sys_seconds read_at_;
    bool is_masked_;
    std::vector<models::TenantId> tenants_;
    std::vector<models::CompanyId> companies_;

    /// What it means that no drift is about the subject.
    std::pair<std::string_view, std::string_view> silence_{"in order", "nothing is to be done"};
};

/// A company that the reading leaves out: nobody's customer, or one that is settled.
bool print_settled(Page& page, Databases& databases, Subject const& subject)
{
    models::CompanyModel const companies{databases.facts.profile, databases.facts.tenant};
    auto const found =
        databases.connections.look_up([&](auto& tx) { return companies.find(tx, subject.text()); });
    for (auto const& company : found) {
        page.begin("company", company.id.str(), company.name);
        page.line("link", company.link_text ? models::printable(*company.link_text) : "none");
        page.line("state", company.inactive ? "inactive" : "active");
        page.begin("verdict");
        page.line("settled",
                  company.link_text
                      ? "nothing is to be done: it is inactive, and its link names no tenant "
                        "that is looked after"
                      : "nothing is to be done: it carries neither a customer tag nor a link");
        print_history(page, history_of(databases, std::nullopt, company.id));
    }
    return !found.empty();
}

/// What only the journal still knows of.
bool print_gone(Page& page, Databases& databases, Subject const& subject)
{
    auto const history = history_of(databases, subject.tenant(), subject.company());
    if (history.changes.empty())
        return false;
    page.begin_gone(subject.text());
    page.begin("verdict");
    page.line("gone", "not there any more, neither as a tenant nor as a company");
    print_history(page, history);
    return true;
}

}  // namespace

Ending explain(Invocation& invocation)
{
    auto const& words = invocation.line.words;
    Subject const subject{words[1]};
    auto databases = open_databases(invocation, models::Role::Reader);
    auto const& policy = invocation.config().policy;
    auto const keep = [&](Tenant const& tenant, Company const* company) {
        return subject.is(tenant) ||
               (company &&
                (subject.is(*company) || !reconcile::is_in_order(tenant, *company, policy)));
    };
    auto const state = databases.connections.persist(
        [&] { return Reader{databases}.read(policy, keep, Pace::Fast, invocation.phases); });
    bool const is_masked = wants_masking(invocation.config().personal_data, STDOUT_FILENO);
    Page page{invocation.config().format};
    std::optional<MaskedOutput> masked;
    if (is_masked)
        masked.emplace();
    bool const is_known =
        Explanation{
            subject,   state, policy, invocation.config().guard, databases.facts.server_time,
            is_masked, page}
            .print(databases) ||
        print_settled(page, databases, subject) || print_gone(page, databases, subject);
    page.print(subject.text());
    if (is_known)
        return Ending::Ok;
    std::cerr << fmt::format("no tenant and no customer has the id or name \"{}\"\n",
                             models::printable(subject.text()));
    return Ending::Data;
}

}  // namespace tracking::job
