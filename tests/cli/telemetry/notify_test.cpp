// Whom an apply tells how it went.

#include "tests/cli/job_test.hpp"
#include "tests/support/servers/web_servers.hpp"

#include <sys/stat.h>

#include <chrono>
#include <fstream>

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char const* kNowhere = "host=127.0.0.1 port=1 dbname=nowhere";
constexpr char const* kGood = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// Refuses to make a customer.
std::vector<std::string> const kTooMany{"--guard-create-ratio=0", "--guard-create-floor=0"};

class NotifyTest : public JobTest
{
protected:
    NotifyTest()
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
        init();
    }

    std::string write_url(std::string const& name, std::string const& url) const
    {
        auto file = (folder.path() / name).string();
        std::ofstream{file} << url << '\n';
        chmod(file.c_str(), 0600);
        return file;
    }

    /// An apply that tells the chat at this address. No output of it may hold the secret.
    Ended tell(std::string const& server, std::vector<std::string> arguments = {},
               std::map<std::string, std::string> environment = {}) const
    {
        arguments.insert(arguments.begin(), {"apply", "--yes", "--format=json"});
        environment["CUSTOMER_RECONCILE_NOTIFY_URL_FILE"] =
            write_url("hook", server + "/services/T0/hush?sig=hush");
        auto ended = job(arguments, environment);
        EXPECT_THAT(ended.out + ended.err, Not(HasSubstr("hush")));
        return ended;
    }

    Ended night(std::vector<std::string> const& arguments = {},
                std::map<std::string, std::string> const& environment = {}) const
    {
        return tell("http://" + chat.address(), arguments, environment);
    }

    Ended night_with_ping(std::vector<std::string> arguments)
    {
        arguments.push_back("--notify-ping-url-file=" +
                            write_url("ping", "http://" + chat.address() + "/ping/hush?x"));
        return job(arguments);
    }

    std::string told() const
    {
        auto const request = chat.request();
        auto const body = request.substr(request.find("\r\n\r\n") + 4);
        return std::string{boost::json::parse(body).at("text").as_string()};
    }

    static std::string warnings_of(Ended const& ended)
    {
        EXPECT_EQ(ended.exit_code, 3) << ended.err;
        return boost::json::serialize(parsed(ended).at("warnings"));
    }

    ScriptedServer chat{kGood};
    TemporaryFolder folder;
};

TEST_P(NotifyTest, ARefusalIsToldOnceAndSoIsItsEnd)
{
    EXPECT_EQ(night(kTooMany).exit_code, 3);
    EXPECT_THAT(chat.request(), AllOf(StartsWith("POST /services/T0/hush?sig=hush HTTP/1.1\r\n"),
                                      HasSubstr("Content-Type: application/json\r\n")));
    EXPECT_THAT(told(), AllOf(HasSubstr("refused (exit code 3): a guard held something back\n"),
                              HasSubstr("- held back: `1 to create"),
                              HasSubstr("--allow create=1 --reason")));
    EXPECT_EQ(night(kTooMany).exit_code, 3);
    EXPECT_EQ(chat.requests(), 1U) << "a standing refusal is no news";
    EXPECT_EQ(night().exit_code, 0);
    EXPECT_EQ(chat.requests(), 2U);
    EXPECT_THAT(told(), AllOf(HasSubstr("ok (exit code 0)"),
                              HasSubstr("The run before ended as \"refused\"."),
                              HasSubstr("- done: `1 created")));
    EXPECT_EQ(night().exit_code, 0);
    EXPECT_EQ(night().exit_code, 0);
    EXPECT_EQ(chat.requests(), 2U) << "nothing to do is no news";
    world.tenant({.n = 2, .name = "Bolt", .admin_email = "bob@bolt.example"});
    EXPECT_EQ(night(kTooMany).exit_code, 3);
    EXPECT_EQ(chat.requests(), 3U) << "the run before had nothing to do, and went well";
}

TEST_P(NotifyTest, OnlyWhatIsAskedForIsTold)
{
    auto options = kTooMany;
    options.emplace_back("--notify-on=failed,recovered");
    night(options);
    EXPECT_EQ(chat.requests(), 0U);
    night({"--notify-on="});
    EXPECT_EQ(chat.requests(), 0U);
}

TEST_P(NotifyTest, NewItemsForAPersonAreToldOnce)
{
    world.tenant({.n = 2, .name = "Bolt"});  // it has no admin
    EXPECT_EQ(night().exit_code, 0);
    EXPECT_THAT(told(), AllOf(HasSubstr("1 new item waits for a person."),
                              HasSubstr("- no_admin: `\"Bolt\"`"),
                              HasSubstr("customer-reconcile explain " + tenant_id(2))));
    night();
    EXPECT_EQ(chat.requests(), 1U);
    world.tenant({.n = 3, .name = "Cog"});
    night();
    EXPECT_EQ(chat.requests(), 2U);
}

