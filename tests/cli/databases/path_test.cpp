// Somebody may create something in the platform's schema: the job never calls it. No setting of the
// role or the environment changes what the job does.

#include "tests/cli/databases/statements_test.hpp"
#include "tests/support/servers/cluster.hpp"

#include <pqxx/pqxx>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>

namespace tracking::testing {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string replaced(std::string text, std::string const& name, std::string const& value)
{
    for (auto at = text.find(name); at != text.npos; at = text.find(name, at + value.size()))
        text.replace(at, name.size(), value);
    return text;
}

/// It goes after the database: one DROP OWNED has too few locks for all that the role owns there.
struct RoleToDrop
{
    ~RoleToDrop()
    {
        if (role_to_drop.empty())
            return;
        pqxx::connection session{dsn_of_cluster};
        pqxx::nontransaction{session}.exec("DROP ROLE " + role_to_drop);
    }

    std::string dsn_of_cluster;
    std::string role_to_drop;
};

class PathTest : private RoleToDrop, public StatementsTest
{
protected:
    /// A role with nothing but CREATE on the platform's schema.
    void let_mallory_in()
    {
        database.execute("CREATE ROLE " + mallory_);
        dsn_of_cluster = database.dsn() + " dbname=postgres";
        role_to_drop = mallory_;
        database.execute("GRANT CREATE, USAGE ON SCHEMA public TO " + mallory_);
    }

    void as_mallory(std::string const& sql)
    {
        database.execute("SET ROLE " + mallory_ + "; " + sql + "; RESET ROLE");
    }

    /// Functions that the program's statements call: the names that pg_catalog has, too.
    std::string functions_called()
    {
        std::ifstream stream{RECONCILE_JOB, std::ios::binary};
        std::string const program{std::istreambuf_iterator<char>{stream}, {}};
        std::set<std::string> names;
        auto const belongs = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        };
        for (auto at = program.find('('); at != program.npos; at = program.find('(', at + 1)) {
            auto from = at;
            while (from > 0 && belongs(program[from - 1]))
                --from;
            if (from < at && at - from < 64)
                names.insert(program.substr(from, at - from));
        }
        std::string list;
        for (auto const& name : names)
            list += (list.empty() ? "'" : ", '") + name + "'";
        return list;
    }

