#include "models/pg/database.hpp"

#include "models/crm/company_model.hpp"
#include "models/pg/pg.hpp"
#include "models/pg/pg_stream.hpp"
#include "models/reading/tenant_reader.hpp"
#include "tests/db/models_test.hpp"
#include "tests/support/servers/proxy.hpp"
#include "tests/support/statements/statement_rules.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <functional>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <stop_token>
#include <thread>

namespace tracking::models {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Property;
using ::testing::Throws;
using ::testing::ThrowsMessage;

using std::chrono::milliseconds;

class DatabaseTest : public ModelsTest
{
protected:
    std::string value(Transaction& tx, std::string const& sql)
    {
        return std::string{pg::text(pg::exec(tx, sql)[0][0])};
    }

    void end_session_of(Transaction& tx)
    {
        database.execute("SELECT pg_terminate_backend(" + value(tx, "SELECT pg_backend_pid()") +
                         ", 5000)");
    }

    std::string uri(std::string const& credentials)
    {
        std::istringstream parts{database.dsn()};  // host=... port=... user=... dbname=...
        std::string host, port, part, name;
        parts >> host >> port >> part >> name;
        return "postgresql://" + credentials + "@/" + name.substr(name.find('=') + 1) + "?" + host +
               "&" + port;
    }
};
TEST_BOTH_GENERATIONS(DatabaseTest);

/// Ends waits that are over, as job/process/interruption does.
class Watched
{
public:
    Login login_to(std::string const& dsn)
    {
        auto watched = login(dsn);
        watched.cancellation = &cancellation;
        return watched;
    }