// The item has a company then, and was told as a new one.
TEST_P(NotifyTest, WhatWaitsForAPersonIsNotToldAgainWhenItsCompanyIsMade)
{
    world.tenant({.n = 2, .name = "Bolt"});  // it has no admin
    EXPECT_EQ(night(kTooMany).exit_code, 3);
    EXPECT_THAT(told(), HasSubstr("1 new item waits for a person."));
    EXPECT_EQ(night().exit_code, 0);
    EXPECT_THAT(told(), AllOf(HasSubstr("- done: `2 created"), Not(HasSubstr("new item"))));
}

// Every five minutes it had nothing to do, and so the next night's refusal was news again.
TEST_P(NotifyTest, ARunThatKeepsNoDriftTellsNobodyAndIsNotRemembered)
{
    night(kTooMany);
    night({"--journal-note-drift=false", "--exclude=" + tenant_id(1)});
    EXPECT_EQ(chat.requests(), 1U);
    EXPECT_EQ(count("customer_reconcile.idle_run"), "1");
    night(kTooMany);
    EXPECT_EQ(chat.requests(), 1U);
    EXPECT_EQ(night_with_ping({"apply", "--yes", "--journal-note-drift=false"}).exit_code, 0);
    EXPECT_EQ(chat.requests(), 1U);
    night();
    EXPECT_EQ(chat.requests(), 2U);
    EXPECT_THAT(told(), HasSubstr("The run before ended as \"refused\"."));
}

// Without a journal there is no memory.
TEST_P(NotifyTest, ANightThatReachesNoJournalIsTold)
{
    for (auto const requests : {1U, 2U}) {
        auto const ended = night({"--retry-attempts=1", "--environment=production"},
                                 {{"CUSTOMER_RECONCILE_SOURCE_DSN", kNowhere}});
        EXPECT_EQ(ended.exit_code, 69);
        EXPECT_EQ(chat.requests(), requests);
        EXPECT_THAT(told(), AllOf(HasSubstr("unavailable (exit code 69): no connection"),
                                  HasSubstr("- environment: `production`"),
                                  HasSubstr("customer-reconcile doctor")));
    }
}

TEST_P(NotifyTest, NobodyIsToldOfPlansDryRunsAndOtherCommands)
{
    auto const hook = write_url("hook", "http://" + chat.address());
    std::map<std::string, std::string> const telling{
        {"CUSTOMER_RECONCILE_NOTIFY_URL_FILE", hook},
        {"CUSTOMER_RECONCILE_NOTIFY_PING_URL_FILE", hook}};
    auto const quiet = [&](std::vector<std::string> arguments) {
        job(arguments, telling);
        EXPECT_EQ(chat.requests(), 0U) << arguments.front();
    };
    quiet({"plan", "--guard-create-ratio=0", "--guard-create-floor=0"});
    quiet({"apply", "--dry-run", "--guard-create-ratio=0", "--guard-create-floor=0"});
    quiet({"apply", "--dry-run", "--batch-size=0"});
    quiet({"apply", "--yes", "--tracking-enabled=false"});
    quiet({"doctor"});
    quiet({"config", "check"});
}

TEST_P(NotifyTest, AHookThatFailsIsAWarningThatKeepsTheSecret)
{
    ScriptedServer const broken{
        "HTTP/1.1 500 Oh hush\r\nContent-Length: 24\r\n\r\nno /services/T0/hush here"};
    EXPECT_THAT(warnings_of(tell("http://" + broken.address(), kTooMany)),
                HasSubstr("by notify.url-file: the answer is 500\""));
    database.execute("DELETE FROM customer_reconcile.run_end");
    ScriptedServer const elsewhere{"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: http://" +
                                   chat.address() + "/\r\n\r\n"};
    EXPECT_THAT(warnings_of(tell("http://" + elsewhere.address(), kTooMany)),
                HasSubstr("the answer is 302\""));
    EXPECT_EQ(chat.requests(), 0U);
    database.execute("DELETE FROM customer_reconcile.run_end");
    EXPECT_THAT(warnings_of(tell("http://127.0.0.1:1", kTooMany)), HasSubstr("Connection refused"));
}

TEST_P(NotifyTest, AnAnswerOfAnyLengthIsAnAnswer)
{
    ScriptedServer const wordy{"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" +
                               std::string(1'000'000, 'x')};
    EXPECT_EQ(warnings_of(tell("http://" + wordy.address(), kTooMany)), "[]");
}

TEST_P(NotifyTest, AHookThatNeverAnswersIsGivenUp)
{
    auto options = kTooMany;
    options.emplace_back("--notify-timeout=300ms");
    for (auto const* scheme : {"http://", "https://"}) {
        ScriptedServer const silent{""};
        EXPECT_THAT(warnings_of(tell(scheme + silent.address(), options)),
                    HasSubstr("no answer within 300 ms (notify.timeout)"));
        database.execute("DELETE FROM customer_reconcile.run_end");
    }
}