    /// Overloads each function and operator that the program calls, with types that fit better than
    /// pg_catalog's. The overloads tell the server's log who called them, and reach for more.
    void overload_everything()
    {
        as_mallory(replaced(R"sql(
            SET check_function_bodies = off;
            SET search_path = pg_catalog;
            DO $do$
            DECLARE
                types text[] := '{text,name,varchar,uuid,json,jsonb,oid,regclass,int2,int4,int8,
                                  bool,timestamptz,float8,interval,"\"char\"",bpchar,text[],uuid[],
                                  json[],jsonb[],bool[],anyelement,anyarray}';
                pairs text[] := '{text,name,varchar,uuid,jsonb,oid,int2,int4,int8,bool,float8}';
                operands text[] := '{text,name,varchar,uuid,jsonb,oid,int2,int4,int8,bool,
                                     timestamptz,float8,interval,"\"char\"",text[],uuid[]}';
                body text := $body$
                    DECLARE stack text;
                    BEGIN
                        GET DIAGNOSTICS stack = PG_CONTEXT;
                        RAISE LOG 'hijacked: %', replace(stack, chr(10), ' <- ');
                        BEGIN
                            EXECUTE 'ALTER ROLE MALLORY SUPERUSER';
                        EXCEPTION WHEN OTHERS THEN NULL;
                        END;
                        RETURN NULL;
                    END $body$;
                one text;
                other text;
                called text;
                arguments text;
            BEGIN
                body := replace(body, 'MALLORY', current_user);
                FOREACH one IN ARRAY types || ARRAY(
                    SELECT c.oid::regclass::text FROM pg_class c
                     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
                       AND c.relname IN ('{companies}', 'contacts', 'tag_definitions',
                                         'tag_mappings', 'client_billing_profiles'))
                LOOP
                    FOR called IN SELECT DISTINCT p.proname::text FROM pg_catalog.pg_proc p
                                   WHERE p.pronamespace = 'pg_catalog'::regnamespace
                                     AND p.proname IN (FUNCTIONS)
                    LOOP
                        FOREACH arguments IN ARRAY
                            ARRAY[one, one || ', ' || one, 'text, ' || one, one || ', text, text',
                                  one || ', text', 'oid, ' || one || ', text',
                                  'VARIADIC ' || one || '[]']
                        LOOP
                            BEGIN
                                EXECUTE format('CREATE FUNCTION public.%I(%s) RETURNS text'
                                               ' LANGUAGE plpgsql AS %L', called, arguments, body);
                            EXCEPTION WHEN duplicate_function OR undefined_object OR syntax_error
                                           OR invalid_function_definition THEN NULL;
                            END;
                        END LOOP;
                    END LOOP;
                END LOOP;
                FOREACH one IN ARRAY operands LOOP
                    FOREACH other IN ARRAY operands LOOP
                        EXECUTE format('CREATE FUNCTION public.answer_bool(%s, %s) RETURNS bool'
                                       ' LANGUAGE plpgsql AS %L', one, other, body);
                        EXECUTE format('CREATE FUNCTION public.answer_text(%s, %s) RETURNS text'
                                       ' LANGUAGE plpgsql AS %L', one, other, body);
                        FOREACH called IN ARRAY '{=,<>,<,>,<=,>=,~,!~,~~,!~~,?,@>,&&}'::text[] LOOP
                            EXECUTE format('CREATE OPERATOR public.%s (leftarg = %s, rightarg = %s,'
                                           ' function = public.answer_bool)', called, one, other);
                        END LOOP;
                        FOREACH called IN ARRAY '{||,->,->>,#>,#>>,+,-,*,/}'::text[] LOOP
                            EXECUTE format('CREATE OPERATOR public.%s (leftarg = %s, rightarg = %s,'
                                           ' function = public.answer_text)', called, one, other);
                        END LOOP;
                    END LOOP;
                END LOOP;
            END $do$;
            RESET check_function_bodies;
            RESET search_path)sql",
                            "FUNCTIONS", functions_called()));
    }

    /// Triggers of the platform that find their own tables on the path, at once and at COMMIT.
    void add_triggers_of_platform()
    {
        database.execute(
            "CREATE TABLE noted (what text);"
            "CREATE FUNCTION note_it() RETURNS trigger LANGUAGE plpgsql AS $$"
            "BEGIN INSERT INTO noted VALUES (TG_ARGV[0]); RETURN NULL; END $$;"
            "CREATE TRIGGER note_now AFTER INSERT ON {companies}"
            " FOR EACH ROW EXECUTE FUNCTION note_it('now');"
            "CREATE CONSTRAINT TRIGGER note_later AFTER INSERT ON {companies}"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_it('at COMMIT')");
    }

    Ended as_superuser(Words const& command, char const* options = "")
    {
        auto ended = watched(command, options, {{"CUSTOMER_RECONCILE_SOURCE_DSN", database.dsn()}});
        EXPECT_EQ(ended.exit_code, 0) << command.front() << ended.err << ended.out;
        return ended;
    }

    /// Every command, and every kind of change and clean-up. Each is taken back.
    void run_everything(std::function<void(Words const&)> const& run)
    {
        auto const undo = [&] { run({"undo", latest_run(), "--yes"}); };
        run({"init", "--yes"});
        run({"link", "No admin", "Unlinked", "--reason=x", "--yes"});
        undo();
        run({"plan"});
        run({"plan", "--rehearse"});
        run({"explain", "Orphan"});
        run({"apply", "--yes"});
        run({"history"});
        run({"show", latest_run()});
        undo();
        undo();
        link("Missing", tenant_id(77));
        run({"apply", "--yes", "--drift-missing=report", "--cleanup-mode=untag"});
        undo();
        run({"plan", "--drift-missing=report", "--cleanup-mode=delete"});
        run({"apply", "--yes", "--drift-missing=report", "--cleanup-mode=delete"});
        undo();
        run({"doctor"});
        run({"init", "--print"});
    }

    /// What mallory's functions said, but for those that the platform's own triggers called.
    std::vector<std::string> hijackings(std::size_t from)
    {
        std::ifstream log{log_file()};
        log.seekg(static_cast<std::streamoff>(from));
        std::vector<std::string> found;
        for (std::string line; std::getline(log, line);) {
            auto const at = line.find("hijacked: ");
            if (at == line.npos || line.find(database.name()) == line.npos)
                continue;
            auto const stack = line.substr(at);
            bool const is_by_trigger =
                stack.find(" <- PL/pgSQL function ") != stack.npos &&
                stack.find(" <- PL/pgSQL function inline_code_block") == stack.npos;
            if (!is_by_trigger)
                found.push_back(stack);
        }
        return found;
    }

    static std::string log_file() { return cluster_directory() + "/postgresql.log"; }

    std::string const mallory_ = database.name() + "_mallory";
};

