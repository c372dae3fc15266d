// Nights in every state that the platform's schema has had. The job uses what came later than its
// generation where it is there, and misses it nowhere.

#include "tests/cli/job_test.hpp"

namespace tracking::testing {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using Environment = std::map<std::string, std::string>;

Environment cleaning(std::string const& mode)
{
    return {{"CUSTOMER_RECONCILE_CLEANUP_MODE", mode},
            {"CUSTOMER_RECONCILE_GRACE_TIME", "0"},
            {"CUSTOMER_RECONCILE_GRACE_RUNS", "1"}};
}

class StatesTest : public JobTest
{
protected:
    /// Tenants without customer, one that the old workflow served, and one whose tag is missing.
    StatesTest()
    {
        world.tenant({.n = 1, .name = "Missing", .admin_email = "a1@t.example"});
        TenantSeed const legacy{.n = 2, .name = "Legacy", .admin_email = "a2@t.example"};
        world.tenant(legacy);
        world.old_workflow(legacy);
        for (int n = 4; n <= 6; ++n)
            world.tenant({.n = n,
                          .name = "New " + std::to_string(n),
                          .admin_email = "a" + std::to_string(n) + "@t.example"});
        world.tenant({.n = 3, .name = "Untagged", .admin_email = "a3@t.example"});
        world.company({.n = 3,
                       .name = "Untagged",
                       .link = tenant_id(3),
                       .tagged = false,
                       .contact_email = "a3@t.example"});
        init();
        database.execute("GRANT " + roles().remover() + ", " + roles().undoer() + " TO " +
                         roles().writer() + "; GRANT " + roles().remover() + " TO " +
                         roles().reader());
    }

    void expect_applied(Environment const& environment = {})
    {
        auto const ended = apply(environment);
        EXPECT_EQ(ended.exit_code, 0) << ended.err << ended.out;
    }

    std::string latest_run()
    {
        return database.value(
            "SELECT run_id FROM customer_reconcile.run ORDER BY started_at DESC LIMIT 1");
    }

    void expect_undone()
    {
        auto const ended = job({"undo", latest_run(), "--yes"}, cleaning("deactivate"));
        EXPECT_EQ(ended.exit_code, 0) << ended.err << ended.out;
    }

    /// All rows of the management tenant, but for times.
    std::string owned()
    {
        std::string all;
        for (auto const& row :
             database.rows("SELECT table_name FROM information_schema.columns"
                           " WHERE table_schema = 'public' AND column_name = 'tenant'"
                           " ORDER BY table_name"))
            all += row.front() + ": " +
                   database.value(
                       "SELECT coalesce(string_agg(one, E'\\n' ORDER BY one), '') FROM"
                       " (SELECT (to_jsonb(t) - 'created_at' - 'updated_at')::text AS"
                       " one FROM " +
                       row.front() + " t WHERE tenant = '" + tenant_id(0) + "') AS rows") +
                   "\n";
        return all;
    }

    /// As if their last rows had been deleted. Rows that refer to them do not matter here.
    void delete_tenant(int n)
    {
        auto const tenant = " WHERE tenant = '" + tenant_id(n) + "';";
        database.execute("SET session_replication_role = replica; DELETE FROM user_roles" + tenant +
                         "DELETE FROM roles" + tenant + "DELETE FROM users" + tenant +
                         "DELETE FROM tenants" + tenant + "RESET session_replication_role");
    }

