#include "job/report/masking.hpp"
#include "job/process/shown_text.hpp"

#include "job/forms/text_report.hpp"
#include "tests/support/reports/rendered.hpp"
#include "tests/support/reports/sample_report.hpp"

#include <gmock/gmock.h>
#include <boost/pfr.hpp>

#include <type_traits>
#include <utility>
#include <variant>

namespace tracking::job {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Report masked(Report report)
{
    mask_personal_data(report);
    return report;
}

TEST(MaskingTest, TheLocalPartOfEveryAddressGoes)
{
    EXPECT_EQ(mask_addresses("ada@acme.example is taken, as is <o'brien+x@b.example>"),
              "***@acme.example is taken, as is <***@b.example>");
    EXPECT_EQ(mask_addresses("(tenant, email)=(0, äda@acme.example)"),
              "(tenant, email)=(0, ***@acme.example)");
    EXPECT_EQ(mask_addresses("a@b@c.example"), "***@c.example");
    for (auto const* none : {"", "@", "a @ b", "at @home", "mail@", "no address"})
        EXPECT_EQ(mask_addresses(none), none);
}

// The message said that "***@10.0.0.5" is not reached.
TEST(MaskingTest, ServersKeepTheirUserAndPeopleLoseTheirs)
{
    for (auto const* server : {"connection to the remote node postgres@10.0.0.5:5432 failed",
                               "connection to the remote node postgres@worker-1:5432 failed",
                               "postgres@localhost:6432", "(postgres@worker:5432)"})
        EXPECT_EQ(mask_addresses(server), server);
    EXPECT_EQ(mask_addresses("ada@acme.example:5432"), "***@acme.example:5432");
    EXPECT_EQ(mask_addresses("ada@intranet: taken"), "***@intranet: taken");
    EXPECT_EQ(mask_addresses("ada@intranet"), "***@intranet");
    EXPECT_EQ(mask_addresses("ada@10.0.0.5, bob@intranet:x"), "***@10.0.0.5, ***@intranet:x");
    EXPECT_EQ(mask_addresses("ada@intranet:123456"), "***@intranet:123456");
    EXPECT_EQ(mask_addresses("ada@intranet:5432x"), "***@intranet:5432x");
    EXPECT_EQ(mask_addresses("a@b.example at postgres@w:1"), "***@b.example at postgres@w:1");
}

TEST(MaskingTest, RowsThatTheServerQuotesGo)
{
    EXPECT_EQ(mask_addresses("ERROR: x; DETAIL: Failing row contains (0, Ada). (SQLSTATE 23514)"),
              "ERROR: x; DETAIL: Failing row contains (***). (SQLSTATE 23514)");
    EXPECT_EQ(
        mask_addresses("ERROR: x\nDETAIL:  Failing row contains (0, Ada (Lovelace), t).\nEND"),
        "ERROR: x\nDETAIL:  Failing row contains (***).\nEND");
}

TEST(MaskingTest, LogsKeepNothingBetweenQuotes)
{
    EXPECT_EQ(without_names("expected \"Acme \"Ltd\"\", found \"x\"; more\nDETAIL: y"),
              "expected \"***\"; more");
    EXPECT_EQ(without_names("an open \"quote"), "an open \"***\"");
    EXPECT_EQ(without_names("nothing to hide"), "nothing to hide");
}

TEST(MaskingTest, ReportsInEveryFormKeepCompaniesAndLosePeople)
{
    auto const report = masked(samples::apply_with_every_outcome());
    for (auto const& text : {render_json(report), render_text(report, {.list_limit = 0})}) {
        EXPECT_THAT(text, HasSubstr("Acme Corp"));
        for (auto const* personal : {"Ada", "Lovelace", "ada@", "bob@", "richard@"})
            EXPECT_THAT(text, Not(HasSubstr(personal)));
    }
}

/// Puts an address into every text of a report, also into those that are not there yet.
struct PutAddress
{
    void operator()(std::string& text) const { text += " eve@secret.example"; }
    template <class Value, class What>
    void operator()(models::Strong<Value, What>& one) const
    {
        (*this)(static_cast<Value&>(one));
    }
    template <class T>
    void operator()(std::optional<T>& one) const
    {
        (*this)(one ? *one : one.emplace());
    }
    template <class T>
    void operator()(std::vector<T>& all) const
    {
        if (all.empty())
            all.emplace_back();
        for (auto& one : all)
            (*this)(one);
    }
    template <class... T>
    void operator()(std::variant<T...>& one) const
    {
        std::visit(*this, one);
    }
    template <class T>
    void operator()(models::Boxed<T>& boxed) const
    {
        (*this)(static_cast<T&>(boxed));
    }
    template <class T>
    requires std::is_aggregate_v<T>
    void operator()(T& members) const { boost::pfr::for_each_field(members, *this); }
    // Members that are no text. What a plan was made of is in no report.
    template <class T>
    requires(!std::is_aggregate_v<T>) void operator()(T&) const {}
    void operator()(reconcile::Remainder&) const {}
};

/// One with each kind of change, everywhere where a report has one.
std::vector<Report> reports_of_every_change()
{
    std::vector<Report> reports;
    for (auto const& change : models::blank_changes()) {
        auto report = samples::apply_with_every_outcome();
        report.plan->drift = {samples::missing(1, "Acme"), samples::missing(2, "Bolt")};
        report.plan->drift[0].change = change;
        report.plan->drift[1].change = change;
        report.plan->drift[1].restraint = reconcile::Restraint::Waived;
        report.residual = report.plan;
        report.stale = {{.expected = report.plan->drift[0], .found = "", .instead = change}};
        report.applied.results = {{0, {.outcome = models::Outcome::Failed}}};
        reports.push_back(std::move(report));
    }
    return reports;
}

TEST(MaskingTest, NoFormOfAnyReportHasAnAddress)
{
    auto reports = reports_of_every_change();
    for (auto report : samples::all())
        reports.push_back(std::move(report));
    for (auto& report : reports) {
        PutAddress{}(report);
        report.plan_file = "plan.json";
        report.counted.reset();   // it holds no texts, and stands for the items
        report.unlisted.clear();  // likewise
        report.told.reset();
        for (auto const is_undo : {true, false}) {
            if (!is_undo)
                report.undoes.reset();
            auto const hidden = masked(report);
            for (auto const& form : config::kFormats) {
                TextStyle const whole{.list_limit = 0};
                ASSERT_THAT(render(report, form.format, whole), HasSubstr("eve@secret"));
                ASSERT_THAT(render(hidden, form.format, whole), Not(HasSubstr("eve@secret")));
            }
        }
    }
}

TEST(MaskingTest, APlanFileKeepsTheNameThatCommandsHaveToGive)
{
    auto report = samples::plan_with_every_kind();
    report.plan_file = "plans@night/plan.json";
    EXPECT_THAT(render_text(masked(report), {}), HasSubstr("apply plans@night/plan.json"));
    report.plan_file = "of the night/plan.json";
    EXPECT_THAT(render_text(masked(report), {}), HasSubstr("apply 'of the night/plan.json'"));
}

TEST(MaskingTest, AnUndoKeepsTheNamesOfCompanies)
{
    auto report = samples::plan_with_every_kind();
    report.plan->drift = {{.kind = reconcile::DriftKind::Undone,
                           .change = models::Restore{.renamed = models::ReplacedName{
                                                         .by = "Acme New", .was = "Acme Old"}}}};
    EXPECT_THAT(render_text(masked(report), {}),
                AllOf(HasSubstr("Acme New"), HasSubstr("Acme Old")));
}

TEST(MaskingTest, AutoMasksWhatIsNoTerminal)
{
    using enum config::PersonalData;
    EXPECT_TRUE(wants_masking(Auto, kNoTerminal));
    EXPECT_FALSE(wants_masking(Show, kNoTerminal));
    EXPECT_TRUE(wants_masking(Mask, 1));
}

}  // namespace
}  // namespace tracking::job
