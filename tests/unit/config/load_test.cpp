#include "config/sources/load.hpp"

#include "config/notation/dsn.hpp"

#include "tests/unit/config/config_test.hpp"

#include <gmock/gmock.h>

#include <utility>

namespace tracking::config {
namespace {

using namespace std::chrono_literals;
using reconcile::ChangePolicy;
using reconcile::DriftKind;
using reconcile::Handling;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::StartsWith;

class LoadTest : public ConfigTest
{};

TEST_F(LoadTest, NothingGivenIsTheDefaults)
{
    EXPECT_TRUE(load({}).config == Config{});
    for (auto const* text : {"", "# nothing\n", "---\n", "source:\n", "{}"})
        EXPECT_TRUE(load_all(text).config == Config{}) << text;
}

TEST_F(LoadTest, FlagWinsOverEnvironmentOverFileOverDefault)
{
    auto const yaml = "batch-size: 1\nlist-limit: 1\npolicy: upsert-only\n";
    Environment const environment = {{"CUSTOMER_RECONCILE_BATCH_SIZE", "2"},
                                     {"CUSTOMER_RECONCILE_LIST_LIMIT", "2"}};
    auto const loaded = load_all(yaml, environment, {"--batch-size", "3"});
    EXPECT_EQ(loaded.config.batch_size, 3);
    EXPECT_EQ(loaded.config.list_limit, 2);
    EXPECT_EQ(loaded.config.policy.reach, ChangePolicy::UpsertOnly);
    EXPECT_EQ(loaded.config.policy.grace.runs, 2);
    EXPECT_THAT(
        loaded.show(),
        AllOf(Contains("batch-size: 3  # flag (--batch-size)"),
              Contains("list-limit: 2  # environment (CUSTOMER_RECONCILE_LIST_LIMIT)"),
              Contains("policy: \"upsert-only\"  # file (f:3)"), Contains("  runs: 2  # default")));
}

TEST_F(LoadTest, EveryFormOfValueIsRead)
{
    auto const config = load_all(R"(
tracking-enabled: no
products: [algadesk]
exclude:
  - 0A000000-0000-0000-0000-000000000001
minimum-age: 0
drift: { contact-missing: off, no-admin: off, renamed: apply }
grace: { time: 1d12h, runs: 5 }
tag: { psa: "  Gold  " }
report: [a.json, b.txt]
color: never
)")
                            .config;
    EXPECT_FALSE(config.tracking_enabled);
    EXPECT_THAT(config.policy.products, ElementsAre("algadesk"));
    EXPECT_THAT(config.policy.exclude,
                ElementsAre(models::TenantId::parse("0a000000-0000-0000-0000-000000000001")));
    EXPECT_EQ(config.policy.minimum_age, 0s);
    EXPECT_EQ(config.policy.handling_of(DriftKind::ContactMissing), Handling::Off);
    EXPECT_EQ(config.policy.handling_of(DriftKind::NoAdmin), Handling::Off);
    EXPECT_EQ(config.policy.handling_of(DriftKind::Renamed), Handling::Apply);
    EXPECT_EQ(config.policy.grace, (reconcile::Grace{5, 36h}));
    EXPECT_EQ(config.policy.tags.at("psa"), "Gold");
    EXPECT_THAT(config.report, ElementsAre("a.json", "b.txt"));
    EXPECT_EQ(config.color, Color::Never);
}

TEST_F(LoadTest, ListsInFlagsAndEnvironmentReplaceTheFilesList)
{
    auto const loaded = load_all("report: [x.txt]\nproducts: [psa]\n",
                                 {{"CUSTOMER_RECONCILE_PRODUCTS", "algadesk,psa"}},
                                 {"--report", "a.json,b.txt", "--report", "c.txt"});
    EXPECT_THAT(loaded.config.report, ElementsAre("a.json", "b.txt", "c.txt"));
    EXPECT_THAT(loaded.config.policy.products, ElementsAre("algadesk", "psa"));
}

TEST_F(LoadTest, OlderVariableNamesWorkAndTheNewNameWins)
{
    Environment environment = {{"NINEMINDS_TENANT_ID", "0A000000-0000-0000-0000-000000000001"},
                               {"CUSTOMER_TAG_NAME", "Gold"},
                               {"ENABLE_CUSTOMER_TRACKING", "false"}};
    auto const config = load_all("", environment).config;
    EXPECT_EQ(config.management_tenant_id,
              models::TenantId::parse("0a000000-0000-0000-0000-000000000001"));
    EXPECT_EQ(config.policy.tags.at("psa"), "Gold");
    EXPECT_FALSE(config.tracking_enabled);
    environment["CUSTOMER_RECONCILE_TAG_PSA"] = "Silver";
    EXPECT_EQ(load_all("", environment).config.policy.tags.at("psa"), "Silver");
}

TEST_F(LoadTest, EmptyVariablesCountAsNotSet)
{
    EXPECT_TRUE(
        load_all("", {{"CUSTOMER_TAG_NAME", ""}, {"CUSTOMER_RECONCILE_BATCH_SIZE", ""}}).config ==
        Config{});
}

TEST_F(LoadTest, TheEnvironmentMayNameTheFile)
{
    write("named", "batch-size: 7\n");
    EXPECT_EQ(load({{}, {{"CUSTOMER_RECONCILE_CONFIG", "named"}}, {}}).config.batch_size, 7);
}

TEST_F(LoadTest, ReportsEveryProblemOfEverySourceAtOnce)
{
    auto const yaml =
        "# comment\n"
        "polcy: sync\n"
        "source:\n"
        "  dns: host=x\n"
        "batch-size: 0\n"
        "\n"
        "policy: snyc\n"
        "batch-size: 5\n"
        "elephant: 1\n"
        "report:\n"
        "  - ok.json\n"
        "  - bad.pdf\n"
        "grace.time: 1h\n";
    Environment const environment = {{"CUSTOMER_RECONCILE_LOCK_TIMEOUT", "2"},
                                     {"CUSTOMER_RECONCILE_POLCY", "sync"}};
    EXPECT_THAT(
        problems(yaml, environment, {"--connect-timeout", "1500ms"}),
        ElementsAre(
            "f:8: key \"batch-size\" is given twice, first at f:5; keep one",
            "f:2: unknown key \"polcy\"; did you mean \"policy\"?",
            "f:4: unknown key \"source.dns\"; did you mean \"source.dsn\"?",
            "f:5: batch-size: \"0\" is not a whole number from 1 to 10000",
            "f:7: policy: \"snyc\" is not one of sync, upsert-only, create-only; did you mean "
            "\"sync\"?",
            "f:9: unknown key \"elephant\"; remove it, `config schema` lists the keys",
            "f:12: report: \"bad.pdf\" is not a report file; its name must end in one of "
            ".txt, .json, .jsonl, .md, .html, .csv",
            "f:13: key \"grace.time\": write \"grace:\" and under it, indented, \"time:\"",
            "CUSTOMER_RECONCILE_LOCK_TIMEOUT: lock-timeout: \"2\" is not a duration from 1ms to "
            "1h; write one such as 500ms, 90s, 15m, 1h30m or 7d",
            "CUSTOMER_RECONCILE_POLCY: no setting has this name; did you mean "
            "\"CUSTOMER_RECONCILE_POLICY\"?",
            "--connect-timeout: connect-timeout: \"1500ms\" is not a duration in whole seconds "
            "from 1s to 5m; write one such as 500ms, 90s, 15m, 1h30m or 7d"));
}

TEST_F(LoadTest, ValuesOutOfRangeAreRefused)
{
    for (auto const* yaml : {"batch-size: 10001",
                             "batch-size: -1",
                             "batch-size: 1.5",
                             "batch-size: ''",
                             "batch-size: 99999999999",
                             "grace: {runs: 0}",
                             "statement-timeout: 0",
                             "statement-timeout: 2h",
                             "connect-timeout: 6m",
                             "minimum-age: -1s",
                             "list-limit: -1",
                             "tag: {psa: ' '}",
                             "management: {tenant-name: ''}",
                             "management: {tenant-id: 123}",
                             "exclude: ['']",
                             "exclude: [x]",
                             "products: [erp]",
                             "products: []",
                             "dry-run: maybe",
                             "drift: {unlinked: apply}",
                             "drift: {contact_missing: off}",
                             "format: pdf",
                             "source: {dsn: server}"})
        EXPECT_THAT(problems(yaml), ElementsAre(StartsWith("f:1: "))) << yaml;
}

TEST_F(LoadTest, ATagHasAtMostFiftyCharacters)
{
    std::string const longest(50, 'x');
    EXPECT_THAT(problems("tag: {psa: " + longest + "}"), IsEmpty());
    EXPECT_THAT(problems("tag: {psa: " + longest + "x}"), ElementsAre(HasSubstr("1 to 50")));
}

TEST_F(LoadTest, WrongShapesAreRefused)
{
    EXPECT_THAT(problems("policy: [sync]\nbatch-size: {a: 1}\nreport: a.json\nsource: x\ndry-run:\n"
                         "waivers: x\n"),
                ElementsAre(StartsWith("f:1: policy: a list is not one of"),
                            StartsWith("f:2: batch-size: a map of keys is not"),
                            StartsWith("f:3: report: \"a.json\" is not a list"),
                            StartsWith("f:4: source: it has keys of its own"),
                            StartsWith("f:5: dry-run: nothing is not true or false"),
                            StartsWith("f:6: waivers: \"x\" is not a list of waivers")));
}

TEST_F(LoadTest, WhatIsNotYamlNamesTheLine)
{
    EXPECT_THAT(problems("policy: sync\nsource: [\n"),
                ElementsAre(AllOf(StartsWith("f:3: "), HasSubstr("not YAML"))));
    EXPECT_THAT(problems("policy: sync\n\tformat: text\n"), ElementsAre(StartsWith("f:2: ")));
    EXPECT_THAT(problems("\n- policy\n"), ElementsAre(StartsWith("f:2: the file must hold")));
    EXPECT_THAT(problems("policy: sync\n---\npolicy: sync\n"),
                ElementsAre(StartsWith("f:2: a second document")));
    EXPECT_THAT(problems("[a]: 1\n"), ElementsAre(StartsWith("f:1: a key must be one word")));
}

TEST_F(LoadTest, AnAliasOfItselfEnds)
{
    EXPECT_THAT(problems("report: &a [*a]\n"), Not(IsEmpty()));
}

TEST_F(LoadTest, DuplicateKeysAreRefusedAtEveryLevel)
{
    EXPECT_THAT(problems("tag:\n  psa: A\n  psa: B\n"),
                ElementsAre("f:3: key \"psa\" is given twice, first at f:2; keep one"));
}

TEST_F(LoadTest, AFileThatCannotBeReadIsNamed)
{
    for (auto const* file : {"absent.yaml", "."})
        try {
            load({file, {}, {}});
            ADD_FAILURE() << file;
        } catch (ConfigError const& error) {
            EXPECT_THAT(lines_of(error),
                        ElementsAre(AllOf(StartsWith(std::string{file} + ": cannot read"),
                                          testing::ContainsRegex("No such file|Is a directory"))));
        }
}

TEST_F(LoadTest, VariablesThatKubernetesSetsForAServiceAreNoProblem)
{
    EXPECT_THAT(problems("", {{"CUSTOMER_RECONCILE_SERVICE_HOST", "10.0.0.1"},
                              {"CUSTOMER_RECONCILE_SERVICE_PORT_HTTP", "80"},
                              {"CUSTOMER_RECONCILE_PORT", "tcp://10.0.0.1:80"},
                              {"CUSTOMER_RECONCILE_PORT_80_TCP_ADDR", "10.0.0.1"},
                              {"CUSTOMER_RECONCILE_JOURNAL_PORT_80_TCP", "tcp://10.0.0.1:80"}}),
                IsEmpty());
    EXPECT_THAT(problems("", {{"CUSTOMER_RECONCILE_REPORTS", "x"}}),
                ElementsAre(EndsWith("did you mean \"CUSTOMER_RECONCILE_REPORT\"?")));
    EXPECT_THAT(problems("", {{"CUSTOMER_RECONCILE_NOSUCH", "x"}}),
                ElementsAre("CUSTOMER_RECONCILE_NOSUCH: no setting has this name; unset it"));
}

TEST_F(LoadTest, PasswordsAreMaskedWhenShown)
{
    auto const loaded = load_all("source: {dsn: 'postgres://u:hunter2@db/s'}\n",
                                 {{"CUSTOMER_RECONCILE_MANAGEMENT_DSN", "password=hunter2"}});
    EXPECT_EQ(loaded.config.source.dsn, "postgres://u:hunter2@db/s");
    EXPECT_THAT(loaded.show(), Not(Contains(HasSubstr("hunter2"))));
    EXPECT_THAT(loaded.show(),
                Contains(HasSubstr("dsn: \"user=u password=******** dbname=s host=db\"")));
}

TEST_F(LoadTest, AFlagMayNotHoldAPassword)
{
    auto const found = problems(
        "", {},
        {"--source-dsn", "host=x password=hunter2", "--management-dsn=postgres://u:hunter2@db/s"});
    EXPECT_THAT(found,
                ElementsAre(AllOf(StartsWith("--source-dsn: "), Not(HasSubstr("hunter2")),
                                  HasSubstr("source.password-file")),
                            AllOf(StartsWith("--management-dsn: "), Not(HasSubstr("hunter2")),
                                  HasSubstr("management.password-file"))));
    EXPECT_THAT(problems("", {}, {"--source-dsn", "host=x user=u"}), IsEmpty());
}

TEST_F(LoadTest, AWrongDsnIsNotRepeated)
{
    EXPECT_THAT(problems("source: {dsn: \"password='hunter2\"}"),
                ElementsAre(AllOf(HasSubstr("source.dsn"), Not(HasSubstr("hunter2")))));
}

TEST_F(LoadTest, ThePasswordIsTheFilesFirstLine)
{
    write("pw", "hunter2\r\nsecond\n");
    auto const loaded = load_all("source: {dsn: host=x, password-file: pw}");
    EXPECT_EQ(loaded.config.source.password, "hunter2");
    EXPECT_EQ(loaded.config.management_database().password, "hunter2");
    EXPECT_THAT(loaded.show(), Not(Contains(HasSubstr("hunter2"))));
}

TEST_F(LoadTest, PasswordFilesThatCannotWorkAreProblems)
{
    write("empty", "\nsecond\n");
    write("pw", "x\n");
    EXPECT_THAT(problems("source:\n  password-file: absent\n"),
                ElementsAre("f:2: cannot read \"absent\": No such file or directory"));
    EXPECT_THAT(problems("source:\n  password-file: empty\n"),
                ElementsAre(StartsWith("f:2: source.password-file: the first line of \"empty\"")));
    EXPECT_THAT(problems("source:\n  dsn: password=y\n  password-file: pw\n"),
                ElementsAre(StartsWith("f:2: source.dsn: it holds a password although")));
    EXPECT_THAT(problems("management:\n  password-file: pw\n"),
                ElementsAre(StartsWith("f:2: management.password-file: without management.dsn")));
}

TEST_F(LoadTest, TagsMustDiffer)
{
    EXPECT_THAT(problems("tag:\n  psa: Same\n  canceled: ' Same '\n"),
                ElementsAre("f:3: tag.canceled: \"Same\" is the tag of tag.psa already; choose "
                            "another"));
    EXPECT_THAT(problems("", {{"CUSTOMER_TAG_NAME", "Canceled"}}), Not(IsEmpty()));
}

TEST_F(LoadTest, WaiversAreReadFromTheFile)
{
    auto const loaded = load_all(
        "waivers:\n"
        "  - {item: Acme, kind: contact-missing, reason: merger, until: 2026-12-31}\n");
    reconcile::Waiver const expected{"Acme", DriftKind::ContactMissing, "merger",
                                     std::chrono::year{2026} / std::chrono::December / 31};
    EXPECT_THAT(loaded.config.policy.waivers, ElementsAre(expected));
    EXPECT_THAT(loaded.show(), Contains(R"(waivers: [{"item": "Acme", "kind": "contact-missing", )"
                                        R"("reason": "merger", "until": "2026-12-31"}]  )"
                                        R"(# file (f:1))"));
    EXPECT_THAT(problems("", {{"CUSTOMER_RECONCILE_WAIVERS", "x"}}), Not(IsEmpty()));
}

TEST_F(LoadTest, WrongWaiversAreNamedLineByLine)
{
    auto const yaml =
        "waivers:\n"
        "  - item: A\n"
        "    kind: contact_missing\n"
        "    reason: ' '\n"
        "    until: 2026-02-30\n"
        "  - item: B\n"
        "    kind: renamed\n"
        "    untill: 2026-01-01\n"
        "    reason: r\n"
        "  - {item: C, kind: renamed, reason: r, until: 2026-01-01}\n"
        "  - {item: C, kind: renamed, reason: other, until: 2026-01-02}\n"
        "  - C\n";
    EXPECT_THAT(problems(yaml),
                ElementsAre(EndsWith("did you mean \"contact-missing\"?"),
                            StartsWith("f:4: waivers.reason: \" \" is not"),
                            StartsWith("f:5: waivers.until: \"2026-02-30\" is not a day"),
                            "f:6: the waiver has no \"until\"; add it",
                            "f:8: unknown key \"waivers.untill\"; did you mean \"until\"?",
                            StartsWith("f:11: \"C\" is waived twice"),
                            StartsWith("f:12: waivers: \"C\" is not a waiver")));
}

TEST_F(LoadTest, WhatIsShownLoadsBackToTheSame)
{
    auto const loaded = load_all(
        "policy: create-only\ngrace: {time: 90s}\nreport: ['a\"b.txt']\n"
        "source: {dsn: \"application_name='x\\ty'\"}\n");
    std::string shown;
    for (auto const& line : loaded.show())
        shown += line + "\n";
    EXPECT_TRUE(load_all(shown).config == loaded.config);
}

TEST_F(LoadTest, TheProcessEnvironmentIsRead)
{
    setenv("CONFIG_TEST_VARIABLE", "a=b", 1);
    EXPECT_THAT(process_environment(), Contains(Pair("CONFIG_TEST_VARIABLE", "a=b")));
}

}  // namespace
}  // namespace tracking::config
