// Every document that a command prints is as its schema says.

#include "tests/cli/job_test.hpp"
#include "tests/support/servers/web_servers.hpp"

#include <cstdlib>
#include <fstream>
#include <regex>

namespace tracking::testing {

namespace {

using ::testing::HasSubstr;

constexpr char const* kPrefix = "customer-reconcile/";

class SchemaTest : public JobTest
{
protected:
    /// Holds the document against the schema that the program prints for it. Returns its name.
    std::string expect_valid(std::string const& text) const
    {
        auto const format = std::string{boost::json::parse(text).at("format").as_string()};
        EXPECT_THAT(format, ::testing::StartsWith(kPrefix));
        auto name = format.substr(std::string_view{kPrefix}.size());
        auto const schema = job({"schema", name});
        EXPECT_EQ(schema.exit_code, 0) << schema.err;
        auto const file = [&](std::string const& of, std::string const& content) {
            auto path = (folder.path() / of).string();
            std::ofstream{path} << content;
            return path;
        };
        auto const command = std::string{PYTHON " " JSON_VALIDATOR " "} +
                             file("schema.json", schema.out) + " " + file("document.json", text);
        EXPECT_EQ(std::system(command.c_str()), 0) << text;
        return name;
    }

    std::string document_of(std::vector<std::string> arguments,
                            std::map<std::string, std::string> const& environment = {}) const
    {
        arguments.emplace_back("--format=json");
        auto const ended = job(arguments, environment);
        EXPECT_NE(ended.out, "") << ended.err;
        return ended.out.empty() ? "" : expect_valid(ended.out);
    }

    TemporaryFolder folder;
};

TEST_P(SchemaTest, WhatAFreshInstallationPrintsIsValid)
{
    EXPECT_EQ(document_of({"init", "--print"}), "init-sql");
    EXPECT_EQ(document_of({"init", "--yes"}), "init");
    EXPECT_EQ(document_of({"init", "--yes", "--prune"}), "init");
    EXPECT_EQ(document_of({"history"}), "history");
    EXPECT_EQ(document_of({"history", "--trend"}), "trend");
    EXPECT_EQ(document_of({"customers"}), "customers");
    EXPECT_EQ(document_of({"plan"}), "report");
}

TEST_P(SchemaTest, WhatIsPrintedOfAPastIsValid)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    world.tenant({.n = 2, .name = "Bolt"});  // it has no admin
    init();
    EXPECT_EQ(document_of({"apply", "--yes", "--guard-create-ratio=0", "--guard-create-floor=0"}),
              "report");
    EXPECT_EQ(document_of({"apply", "--yes", "--only=Acme", "--by=ada"}), "report");
    auto const run = database.value(
        "SELECT run_id FROM customer_reconcile.run ORDER BY started_at DESC LIMIT 1");
    EXPECT_EQ(document_of({"show", run}), "report");
    EXPECT_EQ(document_of({"undo", run}), "report");
    EXPECT_EQ(document_of({"undo", run, "--yes"}), "report");
    EXPECT_EQ(document_of({"apply", "--yes"}), "report");
    EXPECT_EQ(document_of({"apply", "--yes"}), "report");
    for (auto const* const option : {"--dry-run", "--yes", "--yes"})
        EXPECT_EQ(document_of({"forget", "ada@acme.example", "--reason=asked", option},
                              {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn()}}),
                  "forget");
    database.execute("UPDATE customer_reconcile.run_start SET login = NULL");
    database.execute("DELETE FROM customer_reconcile.run_end WHERE outcome = 'refused'");
    EXPECT_EQ(document_of({"history"}), "history");
    EXPECT_EQ(document_of({"history", "--trend"}), "trend");
}

TEST_P(SchemaTest, WhatIsExplainedIsValid)
{
    world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
    world.company({.n = 3, .name = "Acme", .contact_email = "ada@acme.example"});
    world.company({.n = 4, .name = "Old", .inactive = true});
    init();
    EXPECT_EQ(document_of({"explain", "Acme"}), "explain");
    EXPECT_EQ(document_of({"explain", "Old"}), "explain");
    EXPECT_EQ(document_of({"customers"}), "customers");
    EXPECT_EQ(document_of({"explain", "Nobody"}), "explain");
    EXPECT_EQ(document_of({"ignore", "Old", "--yes", "--reason=closed"}), "report");
    EXPECT_EQ(document_of({"link", "Acme", company_id(3), "--yes", "--reason=asked"}), "report");
    EXPECT_EQ(document_of({"explain", "Acme"}), "explain");
}

TEST_P(SchemaTest, WhatIsCheckedIsValid)
{
    EXPECT_EQ(document_of({"doctor"}), "doctor");
    std::map<std::string, std::string> const nowhere{
        {"CUSTOMER_RECONCILE_SOURCE_DSN", "host=127.0.0.1 port=1 dbname=nowhere"},
        {"CUSTOMER_RECONCILE_RETRY_ATTEMPTS", "1"}};
    EXPECT_EQ(document_of({"doctor"}, nowhere), "doctor");
    EXPECT_EQ(document_of({"plan"}, nowhere), "report");
    EXPECT_EQ(document_of({"config", "check"}), "config-check");
    EXPECT_EQ(document_of({"config", "show"}), "config");
    EXPECT_EQ(document_of({"version"}), "version");
}

TEST_P(SchemaTest, OfAnUnknownDocumentThereIsNone)
{
    auto const ended = job({"schema", "histroy"});
    EXPECT_EQ(ended.exit_code, 64);
    EXPECT_THAT(ended.err,
                HasSubstr("there is no document \"histroy\"; did you mean \"history\"?"));
    EXPECT_THAT(job({"schema", "x"}).err,
                HasSubstr("; name one of report, customers, forget, history, trend"));
}

// The documents differ in nothing between the generations.
INSTANTIATE_TEST_SUITE_P(One, SchemaTest, ::testing::Values(Generation::Clients), name_of);

}  // namespace

}  // namespace tracking::testing