TEST_P(NotifyTest, ASignalEndsTheWaitForAHook)
{
    ScriptedServer const silent{""};
    auto const hook = write_url("hook", "http://" + silent.address());
    auto const start = std::chrono::steady_clock::now();
    auto const ended =
        run_job({"apply", "--yes", "--guard-create-ratio=0", "--guard-create-floor=0",
                 "--notify-timeout=5m"},
                {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn_as(roles().writer())},
                 {"CUSTOMER_RECONCILE_NOTIFY_URL_FILE", hook}},
                [&] { return silent.requests() > 0; });
    EXPECT_EQ(ended.exit_code, 3) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr("no answer before the process had to end"));
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::minutes{1});
}

TEST_P(NotifyTest, OnlyATrustedServerIsTold)
{
    make_certificates(folder.path());
    auto const file = [&](std::string const& name) { return (folder.path() / name).string(); };
    std::ofstream{folder.path() / "web.yml"}
        << "tls_server_config: {cert_file: tls.crt, key_file: tls.key}\n";
    Pushgateway const safe{{"--web.config.file=" + file("web.yml")}};
    auto const port = safe.address().substr(safe.address().find(':'));
    auto const warnings_with = [&](std::string const& host, std::vector<std::string> options) {
        options.insert(options.end(), kTooMany.begin(), kTooMany.end());
        auto warnings = warnings_of(tell("https://" + host + port, options));
        database.execute("DELETE FROM customer_reconcile.run_end");
        return warnings;
    };
    auto const trusting = "--notify-ca-file=" + file("ca.crt");
    EXPECT_THAT(warnings_with("localhost", {}), HasSubstr("certificate verify failed"));
    EXPECT_THAT(warnings_with("127.0.0.1", {trusting}), HasSubstr("certificate verify failed"));
    EXPECT_THAT(warnings_with("localhost", {trusting}), HasSubstr("the answer is 404"))
        << "this server has no such hook, but it was asked";
    auto const pinged = job(
        {"apply", "--yes", "--format=json", trusting,
         "--notify-ping-url-file=" + write_url("ping", "https://localhost" + port + "/-/ready")});
    EXPECT_EQ(boost::json::serialize(parsed(pinged).at("warnings")), "[]");
}

TEST_P(NotifyTest, ThePingIsCalledAfterEachRunThatWentWell)
{
    EXPECT_EQ(
        night_with_ping({"apply", "--yes", "--guard-create-ratio=0", "--guard-create-floor=0"})
            .exit_code,
        3);
    EXPECT_EQ(chat.requests(), 0U);
    for (auto const requests : {1U, 2U}) {
        EXPECT_EQ(night_with_ping({"apply", "--yes"}).exit_code, 0);
        EXPECT_EQ(chat.requests(), requests) << "the second had nothing to do";
    }
    EXPECT_THAT(chat.request(), StartsWith("GET /ping/hush?x HTTP/1.1\r\n"));
}

TEST_P(NotifyTest, ASecretThatIsNotThereIsAWarningAndFoundByTheChecks)
{
    auto const ended = job({"apply", "--yes", "--format=json", "--notify-ping-url-file=/nowhere"});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr("by notify.ping-url-file: cannot read \"/nowhere\""));
    auto const checked = job({"config", "check", "--notify-url-file=/nowhere"});
    EXPECT_EQ(checked.exit_code, 78);
    EXPECT_THAT(checked.err, HasSubstr("--notify-url-file: notify.url-file: cannot read"));
    EXPECT_THAT(job({"doctor", "--notify-url-file=/nowhere"}).out,
                HasSubstr("warn  notify.url-file    cannot read \"/nowhere\""));
}

TEST_P(NotifyTest, DoctorLooksAtTheFilesAndCallsNobody)
{
    auto const verdict_on = [&](std::string const& url, mode_t mode) {
        auto const file = write_url("hook", url);
        chmod(file.c_str(), mode);
        return job({"doctor", "--notify-url-file=" + file}).out;
    };
    EXPECT_THAT(
        verdict_on("https://localhost:1/hush", 0640),
        AllOf(HasSubstr("pass  notify.url-file    there is a URL"), Not(HasSubstr("hush"))));
    EXPECT_THAT(verdict_on("https://localhost:1/hush", 0644),
                HasSubstr("warn  notify.url-file    everyone on the machine can read"));
    EXPECT_THAT(verdict_on("http://" + chat.address(), 0640),
                HasSubstr("warn  notify.url-file    the URL is http"));
    EXPECT_EQ(chat.requests(), 0U);
    EXPECT_THAT(job({"doctor", "--notify-ca-file=/nowhere"}).out,
                HasSubstr("warn  notify.ca-file     /nowhere: No such file"));
    make_certificates(folder.path());
    EXPECT_THAT(job({"doctor", "--notify-ca-file=" + (folder.path() / "ca.crt").string()}).out,
                HasSubstr("pass  notify.ca-file     there are certificates"));
}

// The schema makes no difference here.
INSTANTIATE_TEST_SUITE_P(One, NotifyTest, ::testing::Values(Generation::Clients), name_of);

}  // namespace

}  // namespace tracking::testing