    std::string made_company_of(int n)
    {
        return database.value(
            "SELECT coalesce(string_agg(is_inactive::text, ','), 'gone') FROM {companies}"
            " WHERE tenant = '" +
            tenant_id(0) + "' AND properties ->> 'tenant_id' = '" + tenant_id(n) + "'");
    }
};
TEST_ALL_SCHEMA_STATES(StatesTest);

TEST_P(StatesTest, TheFirstNightMakesEverythingWholeAndUndoTakesItBack)
{
    auto const before = owned();
    expect_applied();
    EXPECT_EQ(job({"plan", "--detailed-exitcode"}).exit_code, 0);
    expect_undone();
    EXPECT_EQ(owned(), before);
}

TEST_P(StatesTest, CleanUpsOfEveryModeAreAppliedAndTakenBack)
{
    expect_applied();
    delete_tenant(1);
    auto const before = owned();
    EXPECT_EQ(job({"plan"}, cleaning("report")).exit_code, 0);
    for (std::string const mode : {"untag", "deactivate", "delete"}) {
        expect_applied(cleaning(mode));
        EXPECT_EQ(made_company_of(1), mode == "delete"  ? "gone"
                                      : mode == "untag" ? "false"
                                                        : "true");
        expect_undone();
        EXPECT_EQ(owned(), before) << mode;
    }
}

TEST_P(StatesTest, AMigratedPlatformIsToldWhereTheMassOfUntaggedComesFrom)
{
    if (GetParam() == Generation::Companies)
        return;
    expect_applied();
    database.execute(
        "UPDATE tag_definitions SET tagged_type = 'company';"
        "UPDATE tag_mappings SET tagged_type = 'company'");
    auto const* const said = "6 companies carry a customer tag with tagged_type \"company\"";
    auto const planned = job({"plan", "--format=json"});
    EXPECT_EQ(found(parsed(planned), "untagged"), 6);
    EXPECT_THAT(std::string{parsed(planned).at_pointer("/remarks/0").as_string()}, HasSubstr(said));
    EXPECT_THAT(job({"doctor"}).out, HasSubstr(said));

    expect_applied();
    for (auto const* const command : {"plan", "doctor"})
        EXPECT_THAT(job({command}).out, Not(HasSubstr("with tagged_type")));
}

TEST_P(StatesTest, AnAdoptedProspectStaysOneAndTheItemSaysSo)
{
    if (!database.has_column("clients", "lifecycle_status"))
        return;
    auto const of_legacy = " WHERE client_id = '" + company_id(2) + "'";
    database.execute("UPDATE clients SET lifecycle_status = 'prospect'" + of_legacy);
    EXPECT_THAT(job({"plan", "--format=json"}).out, HasSubstr("it stays a prospect"));
    expect_applied();
    EXPECT_EQ(database.value("SELECT lifecycle_status FROM clients" + of_legacy), "prospect");
}

TEST_P(StatesTest, DoctorCountsContactsOfTheJobThatHaveNoTypeOfEmail)
{
    if (!database.has_column("contacts", "primary_email_canonical_type"))
        return;
    expect_applied();
    EXPECT_THAT(job({"doctor"}).out, Not(HasSubstr("type of e-mail address")));
    database.execute("UPDATE contacts SET primary_email_canonical_type = NULL");
    EXPECT_THAT(job({"doctor"}).out, HasSubstr("4 that this job made have no type of e-mail"));
}

// The next apply completes what an earlier version left, and changes nothing else.
TEST_P(StatesTest, ContactsOfTheJobGetTheTypeOfEmailThatTheyLack)
{
    expect_applied();
    if (!database.has_column("contacts", "primary_email_canonical_type")) {
        EXPECT_EQ(parsed(job({"plan", "--format=json"})).at("untyped_contacts"), 0);
        return;
    }
    auto const type_of = [&](std::string const& which) {
        return database.value(
            "SELECT string_agg(DISTINCT coalesce(primary_email_canonical_type, 'none'), ',')"
            " FROM contacts WHERE tenant = '" +
            tenant_id(0) + "' AND " + which);
    };
    std::string const made = "role = 'Admin' AND notes = 'Primary admin for PSA tenant'";
    world.company({.n = 90, .name = "Somebody", .contact_email = "s@else.example"});
    database.execute(
        "UPDATE contacts SET primary_email_canonical_type = NULL;"
        "UPDATE contacts SET role = 'Admin', notes = 'Primary admin for PSA tenant'"
        " WHERE email = 's@else.example'");

    auto const planned = job({"plan"});
    EXPECT_THAT(planned.out, HasSubstr("4 contacts of this job without a type"));
    EXPECT_THAT(job({"apply", "--dry-run"}).out, HasSubstr("4 contacts of this job without"));
    EXPECT_EQ(type_of(made), "none");

    auto const applied = job({"apply", "--yes", "--batch-size=3"});
    EXPECT_EQ(applied.exit_code, 0) << applied.err;
    EXPECT_THAT(applied.out, HasSubstr("was given to 4"));
    EXPECT_EQ(count("contacts WHERE primary_email_canonical_type = 'work'"), "4");
    auto const others = "email IN ('s@else.example', 'a2@t.example', 'a3@t.example')";
    EXPECT_EQ(type_of(others), "none") << "the job has not made them";
    auto const run = database.value(
        "SELECT run_id FROM customer_reconcile.run ORDER BY started_at DESC LIMIT 1");
    EXPECT_THAT(job({"show", run}).out, HasSubstr("was given to 4"));
    EXPECT_THAT(job({"doctor"}).out, Not(HasSubstr("type of e-mail address")));
    EXPECT_THAT(job({"plan"}).out, Not(HasSubstr("without a type")));
}

TEST_P(StatesTest, AContactWhoseIdProvesNothingIsTheJobsByItsReceipt)
{
    if (!database.has_column("contacts", "primary_email_canonical_type"))
        return;
    expect_applied();
    database.execute(
        "UPDATE contacts SET primary_email_canonical_type = NULL,"
        " email = 'moved.' || email WHERE tenant = '" +
        tenant_id(0) + "'");
    EXPECT_THAT(job({"doctor"}).out, HasSubstr("4 that this job made have no type of e-mail"));
    EXPECT_THAT(job({"apply", "--yes"}).out, HasSubstr("was given to 4"));
}

TEST_P(StatesTest, AContactOfACompanyThatIsToBeLeftAloneKeepsWhatItHas)
{
    if (!database.has_column("contacts", "primary_email_canonical_type"))
        return;
    expect_applied();
    database.execute(
        "UPDATE contacts SET primary_email_canonical_type = NULL;"
        "UPDATE {companies} SET properties = properties || '{\"reconcile\":"
        " \"ignore\"}' WHERE tenant = '" +
        tenant_id(0) + "'");
    EXPECT_THAT(job({"apply", "--yes"}).out, Not(HasSubstr("was given to")));
}

TEST_P(StatesTest, DoctorAndRehearsalPass)
{
    for (auto const& command : {"doctor", "plan"}) {
        auto const ended =
            job(command == std::string{"plan"} ? std::vector<std::string>{"plan", "--rehearse"}
                                               : std::vector<std::string>{"doctor"});
        EXPECT_EQ(ended.exit_code, 0) << ended.err << ended.out;
    }
}

}  // namespace

}  // namespace tracking::testing