TEST_P(PathTest, NothingInThePlatformsSchemaStandsInForAFunctionOrOperatorOfTheServer)
{
    seed();
    add_triggers_of_platform();
    let_mallory_in();
    overload_everything();
    auto const from = std::filesystem::file_size(log_file());

    auto const printed = as_superuser({"init", "--print"}).out;
    database.execute(printed.substr(0, printed.find("\n-- What ")));
    database.execute("DROP SCHEMA customer_reconcile CASCADE");
    run_everything([&](Words const& command) { as_superuser(command); });
    roles();  // as a person, with what `init --print` says

    EXPECT_THAT(hijackings(from), IsEmpty());
    auto const is_superuser = "SELECT rolsuper FROM pg_roles WHERE rolname = '" + mallory_ + "'";
    EXPECT_EQ(database.value(is_superuser), "f");
    EXPECT_EQ(database.rows("SELECT DISTINCT what FROM noted").size(), 2U);
    // The test catches statements that are less careful.
    database.value("SELECT quote_ident(relname) FROM pg_class LIMIT 1");
    EXPECT_EQ(hijackings(from).size(), 1U);
    EXPECT_EQ(database.value(is_superuser), "t");
}

TEST_P(PathTest, EachStatementAmongTriggersIsQualifiedOrFitsExactly)
{
    seed();
    StatementLog const log{database.name()};
    run_everything(
        [&](Words const& command) { as_superuser(command, StatementLog::kShowStatements); });
    auto const seen = log.read();
    EXPECT_THAT(PathRules{database}.violations(seen), IsEmpty());
    EXPECT_GT(PathRules::among_triggers(seen), 100U);
}

TEST_P(PathTest, DoctorNamesThoseWhoMayCreateInThePlatformsSchema)
{
    ASSERT_EQ(init().exit_code, 0);
    EXPECT_THAT(job({"doctor"}).out, HasSubstr("pass  schema rights"));
    let_mallory_in();
    database.execute("GRANT CREATE ON SCHEMA public TO PUBLIC");
    auto const ended = job({"doctor"});
    EXPECT_THAT(ended.out,
                AllOf(HasSubstr("warn  schema rights"),
                      HasSubstr("REVOKE CREATE ON SCHEMA public FROM PUBLIC, " + mallory_)));
    database.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC, " + mallory_);
    EXPECT_THAT(job({"doctor"}).out, HasSubstr("pass  schema rights"));
}

TEST_BOTH_GENERATIONS(PathTest);

}  // namespace

}  // namespace tracking::testing