    Cancellation cancellation;

private:
    std::jthread const watch_{[this](std::stop_token const& stop) {
        for (; !stop.stop_requested(); std::this_thread::sleep_for(milliseconds{20}))
            cancellation.end_what_is_over(Cancellation::Clock::now());
    }};
};

auto connecting(std::string const& dsn)
{
    return [dsn] { Database{login(dsn)}; };
}

auto fails_with(std::string const& sqlstate)
{
    return Throws<StatementFailed>(Property(&StatementFailed::sqlstate, sqlstate));
}

TEST_P(DatabaseTest, AnUnreachableServerIsNamedWithoutThePassword)
{
    EXPECT_THAT(connecting("postgresql://ada:s3cret@127.0.0.1:1/platform"),
                ThrowsMessage<ConnectionLost>(
                    AllOf(HasSubstr("127.0.0.1"), HasSubstr("port 1 "), Not(HasSubstr("s3cret")))));
}

TEST_P(DatabaseTest, AHostThatIsNoneIsNamed)
{
    EXPECT_THAT(connecting("host=database.invalid port=5432 connect_timeout=2"),
                ThrowsMessage<ConnectionLost>(HasSubstr("database.invalid")));
}

TEST_P(DatabaseTest, ADatabaseThatIsNotThereIsAWrongConfigurationAndARoleARefusedLogin)
{
    EXPECT_THAT(
        connecting(database.dsn() + "_not"),
        ThrowsMessage<ConnectionMisconfigured>(AllOf(HasSubstr("\"" + database.name() + "_not\""),
                                                     HasSubstr("check the database's name"))));
    EXPECT_THAT(connecting(database.dsn_as("nobody_at_all")),
                ThrowsMessage<LoginRefused>(HasSubstr("nobody_at_all")));
}

TEST_P(DatabaseTest, ADatabaseThatIsClosedIsAWrongConfiguration)
{
    testing::TestDatabase closed{GetParam()};
    database.execute("ALTER DATABASE " + closed.name() + " ALLOW_CONNECTIONS false");

    EXPECT_THAT(connecting(closed.dsn()),
                ThrowsMessage<ConnectionMisconfigured>(HasSubstr(closed.name())));
}

TEST_P(DatabaseTest, AServerWithoutRoomForTheSessionIsOneToTryAgain)
{
    auto const role = "one_of_many_" + database.name();
    database.execute("CREATE ROLE " + role + " LOGIN CONNECTION LIMIT 0");

    EXPECT_THAT(connecting(database.dsn_as(role)),
                ThrowsMessage<ConnectionLost>(HasSubstr("too many connections")));
    database.execute("DROP ROLE " + role);
}

TEST_P(DatabaseTest, ASessionThatIsEndedSaysWhy)
{
    Database opened{login(database.dsn())};
    auto tx = opened.begin(Access::ReadOnly);
    EXPECT_THAT([&] { value(tx, "SELECT pg_terminate_backend(pg_backend_pid())"); },
                ThrowsMessage<ConnectionLost>(HasSubstr("terminating connection")));
}

TEST_P(DatabaseTest, AConnectionStringThatIsNoneIsRefusedWithoutRepeatingIt)
{
    EXPECT_THAT(connecting("postgresql://ada:s3cret@[::1/platform"),
                ThrowsMessage<ConnectionMisconfigured>(
                    AllOf(HasSubstr("connection string"), Not(HasSubstr("s3cret")))));
    EXPECT_THAT(connecting("password=s3cret hots=db"),
                ThrowsMessage<ConnectionMisconfigured>(Not(HasSubstr("s3cret"))));
}

TEST_P(DatabaseTest, TakesAUriAndAPasswordBesideIt)
{
    auto by_uri = login(uri("postgres"));
    by_uri.password = "it's \\ secret";
    Database opened{by_uri};
    auto tx = opened.begin(Access::ReadOnly);

    EXPECT_EQ(value(tx, "SELECT current_database()"), database.name());
    EXPECT_EQ(value(tx, "SHOW application_name"), "customer-reconcile");
    EXPECT_THAT(opened.description(), Not(HasSubstr("secret")));
}

TEST_P(DatabaseTest, DescribesWhereItIsWithoutThePassword)
{
    Database opened{login(uri("postgres:s3cret"))};

    EXPECT_THAT(opened.description(),
                AllOf(HasSubstr("/" + database.name() + " as postgres"), Not(HasSubstr("s3cret"))));
}

TEST_P(DatabaseTest, AStatementThatTakesTooLongIsCancelled)
{
    auto tx = session.begin(Access::ReadOnly, {.statement = milliseconds{50}});

    EXPECT_THAT([&] { pg::exec(tx, "SELECT pg_sleep(10)"); }, fails_with("57014"));
}

TEST_P(DatabaseTest, TimeoutsEndWithTheirTransaction)
{
    session.begin(Access::ReadOnly, {.statement = milliseconds{50}}).commit();
    auto tx = session.begin(Access::ReadWrite, {.statement = milliseconds{0}});

    EXPECT_EQ(value(tx, "SHOW statement_timeout"), "0");
    EXPECT_EQ(value(tx, "SHOW lock_timeout"), "2s");
}

TEST_P(DatabaseTest, ArraysArriveAsTheyAre)
{
    using Texts = std::vector<std::optional<std::string>>;
    Texts const texts{"", "a\"b\\c{},", std::nullopt, "NULL", "Zürich 😀\n"};
    auto const ids = std::vector{tenant(1), tenant(2)};
    auto const as_json = [](auto const& text) { return pg::Json{*text}; };
    auto const as_jsonb = [](auto const& text) { return pg::Jsonb{*text}; };
    auto const objects = Texts{R"({"b":  1})", "null"};
    auto tx = session.begin(Access::ReadOnly);
    auto const rows =
        pg::exec(tx,
                 "SELECT $1::text[] IS NOT DISTINCT FROM"
                 " ARRAY[$2::text, E'a\"b\\\\c{},', NULL, 'NULL', E'Zürich 😀\\n'],"
                 " $3::uuid[]::text, $4::json[]::text, $5::jsonb[]::text,"
                 " cardinality($6::uuid[])",
                 {pg::array_of(texts), "", pg::array_of(ids), pg::array_of(objects, as_json),
                  pg::array_of(objects, as_jsonb), pg::array_of(std::vector<TenantId>{})});
    EXPECT_TRUE(pg::is_true(rows[0][0]));
    EXPECT_EQ(pg::text(rows[0][1]), "{" + ids[0].str() + "," + ids[1].str() + "}");
    EXPECT_EQ(pg::text(rows[0][2]), R"({"{\"b\":  1}","null"})");
    EXPECT_EQ(pg::text(rows[0][3]), R"({"{\"b\": 1}","null"})");
    EXPECT_EQ(pg::text(rows[0][4]), "0");
}

TEST_P(DatabaseTest, AReadOnlyTransactionRefusesWrites)
{
    auto tx = session.begin(Access::ReadOnly);
    std::vector<NewCompany> const batch{{company(1), checked_company({.name = "Acme"})}};

    EXPECT_THAT([&] { CompanyModel(profile, owner).create(tx, batch); }, fails_with("25006"));
}

TEST_P(DatabaseTest, AReadOnlyTransactionSeesOneSnapshot)
{
    auto tx = session.begin(Access::ReadOnly);
    EXPECT_EQ(value(tx, "SELECT count(*) FROM public.tenants"), "1");
    world.tenant({.n = 1, .name = "Acme"});

    EXPECT_EQ(value(tx, "SELECT count(*) FROM public.tenants"), "1");
}

TEST_P(DatabaseTest, WithoutCommitNothingIsLeft)
{
    {
        auto tx = session.begin(Access::ReadWrite);
        pg::exec(tx, "UPDATE public.tenants SET email = 'changed'");
    }
    EXPECT_NE(database.value("SELECT email FROM tenants"), "changed");
}

TEST_P(DatabaseTest, ATransactionIsGoneWithTheStatementThatFailed)
{
    auto tx = session.begin(Access::ReadWrite);
    pg::exec(tx, "UPDATE public.tenants SET email = 'changed'");
    EXPECT_THAT([&] { pg::exec(tx, "SELECT 1 / 0"); }, fails_with("22012"));

    EXPECT_ANY_THROW(tx.commit());
    EXPECT_NE(database.value("SELECT email FROM tenants"), "changed");
}

// The server answers such a COMMIT with a rollback and no error.
TEST_P(DatabaseTest, NothingIsCommittedAfterAnyKindOfStatementThatFailed)
{
    for (auto const fail : {+[](Transaction& tx) { pg::exec(tx, "SELECT 1 / 0"); },
                            +[](Transaction& tx) { pg::exec(tx, "SELECT 1 / $1::int", {0}); }}) {
        auto tx = session.begin(Access::ReadWrite);
        EXPECT_THAT([&] { fail(tx); }, fails_with("22012"));
        EXPECT_THAT([&] { tx.commit(); }, Throws<CommitFailed>());
    }
}

TEST_P(DatabaseTest, AFailureThatWasRolledBackToASavepointDoesNotStopTheCommit)
{
    auto tx = session.begin(Access::ReadWrite);
    pg::exec(tx, "UPDATE public.tenants SET email = 'changed'");
    pg::exec(tx, "SAVEPOINT here");
    EXPECT_ANY_THROW(pg::exec(tx, "SELECT 1 / 0"));
    pg::exec(tx, "ROLLBACK TO SAVEPOINT here");

    tx.commit();
    EXPECT_EQ(database.value("SELECT DISTINCT email FROM tenants"), "changed");
}

TEST_P(DatabaseTest, StatementsThatNobodyWaitsForShareARoundTripWithTheNextAndWithTheCommit)
{
    testing::Proxy proxy{database.dsn()};
    Database far{login(proxy.dsn())};
    auto const before = proxy.round_trips();
    auto tx = far.begin(Access::ReadWrite);
    EXPECT_EQ(proxy.round_trips() - before, 1);

    auto const set = [&](std::string const& email) {
        return pg::ask(tx, "UPDATE public.tenants SET email = $1::text RETURNING email", {email});
    };
    auto const first = set("first");
    auto const second = set("second");
    EXPECT_EQ(pg::text(second.rows()[0][0]), "second");
    EXPECT_EQ(pg::text(first.rows()[0][0]), "first");
    EXPECT_EQ(proxy.round_trips() - before, 2);

    set("third");
    set("last");
    tx.commit();
    EXPECT_EQ(proxy.round_trips() - before, 3);
    EXPECT_EQ(database.value("SELECT DISTINCT email FROM tenants"), "last");
}

TEST_P(DatabaseTest, AFailureIsThatOfItsStatementAndOfThoseBehindIt)
{
    auto tx = session.begin(Access::ReadWrite);
    auto const good = pg::ask(tx, "SELECT 1", {});
    auto const bad = pg::ask(tx, "SELECT 1 / $1::int", {0});
    auto const behind = pg::ask(tx, "SELECT 2", {});

    EXPECT_EQ(pg::text(good.rows()[0][0]), "1");
    EXPECT_THAT([&] { bad.rows(); }, fails_with("22012"));
    EXPECT_THAT([&] { behind.rows(); }, fails_with("22012"));
}

// The server would say only that the transaction is aborted.
TEST_P(DatabaseTest, AFailureThatNobodyHasHeardOfIsThrownByTheNextStatement)
{
    for (auto const next : {+[](Transaction& tx) { pg::exec(tx, "SELECT 1"); },
                            +[](Transaction& tx) { pg::exec(tx, "SELECT $1::int", {1}); },
                            +[](Transaction& tx) { tx.commit(); }}) {
        auto tx = session.begin(Access::ReadWrite);
        pg::ask(tx, "SELECT 1 / $1::int", {0});
        EXPECT_THAT([&] { next(tx); }, fails_with("22012"));
        EXPECT_THAT([&] { pg::exec(tx, "SELECT 1"); }, fails_with("25P02"));
    }
}

TEST_P(DatabaseTest, ACommitBehindAStatementThatFailsIsNoFailedCommit)
{
    auto tx = session.begin(Access::ReadWrite);
    pg::exec(tx, "UPDATE public.tenants SET email = 'changed'");
    pg::ask(tx, "SELECT 1 / $1::int", {0});
    bool is_of_commit = false;
    try {
        tx.commit();
    } catch (CommitFailed const&) {
        is_of_commit = true;
    } catch (StatementFailed const& error) {
        EXPECT_EQ(error.sqlstate(), "22012");
    }
    EXPECT_FALSE(is_of_commit);
    EXPECT_NE(database.value("SELECT email FROM tenants"), "changed");
}

TEST_P(DatabaseTest, WhatIsAskedInATransactionThatDoesNotCommitIsNeverDone)
{
    {
        auto tx = session.begin(Access::ReadWrite);
        pg::ask(tx, "UPDATE public.tenants SET email = $1::text", {"changed"});
    }
    session.begin(Access::ReadWrite).commit();
    EXPECT_NE(database.value("SELECT email FROM tenants"), "changed");
}

TEST_P(DatabaseTest, ATransactionThatWasCommittedDoesNotRollTheNextOneBack)
{
    auto first = std::make_unique<Transaction>(session.begin(Access::ReadWrite));
    first->commit();
    auto second = session.begin(Access::ReadWrite);
    pg::exec(second, "UPDATE public.tenants SET email = 'changed'");
    first.reset();
    second.commit();

    EXPECT_EQ(database.value("SELECT DISTINCT email FROM tenants"), "changed");
}

TEST_P(DatabaseTest, ManyLargeStatementsAndAnswersShareARoundTrip)
{
    auto tx = session.begin(Access::ReadOnly);
    std::string const text(1 << 20, 'x');
    std::vector<pg::Answer> answers;
    answers.reserve(16);
    for (int n = 0; n < 16; ++n)
        answers.push_back(pg::ask(tx, "SELECT $1::text", {text}));
    for (auto const& answer : answers)
        EXPECT_EQ(pg::text(answer.rows()[0][0]).size(), text.size());
}

TEST_P(DatabaseTest, AReasonForALostSessionIsNotForgottenBehindAGoodAnswer)
{
    auto tx = session.begin(Access::ReadWrite);
    auto const good = pg::ask(tx, "SELECT 1", {});
    auto const last = pg::ask(tx, "SELECT pg_terminate_backend(pg_backend_pid())", {});

    EXPECT_EQ(pg::text(good.rows()[0][0]), "1");
    EXPECT_THAT([&] { last.rows(); }, ThrowsMessage<ConnectionLost>(HasSubstr("terminating")));
}

TEST_P(DatabaseTest, SilenceBehindAGoodAnswerIsSilence)
{
    auto const loss_of = [](pg::Answer const& answer) {
        try {
            answer.rows();
        } catch (ConnectionLost const& error) {
            return error.loss();
        }
        return Loss::Told;
    };
    Watched watched;
    Database far{watched.login_to(database.dsn())};
    auto tx = far.begin(Access::ReadWrite, {.statement = milliseconds{100}});
    pg::exec(tx, "SET LOCAL statement_timeout = 0");  // the server knows of no limit
    auto const good = pg::ask(tx, "SELECT 1", {});
    auto const silent = pg::ask(tx, "SELECT pg_sleep(10)", {});

    EXPECT_EQ(pg::text(good.rows()[0][0]), "1");
    EXPECT_EQ(loss_of(silent), Loss::Silent);
}

// The server reads the last only after it has done the first, each within its limit.
TEST_P(DatabaseTest, StatementsThatFillTheLineHaveTimeOneByOne)
{
    auto tx = session.begin(Access::ReadOnly, {.statement = milliseconds{500}});
    std::string const text(400'000, 'x');
    std::vector<pg::Answer> answers;
    answers.reserve(12);
    for (int n = 0; n < 12; ++n)
        answers.push_back(pg::ask(tx, "SELECT length($1::text), pg_sleep(0.3)", {text}));
    for (auto const& answer : answers)
        EXPECT_EQ(pg::text(answer.rows()[0][0]), "400000");
}

TEST_P(DatabaseTest, ASessionHasOneTransactionAtATime)
{
    auto first = session.begin(Access::ReadWrite);
    EXPECT_THROW(session.begin(Access::ReadWrite), std::logic_error);
    EXPECT_NO_THROW(first.commit());
}

TEST_P(DatabaseTest, AStreamComesAfterWhatWasAskedForAndLetsNothingPast)
{
    auto tx = session.begin(Access::ReadWrite);
    pg::ask(tx, "UPDATE public.tenants SET email = $1::text", {"changed"});
    auto const rows = pg::stream(
        tx, "c", "SELECT email FROM public.tenants, generate_series(1, 1000)", {}, Fetching::InOne);
    ASSERT_NE(rows->next(), nullptr);
    EXPECT_THROW(pg::exec(tx, "SELECT 1"), std::logic_error);
    while (auto const* row = rows->next())
        EXPECT_EQ(pg::text((*row)[0]), "changed");
    EXPECT_NO_THROW(pg::exec(tx, "SELECT 1"));
}

TEST_P(DatabaseTest, WhatWaitsIsDroppedByWhomeverGoesBackToASavepoint)
{
    auto tx = session.begin(Access::ReadWrite);
    pg::exec(tx, "SAVEPOINT here");
    pg::ask(tx, "UPDATE public.tenants SET email = $1::text", {"changed"});
    pg::drop_what_waits(tx);
    pg::exec(tx, "ROLLBACK TO SAVEPOINT here");
    tx.commit();
    EXPECT_NE(database.value("SELECT email FROM tenants"), "changed");
}

TEST_P(DatabaseTest, ACommitThatIsCancelledWithAStatementBeforeItIsInterrupted)
{
    Watched watched;
    Database far{watched.login_to(database.dsn())};
    auto tx = far.begin(Access::ReadWrite);
    pg::ask(tx, "SELECT pg_sleep($1::float8)", {10});
    std::jthread const asking{[&] {
        std::this_thread::sleep_for(milliseconds{100});
        watched.cancellation.request("enough");
    }};

    EXPECT_THAT([&] { tx.commit(); }, ThrowsMessage<Interrupted>(HasSubstr("enough")));
}

// The pooler adds an error of its own to that of the server that is gone.
TEST_P(DatabaseTest, ASessionThatAPoolerLosesInTheMiddleIsLostAndRenewed)
{
    Database pooled{login(database.dsn_through_pooler())};
    {
        auto tx = pooled.begin(Access::ReadWrite);
        auto const ended = pg::ask(tx, "SELECT pg_terminate_backend(pg_backend_pid())", {});
        auto const behind = pg::ask(tx, "SELECT $1::int", {1});
        EXPECT_THROW(ended.rows(), ConnectionLost);
        EXPECT_THROW(behind.rows(), ConnectionLost);
        EXPECT_THAT([&] { pg::exec(tx, "SELECT 1"); },
                    ThrowsMessage<ConnectionLost>(Not(HasSubstr("pipeline"))));
    }
    pooled.reconnect();
    auto tx = pooled.begin(Access::ReadWrite);
    EXPECT_EQ(value(tx, "SELECT 1"), "1");
}

TEST_P(DatabaseTest, StatementsShareARoundTripThroughAPooler)
{
    Database pooled{login(database.dsn_through_pooler())};
    auto tx = pooled.begin(Access::ReadWrite);
    auto const one = pg::ask(tx, "SELECT $1::int", {1});
    auto const two = pg::ask(tx, "SELECT $1::int + 1", {1});
    pg::ask(tx, "UPDATE public.tenants SET email = $1::text", {"changed"});

    EXPECT_EQ(pg::text(two.rows()[0][0]), "2");
    EXPECT_EQ(pg::text(one.rows()[0][0]), "1");
    tx.commit();
    EXPECT_EQ(database.value("SELECT DISTINCT email FROM tenants"), "changed");
}

TEST_P(DatabaseTest, ADeferredConstraintFailsAStatementAndLeavesNoDoubt)
{
    database.execute(
        "CREATE TABLE parent (id int PRIMARY KEY);"
        "CREATE TABLE child (id int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)");
    auto tx = session.begin(Access::ReadWrite);
    pg::exec(tx, "INSERT INTO public.child VALUES (1)");

    EXPECT_THAT([&] { tx.commit(); }, fails_with("23503"));
}

TEST_P(DatabaseTest, ALostSessionStaysLostAndANewOneWorks)
{
    {
        auto tx = session.begin(Access::ReadWrite);
        end_session_of(tx);

        EXPECT_THROW(value(tx, "SELECT 1"), ConnectionLost);
        EXPECT_THROW(value(tx, "SELECT 1"), ConnectionLost);
        EXPECT_THROW(session.begin(Access::ReadWrite), ConnectionLost);
        EXPECT_THROW(session.begin(Access::ReadOnly), ConnectionLost);
    }
    session = Database{login(database.dsn())};
    EXPECT_NO_THROW(session.begin(Access::ReadWrite).commit());
}

TEST_P(DatabaseTest, ASessionThatWasLostBetweenTransactionsIsNotRenewedSilently)
{
    {
        auto tx = session.begin(Access::ReadOnly);
        end_session_of(tx);
    }
    EXPECT_THROW(session.begin(Access::ReadWrite), ConnectionLost);
    EXPECT_THROW(session.begin(Access::ReadWrite), ConnectionLost);
}

TEST_P(DatabaseTest, ASessionThatTheServerEndsForIdlenessIsLost)
{
    auto tx = session.begin(Access::ReadWrite);
    auto const pid = value(tx, "SELECT pg_backend_pid()");
    pg::exec(tx, "SET LOCAL idle_in_transaction_session_timeout = 200");
    while (database.value("SELECT count(*) FROM pg_stat_activity WHERE pid = " + pid) != "0")
        database.execute("SELECT pg_sleep(0.01)");

    EXPECT_THROW(value(tx, "SELECT 1"), ConnectionLost);
}

TEST_P(DatabaseTest, ACommitWithoutAnswerIsInDoubt)
{
    auto tx = session.begin(Access::ReadWrite);
    end_session_of(tx);

    EXPECT_THROW(tx.commit(), CommitInDoubt);
}

// libpqxx 6 has an exception of its own for some codes. A few of these forget the code.
TEST_P(DatabaseTest, EveryFailureHasItsSqlstate)
{
    for (std::string const code :
         {"0A000", "22000", "22012", "22P02", "23000", "23001", "23502", "23503", "23505",
          "23514", "24000", "25006", "26000", "34000", "40001", "40P01", "42501", "42601",
          "42703", "42704", "42883", "42P01", "42P05", "53100", "53200", "54000", "55P03",
          "57014", "P0000", "P0001", "P0002", "P0003", "XX000"}) {
        auto tx = session.begin(Access::ReadWrite);
        auto const failing = "DO $$ BEGIN RAISE 'because' USING ERRCODE = '" + code + "'; END $$";
        EXPECT_THAT([&] { pg::exec(tx, failing); }, fails_with(code)) << code;
    }
}

TEST_P(DatabaseTest, AMissingGrantIsPermissionDenied)
{
    auto const role = "nobody_of_" + database.name();
    database.execute("CREATE ROLE " + role + " LOGIN");
    {
        Database as_nobody{login(database.dsn_as(role))};
        auto tx = as_nobody.begin(Access::ReadOnly);
        Tenant first;
        EXPECT_THAT(
            [&] { read_tenants(tx, profile, owner)->next(first); },
            Throws<StatementFailed>(AllOf(Property(&StatementFailed::is_permission_denied, true),
                                          Property(&StatementFailed::what, HasSubstr("tenants")))));
    }
    database.execute("DROP ROLE " + role);
}

TEST_P(DatabaseTest, KeepsNoSessionStateInThePooler)
{
    Database pooled{login(database.dsn_through_pooler())};
    pooled.begin(Access::ReadWrite, {.statement = milliseconds{50}}).commit();
    auto tx = pooled.begin(Access::ReadWrite, {.statement = milliseconds{0}});

    EXPECT_EQ(value(tx, "SHOW statement_timeout"), "0");
    EXPECT_EQ(value(tx, "SELECT count(*) FROM pg_prepared_statements"), "0");
}

/// What Citus would send to its workers: each text with a SET LOCAL, where the setting wants that.
class WorkersTest : public DatabaseTest
{
protected:
    static constexpr Timeouts kTimeouts{
        .statement = milliseconds{1'234}, .lock = milliseconds{567}, .idle = milliseconds{89'000}};

    /// As if Citus was loaded, which then knows this setting.
    void load_citus()
    {
        database.execute("ALTER DATABASE " + database.name() +
                         " SET citus.propagate_set_commands = 'none'");
    }

    std::vector<std::string> sent_to_workers(std::function<void(Database&)> const& work)
    {
        setenv("PGOPTIONS", testing::StatementLog::kShowStatements, 1);
        Database shown{login(database.dsn())};
        unsetenv("PGOPTIONS");
        testing::StatementLog const log{database.name()};
        work(shown);
        std::vector<std::string> sent;
        for (auto const& statement : log.read()) {
            if (statement.trees.empty() && statement.text.find("SET LOCAL") != std::string::npos &&
                (!sent.empty() ||
                 statement.text.find("citus.propagate_set_commands = ") != std::string::npos))
                sent.push_back(statement.text);
        }
        return sent;
    }

    static constexpr char const* kLimits =
        "SET LOCAL citus.propagate_set_commands = 'local'; SET LOCAL statement_timeout = 1234; "
        "SET LOCAL lock_timeout = 567";
};
TEST_BOTH_GENERATIONS(WorkersTest);

// `lock_timeout` stayed on the coordinator: a wait for a lock on a worker never ended.
TEST_P(WorkersTest, GetTheLimitsOfStatementsAndLocksAndNothingElse)
{
    load_citus();
    EXPECT_THAT(sent_to_workers([](auto& shown) { shown.begin(Access::ReadWrite, kTimeouts); }),
                ElementsAre(kLimits));
    EXPECT_THAT(sent_to_workers(
                    [&](auto& shown) { shown.begin_among_triggers(profile.schema(), kTimeouts); }),
                ElementsAre(kLimits));
}

TEST_P(WorkersTest, GetNoSnapshotOfTheCoordinator)
{
    load_citus();
    EXPECT_THAT(sent_to_workers([&](auto& shown) {
                    auto first = shown.begin(Access::ReadOnly, kTimeouts);
                    Database second{login(database.dsn())};
                    second.begin_beside(first, kTimeouts);
                }),
                Each(kLimits));
}

TEST_P(WorkersTest, AreNotAskedForWhereThereAreNone)
{
    EXPECT_THAT(sent_to_workers([](auto& shown) { shown.begin(Access::ReadWrite, kTimeouts); }),
                IsEmpty());
}

TEST_P(WorkersTest, GetTheLimitsThroughAPoolerToo)
{
    load_citus();
    Database pooled{login(database.dsn_through_pooler())};
    {
        auto tx = pooled.begin(Access::ReadWrite, kTimeouts);
        EXPECT_EQ(value(tx, "SHOW citus.propagate_set_commands"), "local");
        EXPECT_EQ(value(tx, "SHOW lock_timeout"), "567ms");
    }
    EXPECT_EQ(database.value("SELECT count(*) FROM pg_stat_activity WHERE datname ="
                             " current_database() AND state LIKE 'idle in%'"),
              "0");
}

}  // namespace
}  // namespace tracking::models
