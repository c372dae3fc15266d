// How the server executes the job's statements: in which sessions and transactions, by which plans.

#include "tests/cli/databases/statements_test.hpp"

#include <pqxx/pqxx>

namespace tracking::testing {

namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

class StatementPlansTest : public StatementsTest
{
protected:
    /// What EXPLAIN says of the cursors now, in a session that is set as the job sets its own.
    std::vector<std::string> plans_of_cursors(std::vector<SeenStatement> const& statements)
    {
        database.execute("SET enable_nestloop = off");
        std::vector<std::string> plans;
        for (auto const& statement : statements) {
            if (!statement.text.starts_with("DECLARE"))
                continue;
            plans.push_back(statement.text);
            for (auto const& line : database.rows("EXPLAIN " + with_parameters(statement)))
                plans.back() += "\n" + line.front();
        }
        return plans;
    }
};

TEST_P(StatementPlansTest, OfCommandsThatOnlyReadRunInReadOnlyTransactions)
{
    seed();
    init_with_all_rights();
    ASSERT_EQ(watched({"apply", "--yes"}).exit_code, 0);
    auto const run = latest_run();
    link("Missing", tenant_id(77));
    for (Words const& command : {Words{"plan"},
                                 {"plan", "--cleanup-mode=delete"},
                                 {"explain", "Well"},
                                 {"doctor"},
                                 {"history"},
                                 {"show", run},
                                 {"undo", run},
                                 {"undo", run, "--yes", "--dry-run"},
                                 {"link", "No admin", "Unlinked", "--reason=x", "--dry-run"},
                                 {"init", "--print"},
                                 {"apply", "--dry-run"}}) {
        StatementLog const log{database.name()};
        watched(command);
        auto const seen = log.read();
        std::size_t transactions = 0;
        for (auto const& statement : seen) {
            auto text = statement.text;
            std::ranges::transform(text, text.begin(), [](char c) { return std::toupper(c); });
            if (!text.starts_with("BEGIN") || !statement.trees.empty())
                continue;  // each comes a second time, with its tree
            ++transactions;
            EXPECT_THAT(text, HasSubstr("READ ONLY")) << command.front();
        }
        EXPECT_GE(transactions, 1U) << command.front();
    }
}

TEST_P(StatementPlansTest, ReadTheManagementTenantsCompaniesByOneStatement)
{
    seed();
    StatementLog const log{database.name()};
    ASSERT_EQ(watched({"plan"}).exit_code, 0);
    EXPECT_EQ(count(log.read(), "DECLARE customers_in_order"), 1);
}

TEST_P(StatementPlansTest, OfTwoSessionsThatReadAtOnceFindWhatOneFinds)
{
    seed();
    world.tenant({.n = 11, .name = "Holder's rival", .admin_email = "o@o.example"});
    world.tenant({.n = 12, .name = "ALIKE", .admin_email = "a12@t.example"});
    world.company({.n = 13, .name = "Alike", .tagged = false});
    auto const found = [&](std::string const& pace) {
        StatementLog const log{database.name()};
        auto const ended = watched({"plan", "--format=json"}, StatementLog::kShowStatements,
                                   {{"CUSTOMER_RECONCILE_READING_PACE", pace}});
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
        auto items = parsed(ended).at("items").as_array();
        for (auto& item : items)
            item.as_object().erase("tenant_age_seconds");  // the server's clock goes on
        return std::pair{items, count(log.read(), "SET TRANSACTION SNAPSHOT")};
    };
    auto const [by_one, none] = found("fast");
    // What the catalogue says of the number of tenants decides.
    database.execute("UPDATE pg_class SET reltuples = 6000 WHERE oid = 'tenants'::regclass");
    auto const [by_two, snapshots] = found("fast");
    EXPECT_EQ(found("gentle"), std::pair(by_one, none));
    EXPECT_EQ(none, 0);
    EXPECT_EQ(snapshots, 1);
    EXPECT_EQ(by_two, by_one);
    for (auto const* kind : {"email_taken", "ambiguous", "missing"})
        EXPECT_THAT(boost::json::serialize(by_two),
                    HasSubstr("\"kind\":\"" + std::string{kind} + "\""));
}

TEST_P(StatementPlansTest, ReadTheTrendOnlyWhereItIsShown)
{
    seed();
    init_with_all_rights();
    for (auto const& [command, times] : std::map<Words, int>{
             {{"plan"}, 1}, {{"apply", "--yes"}, 1}, {{"explain", "Well"}, 0}, {{"history"}, 0}}) {
        StatementLog const log{database.name()};
        watched(command);
        EXPECT_EQ(count(log.read(), "jsonb_each"), times) << command.front();
    }
}

TEST_P(StatementPlansTest, PassAPoolerThatChangesTheSessionWithEachTransaction)
{
    seed();
    init_with_all_rights();
    auto const pooled = database.dsn_through_pooler();
    pqxx::connection one{pooled};
    auto const session_of = [](pqxx::transaction_base& tx) {
        return tx.exec("SELECT pg_backend_pid()")[0][0].as<int>();
    };
    {
        // A second one at the same time: PgBouncer gives the two out in turn from now on.
        pqxx::work holding{one};
        session_of(holding);
        pqxx::connection other{pooled};
        pqxx::work beside{other};
        session_of(beside);
    }
    auto const next_session = [&] {
        pqxx::work tx{one};
        return session_of(tx);
    };
    ASSERT_NE(next_session(), next_session());
    auto const run = [&](Words const& command) {
        auto const ended = watched(command, "", {{"CUSTOMER_RECONCILE_SOURCE_DSN", pooled}});
        EXPECT_EQ(ended.exit_code, 0) << command.front() << ended.err << ended.out;
        return latest_run();
    };
    run({"link", "No admin", "Unlinked", "--reason=x", "--yes"});
    run({"plan", "--rehearse"});
    auto const applied = run({"apply", "--yes"});
    link("Missing", tenant_id(77));
    for (auto const* mode : {"--cleanup-mode=untag", "--cleanup-mode=delete"})
        run({"undo", run({"apply", "--yes", "--drift-missing=report", mode}), "--yes"});
    link("Missing", tenant_id(1));
    run({"undo", applied});
    run({"undo", run({"undo", applied, "--yes"}), "--yes"});
    run({"history"});
    run({"show", applied});
    run({"explain", "Orphan"});
    run({"init", "--yes", "--prune"});
}

TEST_P(StatementPlansTest, DoNotPassOverWhatBelongsToOtherTenants)
{
    seed();
    init_with_all_rights();
    fill_other_tenants();
    StatementLog const log{database.name()};
    auto const run = [&](Words const& command) {
        auto const ended = watched(command, StatementLog::kShowPlans);
        EXPECT_EQ(ended.exit_code, 0) << command.front() << ended.err << ended.out;
        return latest_run();
    };
    run({"link", "No admin", "Unlinked", "--reason=x", "--yes"});
    auto const applied = run({"apply", "--yes", "--guard-create-ratio=100%"});
    world.tenant({.n = 11, .name = "Late", .admin_email = "a11@t.example"});
    run({"apply", "--yes"});  // proven by reading a few
    link("Missing", tenant_id(77));
    auto const deleted = run({"apply", "--yes", "--drift-missing=report", "--cleanup-mode=delete"});
    run({"undo", deleted, "--yes"});
    link("Missing", tenant_id(1));
    run({"undo", applied, "--yes", "--guard-cleanup-ratio=100%"});
    run({"explain", "Orphan"});

    auto plans = log.plans();
    auto const of_cursors = plans_of_cursors(log.read());
    plans.insert(plans.end(), of_cursors.begin(), of_cursors.end());
    for (auto const* text : {"lower(c.properties", "AND properties ->>",
                             "INSERT INTO public.{companies}", "UPDATE public.{companies}",
                             "DELETE FROM public.{companies}", "INSERT INTO public.contacts",
                             "DELETE FROM public.contacts", "DELETE FROM public.tag_mappings"})
        EXPECT_THAT(plans, Contains(HasSubstr(database.in_generation(text))));
    for (auto const& plan : plans) {
        for (auto const* table : {"{companies}", "contacts", "tag_mappings"}) {
            auto const scan = "Seq Scan on " + database.in_generation(table);
            EXPECT_EQ(plan.find(scan), std::string::npos) << plan;
        }
        // What stands against a deletion is gathered once, not for each company.
        bool const deletes =
            plan.find(database.in_generation("DELETE FROM public.{companies}")) != plan.npos;
        EXPECT_FALSE(deletes && plan.find("Anti Join") != plan.npos) << plan;
    }
}

TEST_BOTH_GENERATIONS(StatementPlansTest);

}  // namespace

}  // namespace tracking::testing
