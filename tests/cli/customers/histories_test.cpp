// Thirty random nights: tenants come, go and return, people change, the old workflow and the
// platform's cancellation work beside the job. What must be true each morning is said here in SQL,
// from the design alone.

#include "tests/cli/job_test.hpp"

#include <functional>
#include <random>

namespace tracking::testing {

namespace {

using ::testing::IsEmpty;

constexpr int kNights = 30;
constexpr int kTenants = 12;

/// Each query gives the offenders. $M is the management tenant.
constexpr std::pair<char const*, char const*> kMornings[] = {
    {"tenants without exactly one customer that is linked, active and not canceled",
     "SELECT t.tenant FROM tenants t LEFT JOIN {companies} c ON c.tenant = $M"
     "   AND c.properties ->> 'tenant_id' = t.tenant::text AND NOT COALESCE(c.is_inactive, false)"
     "   AND NOT EXISTS (SELECT FROM tag_mappings m JOIN tag_definitions d USING (tenant, tag_id)"
     "                    WHERE m.tenant = $M AND m.tagged_id = c.{company}_id"
     "                      AND d.tag_text = 'Canceled')"
     " WHERE t.tenant <> $M GROUP BY t.tenant HAVING count(c.tenant) <> 1"},
    {"customers without their tag",
     "SELECT c.{company}_name FROM {companies} c JOIN tenants t"
     "    ON t.tenant::text = c.properties ->> 'tenant_id'"
     " WHERE c.tenant = $M"
     "   AND NOT EXISTS (SELECT FROM tag_mappings m JOIN tag_definitions d USING (tenant, tag_id)"
     "                    WHERE m.tenant = $M AND m.tagged_id = c.{company}_id"
     "                      AND d.tag_text = 'PSA Customer')"},
    {"customers with another name than the tenant's, plain or distinct",
     "SELECT c.{company}_name FROM {companies} c JOIN tenants t"
     "    ON t.tenant::text = c.properties ->> 'tenant_id'"
     " WHERE c.tenant = $M AND c.{company}_name NOT IN (t.{company}_name, t.{company}_name || ' ('"
     "       || left(t.tenant::text, 8) || ')')"},
    {"distinct names though the plain one is free",
     "SELECT c.{company}_name FROM {companies} c JOIN tenants t"
     "    ON t.tenant::text = c.properties ->> 'tenant_id'"
     " WHERE c.tenant = $M AND c.{company}_name <> t.{company}_name"
     "   AND NOT EXISTS (SELECT FROM {companies} o WHERE o.tenant = $M"
     "                      AND o.{company}_name = t.{company}_name)"},
    {"customers without their admin, though nobody else has the address",
     "SELECT u.email FROM {companies} c JOIN users u"
     "    ON u.tenant::text = c.properties ->> 'tenant_id' AND NOT u.is_inactive"
     " WHERE c.tenant = $M AND NOT EXISTS (SELECT FROM contacts p WHERE p.tenant = $M"
     "   AND p.email = u.email AND (p.{company}_id <> c.{company}_id OR NOT p.is_inactive))"},
    {"active contacts of the job's own whom no active user stands behind, though nobody else has "
     "the address of any",
     "SELECT p.email FROM contacts p JOIN {companies} c USING (tenant, {company}_id)"
     "  JOIN tenants t ON t.tenant::text = c.properties ->> 'tenant_id'"
     " WHERE p.tenant = $M AND substr(p.contact_name_id::text, 15, 1) = '5' AND NOT p.is_inactive"
     "   AND NOT EXISTS (SELECT FROM users u WHERE u.tenant = t.tenant AND u.email = p.email"
     "                      AND NOT u.is_inactive)"
     "   AND NOT EXISTS (SELECT FROM users u JOIN contacts o ON o.tenant = $M AND o.email = u.email"
     "                    WHERE u.tenant = t.tenant AND NOT u.is_inactive"
     "                      AND o.{company}_id <> c.{company}_id)"},
    {"contacts that a person made and somebody changed",
     "SELECT p.email FROM contacts p WHERE p.tenant = $M AND p.notes = 'by hand'"
     "   AND p.full_name || p.email <> 'By Hand' || p.email"},
    {"failed changes", "SELECT reason FROM customer_reconcile.change WHERE outcome = 'failed'"},
};

class HistoriesTest : public JobTest
{
protected:
    using Dice = std::mt19937;

    HistoriesTest() { init(); }

    Ended night()
    {
        return job({"apply", "--yes", "--contacts=" + contacts_, "--format=json", "--grace-runs=1",
                    "--grace-time=0", "--guard-tenants=0", "--guard-change-floor=1000",
                    "--guard-cleanup-floor=1000", "--drift-renamed=apply", "--drift-inactive=apply",
                    "--drift-contact-stale=apply"});
    }

    int roll(int sides) { return static_cast<int>(dice_() % static_cast<unsigned>(sides)); }

    /// A tenant that is there; 0: none is.
    int some_tenant()
    {
        auto const there =
            database.rows("SELECT right(tenant::text, 4) FROM tenants WHERE tenant <> '" +
                          tenant_id(0) + "' ORDER BY 1");
        return there.empty() ? 0 : std::stoi(there[dice_() % there.size()].front());
    }

