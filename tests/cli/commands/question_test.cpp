// What a person is asked on a terminal before anything is written.

#include "tests/cli/job_test.hpp"
#include "tests/support/servers/web_servers.hpp"

#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace tracking::testing {

namespace {

using ::testing::HasSubstr;

/// The job on a terminal of its own. It ends with its terminal where nobody waited for it.
class TerminalJob
{
public:
    TerminalJob(std::vector<std::string> arguments, std::string const& dsn)
    {
        arguments.insert(arguments.begin(), RECONCILE_JOB);
        std::vector<std::string> environment{"CUSTOMER_RECONCILE_SOURCE_DSN=" + dsn};
        auto const words = pointers_to(arguments);
        auto const variables = pointers_to(environment);
        pid_ = forkpty(&terminal_, nullptr, nullptr, nullptr);
        if (pid_ < 0)
            throw std::runtime_error{"cannot open a terminal"};
        if (pid_ == 0) {
            execve(words.front(), words.data(), variables.data());
            _exit(127);
        }
    }
    ~TerminalJob()
    {
        close(terminal_);
        if (pid_ > 0)
            waitpid(pid_, nullptr, 0);
    }
    TerminalJob(TerminalJob const&) = delete;
    TerminalJob& operator=(TerminalJob const&) = delete;

    /// Reads until the text is there. False: the job has ended without printing it.
    bool shows(std::string const& text)
    {
        while (shown_.find(text) == std::string::npos) {
            if (!read_on())
                return false;
        }
        return true;
    }

    void type(std::string const& keys)
    {
        if (write(terminal_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size()))
            throw std::runtime_error{"cannot type"};
    }

    int exit_code()
    {
        while (read_on()) {
        }
        int status = 0;
        waitpid(std::exchange(pid_, 0), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

    std::string const& shown() const { return shown_; }

private:
    static std::vector<char*> pointers_to(std::vector<std::string>& texts)
    {
        std::vector<char*> pointers;
        pointers.reserve(texts.size() + 1);
        for (auto& text : texts)
            pointers.push_back(text.data());
        pointers.push_back(nullptr);
        return pointers;
    }

    bool read_on()
    {
        std::array<char, 4096> part{};
        auto const size = read(terminal_, part.data(), part.size());
        if (size > 0)
            shown_.append(part.data(), static_cast<std::size_t>(size));
        return size > 0;
    }

    pid_t pid_ = 0;
    int terminal_ = -1;
    std::string shown_;
};

class QuestionTest : public JobTest
{
protected:
    void SetUp() override
    {
        world.tenant({.n = 1, .name = "Acme", .admin_email = "ada@acme.example"});
        ASSERT_EQ(init().exit_code, 0);
    }

    TerminalJob asking() { return {{"apply"}, database.dsn_as(roles().writer())}; }

    std::string customers()
    {
        return count("{companies} WHERE {company}_name = 'Acme' AND tenant = '" + tenant_id(0) +
                     "'");
    }

    void expect_nothing_written(std::string const& outcome)
    {
        EXPECT_EQ(customers(), "0");
        EXPECT_EQ(count("customer_reconcile.change"), "0");
        EXPECT_EQ(count("customer_reconcile.lease"), "0");
        EXPECT_EQ(database.value("SELECT outcome FROM customer_reconcile.run"), outcome);
    }
};

constexpr char const* kQuestion = "Only \"yes\" will be taken: ";

TEST_P(QuestionTest, ComesAfterThePlanAndYesAppliesIt)
{
    auto job = asking();
    ASSERT_TRUE(job.shows(kQuestion)) << job.shown();
    EXPECT_THAT(job.shown(), HasSubstr("create company \"Acme\""));
    EXPECT_EQ(customers(), "0");
    job.type("yes\n");
    EXPECT_EQ(job.exit_code(), 0) << job.shown();
    EXPECT_EQ(customers(), "1");
}

// Even a small change is proven: while somebody thinks, anything may happen.
TEST_P(QuestionTest, WhatWasConfirmedIsProvenByReadingEverything)
{
    for (int n = 2; n <= 30; ++n)
        world.tenant({.n = n, .name = "Tenant " + std::to_string(n), .admin_email = {}});
    ASSERT_EQ(apply().exit_code, 0);
    world.tenant({.n = 40, .name = "Late", .admin_email = {}});
    auto job = asking();
    ASSERT_TRUE(job.shows(kQuestion)) << job.shown();
    world.tenant({.n = 41, .name = "Later", .admin_email = {}});
    job.type("yes\n");
    EXPECT_EQ(job.exit_code(), 0) << job.shown();
    EXPECT_THAT(job.shown(), HasSubstr("converged: no"));
}

TEST_P(QuestionTest, AnyOtherAnswerWritesNothing)
{
    auto job = asking();
    ASSERT_TRUE(job.shows(kQuestion)) << job.shown();
    job.type("y\n");
    EXPECT_EQ(job.exit_code(), 0) << job.shown();
    EXPECT_THAT(job.shown(), HasSubstr("not confirmed"));
    expect_nothing_written("declined");
}

TEST_P(QuestionTest, InterruptWhileItWaitsEndsTheRunWithNothingWritten)
{
    auto job = asking();
    ASSERT_TRUE(job.shows(kQuestion)) << job.shown();
    job.type("\x03");  // Ctrl-C: the terminal sends SIGINT
    EXPECT_EQ(job.exit_code(), 6) << job.shown();
    EXPECT_THAT(job.shown(), HasSubstr("stopped by SIGINT"));
    expect_nothing_written("interrupted");
}

TEST_P(QuestionTest, WhoIsForgottenIsCountedAndNotNamed)
{
    ASSERT_EQ(apply().exit_code, 0);
    auto const contacts = "customer_reconcile.contact WHERE email = 'ada@acme.example'";
    for (auto const* const answer : {"no", "yes"}) {
        EXPECT_EQ(count(contacts), "1");
        TerminalJob job{{"forget", "ada@acme.example", "--reason=asked"}, database.dsn()};
        ASSERT_TRUE(job.shows(kQuestion)) << job.shown();
        EXPECT_THAT(job.shown(),
                    HasSubstr("The journal holds this person in 1 contact, 1 change."));
        job.type(answer + std::string{"\n"});
        EXPECT_EQ(job.exit_code(), 0) << job.shown();
        EXPECT_THAT(job.shown(), ::testing::Not(HasSubstr("ada@")));
    }
    EXPECT_EQ(count(contacts), "0");
    EXPECT_EQ(count("customer_reconcile.run WHERE mode = 'forget'"), "1");
}

// A mistyped option is nobody else's matter.
TEST_P(QuestionTest, WhatAPersonSeesIsNotToldToAChat)
{
    ScriptedServer const chat{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"};
    TemporaryFolder const folder;
    auto const hook = (folder.path() / "hook").string();
    std::ofstream{hook} << "http://" << chat.address() << "/\n";
    auto const dsn = database.dsn_as(roles().writer());
    TerminalJob mistyped{{"apply", "--notify-url-file", hook, "--batch-size=0"}, dsn};
    EXPECT_EQ(mistyped.exit_code(), 78) << mistyped.shown();
    TerminalJob declined{{"apply", "--notify-url-file", hook, "--notify-ping-url-file", hook}, dsn};
    ASSERT_TRUE(declined.shows(kQuestion)) << declined.shown();
    declined.type("no\n");
    EXPECT_EQ(declined.exit_code(), 0) << declined.shown();
    EXPECT_EQ(chat.requests(), 0U);
}

TEST_BOTH_GENERATIONS(QuestionTest);

}  // namespace

}  // namespace tracking::testing