    bool is_there(int n) { return count("tenants WHERE tenant = '" + tenant_id(n) + "'") == "1"; }

    std::string fresh_address() { return "user" + std::to_string(++addresses_) + "@t.example"; }

    void tenant_comes(int n)
    {
        if (!is_there(n))
            world.tenant(
                {.n = n, .name = "Tenant " + std::to_string(n), .admin_email = fresh_address()});
    }

    void old_workflow(int n)
    {
        if (is_there(n) || count("{companies} WHERE {company}_id = '" + company_id(n) + "'") != "0")
            return;
        TenantSeed const seed{
            .n = n, .name = "Legacy " + std::to_string(n), .admin_email = fresh_address()};
        world.tenant(seed);
        world.old_workflow(seed);
    }

    /// The platform's own cancellation, and its rollback, which forgets the tag.
    void cancel(int n, bool is_inactive)
    {
        database.execute(
            "UPDATE {companies} SET is_inactive = " + std::string{is_inactive ? "true" : "false"} +
            " WHERE tenant = '" + tenant_id(0) + "' AND properties ->> 'tenant_id' = '" +
            tenant_id(n) + "'");
    }

    void swap_addresses(int one, int other)
    {
        // The contacts of the workflow do not follow their users.
        if (one == other || one > kTenants || other > kTenants)
            return;
        auto const address = [&](int n) {
            return database.value("SELECT email FROM users WHERE user_id = '" + user_id(n) + "'");
        };
        auto const first = address(one);
        auto const second = address(other);
        set_address(one, "moving@t.example");
        set_address(other, first);
        set_address(one, second);
    }

    void set_address(int n, std::string const& email)
    {
        database.execute("UPDATE users SET email = '" + email + "' WHERE user_id = '" + user_id(n) +
                         "'");
    }

    void replace_admin(int n)
    {
        auto const id = "a0000000-0000-4000-9000-" + std::to_string(100'000'000'000 + ++addresses_);
        database.execute(
            "UPDATE users SET is_inactive = true WHERE tenant = '" + tenant_id(n) +
            "'; INSERT INTO users (tenant, user_id, username, hashed_password, first_name,"
            " last_name, email) VALUES ('" +
            tenant_id(n) + "', '" + id + "', 'u', 'x', 'New', 'Admin', '" + fresh_address() +
            "'); INSERT INTO user_roles (tenant, user_id, role_id) SELECT tenant, '" + id +
            "', role_id FROM roles WHERE tenant = '" + tenant_id(n) + "' AND msp");
    }

    void second_admin_comes(int n)
    {
        if (contacts_ == "admins")
            world.further_admin(n, 1000 + ++addresses_, fresh_address());
    }

    /// Two tenants swap their names, or one takes a new one. Never do three have one name: the ids
    /// here begin alike, so that distinct names would be alike too.
    void rename(int n, int other)
    {
        auto const name = [&](int of) {
            return database.value("SELECT {company}_name FROM tenants WHERE tenant = '" +
                                  tenant_id(of) + "'");
        };
        auto const set = [&](int of, std::string const& to) {
            database.execute("UPDATE tenants SET {company}_name = '" + to + "' WHERE tenant = '" +
                             tenant_id(of) + "'");
        };
        auto const first = name(n);
        auto const second = name(other);
        set(n, n == other ? "Renamed " + std::to_string(++addresses_) : second);
        if (n != other)
            set(other, first);
    }

    void person_adds_contact(int n)
    {
        database.execute(
            "INSERT INTO contacts (tenant, contact_name_id, {company}_id, full_name, email, notes)"
            " SELECT tenant, gen_random_uuid(), {company}_id, 'By Hand', 'hand" +
            std::to_string(++addresses_) +
            "@t.example', 'by hand' FROM {companies} WHERE tenant = '" + tenant_id(0) +
            "' AND properties ->> 'tenant_id' = '" + tenant_id(n) + "'");
    }

    void something_happens()
    {
        auto const n = some_tenant();
        switch (roll(n == 0 ? 2 : 11)) {
            case 0:
                return tenant_comes(1 + roll(kTenants));
            case 1:
                return old_workflow(kTenants + 1 + roll(kTenants));
            case 2:
                return world.tenant_goes(n);
            case 3:
                return set_address(n, fresh_address());
            case 4:
                return swap_addresses(n, some_tenant());
            case 5:
                return replace_admin(n);
            case 6:
                return rename(n, some_tenant());
            case 7:
                return cancel(n, roll(2) == 0);
            case 8:
                return person_adds_contact(n);
            case 9:
                return second_admin_comes(n);
            default:
                return set_address(n, fresh_address());
        }
    }

    std::vector<std::string> offences()
    {
        std::vector<std::string> found;
        for (auto const& [claim, sql] : kMornings) {
            std::string text = sql;
            for (auto at = text.find("$M"); at != text.npos; at = text.find("$M", at))
                text.replace(at, 2, "'" + tenant_id(0) + "'::uuid");
            auto const rows = database.rows(text);
            if (!rows.empty())
                found.push_back(std::to_string(rows.size()) + " " + claim +
                                ", the first: " + rows.front().front());
        }
        return found;
    }

    /// Every row that is not the management tenant's or the journal's, with its version.
    std::string others()
    {
        std::string all;
        for (auto const& row :
             database.rows("SELECT table_name FROM information_schema.columns WHERE table_schema ="
                           " 'public' AND column_name = 'tenant' ORDER BY 1"))
            all += database.value(
                       "SELECT count(*) || ' ' || coalesce(sum(xmin::text::bigint), 0)"
                       " FROM " +
                       row.front() + " WHERE tenant <> '" + tenant_id(0) + "'") +
                   " " + row.front() + "\n";
        return all;
    }

    /// The tenant is gone for a night, and there again as it was.
    void go_and_return(int n)
    {
        auto const of_each = [&](auto const& sql_of) {
            std::string sql = "SET session_replication_role = replica;";
            for (std::string const table : {"user_roles", "users", "roles", "tenants"})
                sql += sql_of(table) + ";";
            database.execute(sql + "SET session_replication_role = DEFAULT");
        };
        auto const of_it = " WHERE tenant = '" + tenant_id(n) + "'";
        of_each([&](auto const& table) {
            return "CREATE TABLE saved_" + table + " AS SELECT * FROM " + table + of_it +
                   "; DELETE FROM " + table + of_it;
        });
        auto const without = night();
        ASSERT_EQ(without.exit_code, 0) << without.err << without.out;
        of_each([&](auto const& table) {
            return "INSERT INTO " + table + " SELECT * FROM saved_" + table +
                   "; DROP TABLE saved_" + table;
        });
        auto const with = night();
        ASSERT_EQ(with.exit_code, 0) << with.err << with.out;
    }

    void live_through(unsigned seed)
    {
        dice_.seed(seed);
        // A definition stays, whatever becomes of the clean-up that made it.
        database.execute("INSERT INTO tag_definitions (tenant, tag_text, tagged_type) VALUES ('" +
                         tenant_id(0) + "', 'Canceled', '{company}')");
        database.execute("GRANT " + roles().remover() + ", " + roles().undoer() + " TO " +
                         roles().writer());
        for (int number = 1; number <= kNights && !HasFatalFailure(); ++number) {
            SCOPED_TRACE("seed " + std::to_string(seed) + ", night " + std::to_string(number));
            for (int events = 1 + roll(4); events > 0; --events)
                something_happens();
            if (some_tenant() == 0)
                continue;
            auto const others_before = others();
            auto const before = owned();
            auto const ended = night();
            ASSERT_EQ(ended.exit_code, 0) << ended.err << ended.out;
            // What is taken back comes back exactly; whether its contacts have users still is seen
            // by the night after.
            bool const is_settled =
                parsed(ended).at_pointer("/changes/reactivate/applied").to_number<int>() == 0;
            if (!is_settled) {
                ASSERT_EQ(night().exit_code, 0);
            }
            ASSERT_THAT(offences(), IsEmpty()) << ended.out;
            ASSERT_EQ(others(), others_before);
            auto const run = parsed(ended).at("run");
            if (number % 5 == 0 && is_settled && run.is_string())  // else it had nothing to do
                undo_and_repeat(run.as_string().c_str(), before);
            if (number % 7 == 0 && count("tenants") != "2") {  // without any tenant nothing is done
                ASSERT_EQ(night().exit_code, 0);
                auto const settled = owned();
                go_and_return(some_tenant());
                ASSERT_EQ(owned(), settled);
            }
        }
    }

    void undo_and_repeat(std::string const& run, std::map<std::string, std::string> const& before)
    {
        if (count("customer_reconcile.change WHERE outcome = 'applied' AND run_id = '" + run +
                  "'") == "0")
            return;
        auto const undone = job({"undo", run, "--yes", "--format=json"});
        ASSERT_EQ(undone.exit_code, 0) << undone.err << undone.out;
        ASSERT_EQ(owned(), before) << undone.out;
        auto const again = night();
        ASSERT_EQ(again.exit_code, 0) << again.err << again.out;
        ASSERT_THAT(offences(), IsEmpty()) << again.out;
    }

    std::string contacts_ = "admin";

private:
    Dice dice_;
    int addresses_ = 0;
};

TEST_P(HistoriesTest, EveryMorningEachTenantHasOneWholeCustomer1)
{
    live_through(1);
}
TEST_P(HistoriesTest, EveryMorningEachTenantHasOneWholeCustomer2)
{
    live_through(2);
}
TEST_P(HistoriesTest, EveryMorningEachTenantHasOneWholeCustomer3)
{
    live_through(3);
}

TEST_P(HistoriesTest, EveryMorningEachAdminIsAContactWhereAllAreToBe)
{
    contacts_ = "admins";
    live_through(4);
}

TEST_BOTH_GENERATIONS(HistoriesTest);

}  // namespace

}  // namespace tracking::testing
