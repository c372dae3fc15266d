#include "tests/support/statements/statement_rules.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <regex>

namespace tracking::testing {

namespace {

constexpr int kUuidEquals = 2972;  // pg_operator, fixed for all versions
constexpr int kUpdate = 2;
constexpr int kInsert = 3;
constexpr int kMerge = 5;
constexpr int kFunction = 3;  // of a range table's entry

/// The tables of tenants themselves; all others belong to one, for the job the management tenant.
/// Pinned to one tenant these stand beside the others, too, all but `tenants`: a contact of the
/// management tenant may have a portal user there.
std::set<std::string> const kSource{"tenants", "users", "user_roles", "roles"};

/// One query of a statement: the whole, or one within it.
struct Level
{
    ParseNode const* query;
    Level const* outer;
    std::map<int, Level const*> children;  // subqueries in FROM, by place in the range table

    ParseNode const& entry(int place) const
    {
        return (*query)["rtable"].items.at(static_cast<std::size_t>(place - 1));
    }
    int entries() const { return static_cast<int>((*query)["rtable"].items.size()); }
};

/// Sets of what is known to be equal.
class Equalities
{
public:
    /// The root of a class that has a constant is one.
    void unite(std::string const& one, std::string const& other)
    {
        auto const first = root(one);
        auto const second = root(other);
        if (first.starts_with("constant"))
            parent_[second] = first;
        else
            parent_[first] = second;
    }

    std::string root(std::string const& name) const
    {
        auto const found = parent_.find(name);
        return found == parent_.end() || found->second == name ? name : root(found->second);
    }

private:
    std::map<std::string, std::string> parent_;
};

class Check
{
public:
    Check(std::map<int, StatementRules::Table> const& tables, std::set<int> const& volatiles)
        : tables_{tables}, volatiles_{volatiles}
    {}

    void run(ParseNode const& query)
    {
        add(query, nullptr);
        for (auto const& level : levels_)
            judge(*level);
        judge_families();
    }

    std::set<std::string> found;

private:
    Level const* add(ParseNode const& query, Level const* outer)
    {
        levels_.push_back(std::make_unique<Level>(Level{&query, outer, {}}));
        auto& level = *levels_.back();
        std::map<std::string, Level const*> named;
        for (auto const& with : query["cteList"].items)
            named[with["ctename"].text] = add(with["ctequery"], &level);
        for (int place = 1; place <= level.entries(); ++place) {
            auto const& entry = level.entry(place);
            if (entry["lateral"].text == "true")
                found.insert("LATERAL");
            if (entry.number("rtekind") == 1)
                level.children[place] = add(entry["subquery"], &level);
            else if (entry.number("rtekind") == 6 && named.contains(entry["ctename"].text))
                level.children[place] = named[entry["ctename"].text];
        }
        note_conditions(query["jointree"], level);
        note_groups(query, level);
        for (auto const* field : {"jointree", "targetList", "returningList", "havingQual",
                                  "onConflict", "limitCount", "limitOffset"})
            add_sublinks(query[field], level);
        return &level;
    }

    /// Queries within expressions.
    void add_sublinks(ParseNode const& node, Level const& level)
    {
        if (node.is("QUERY")) {
            add(node, &level);
            return;
        }
        for (auto const& item : node.items)
            add_sublinks(item, level);
        for (auto const& [name, values] : node.fields) {
            for (auto const& value : values)
                add_sublinks(value, level);
        }
    }

    /// Each shard counts for itself what is counted by tenant.
    void note_groups(ParseNode const& query, Level const& level)
    {
        for (auto const& group : query["groupClause"].items) {
            for (auto const& target : query["targetList"].items) {
                if (target.number("ressortgroupref") != group.number("tleSortGroupRef"))
                    continue;
                if (auto const grouped = meaning(target["expr"], level);
                    grouped && !is_constant(*grouped))
                    listed_.insert(*grouped);
            }
        }
    }

    void note_conditions(ParseNode const& node, Level const& level)
    {
        for (auto const& item : node["fromlist"].items)
            note_conditions(item, level);
        if (node.is("JOINEXPR")) {
            note_conditions(node["larg"], level);
            note_conditions(node["rarg"], level);
        }
        note_conjuncts(node["quals"], level);
    }

    void note_conjuncts(ParseNode const& condition, Level const& level)
    {
        if (condition.is("BOOLEXPR") && condition["boolop"].text == "and") {
            for (auto const& item : condition["args"].items)
                note_conjuncts(item, level);
            return;
        }
        bool const is_equality = condition.is("OPEXPR");
        if (!is_equality && !condition.is("SCALARARRAYOPEXPR"))
            return;
        auto const& arguments = condition["args"].items;
        if (condition.number("opno") != kUuidEquals || arguments.size() != 2)
            return;
        auto const one = meaning(arguments[0], level);
        auto const other = meaning(arguments[1], level);
        if (!one || !other)
            return;
        if (is_equality)
            equal_.unite(*one, *other);
        else if (condition["useOr"].text == "true" && is_constant(*other))
            listed_.insert(*one);
    }

    /// A tenant column of a table in this statement, a column of what a function returns, or a
    /// constant; nothing: something else.
    std::optional<std::string> meaning(ParseNode const& node, Level const& at) const
    {
        if (node.is("RELABELTYPE"))
            return meaning(node["arg"], at);
        if (!node.is("VAR"))
            return contains_column(node) ? std::nullopt : std::optional{"constant " + node.str()};
        auto const* level = &at;
        for (int up = node.number("varlevelsup"); up > 0 && level; --up)
            level = level->outer;
        return level ? meaning_of_column(*level, node.number("varno"), node.number("varattno"))
                     : std::nullopt;
    }

    std::optional<std::string> meaning_of_column(Level const& level, int place, int column) const
    {
        auto const& entry = level.entry(place);
        if (auto const* table = table_of(entry))
            return table->tenant_column == column ? std::optional{key(level, place)} : std::nullopt;
        if (entry.number("rtekind") == kFunction)
            return "function " + key(level, place) + "." + std::to_string(column);
        auto const child = level.children.find(place);
        if (child == level.children.end())
            return std::nullopt;
        for (auto const& target : (*child->second->query)["targetList"].items) {
            if (target.number("resno") == column)
                return meaning(target["expr"], *child->second);
        }
        return std::nullopt;
    }

    static bool contains_column(ParseNode const& node)
    {
        if (node.is("VAR") || node.is("QUERY"))
            return true;
        auto const in = [](auto const& nodes) {
            return std::ranges::any_of(nodes, contains_column);
        };
        return in(node.items) || std::ranges::any_of(node.fields, [&](auto const& field) {
                   return in(field.second);
               });
    }

    static bool is_constant(std::string const& meaning) { return meaning.starts_with("constant"); }

    static std::string key(Level const& level, int place)
    {
        return std::to_string(reinterpret_cast<std::uintptr_t>(&level)) + "." +
               std::to_string(place);
    }

    StatementRules::Table const* table_of(ParseNode const& entry) const
    {
        if (entry.number("rtekind") != 0)
            return nullptr;
        auto const found_table = tables_.find(entry.number("relid"));
        return found_table == tables_.end() ? nullptr : &found_table->second;
    }

    void judge(Level const& level)
    {
        auto const& query = *level.query;
        int const command = query.number("commandType");
        int const target = query.number("resultRelation");
        if (command == kMerge)
            found.insert("MERGE");
        if (command == kUpdate)
            judge_functions(query, "a volatile function in UPDATE");
        if (query["onConflict"].is("ONCONFLICTEXPR") && query["onConflict"].number("action") == 2)
            judge_conflict(query["onConflict"]["onConflictSet"]);
        for (int place = 1; place <= level.entries(); ++place) {
            auto const* table = table_of(level.entry(place));
            if (!table)
                continue;
            bool const is_pinned = is_constant(equal_.root(key(level, place)));
            families_.insert(kSource.contains(table->name) &&
                                     (table->name == "tenants" || !is_pinned)
                                 ? "the tenants' own tables"
                                 : "others");
            bool const is_excluded = level.entry(place)["eref"]["aliasname"].text == "excluded";
            if (command == kInsert && (place == target || is_excluded)) {
                if (place == target)
                    judge_insert(level, *table);
            } else {
                note_class(*table, equal_.root(key(level, place)));
            }
        }
        judge_locks(level);
    }

    void note_class(StatementRules::Table const& table, std::string const& root)
    {
        classes_.insert(root);
        bool const is_listed =
            std::ranges::any_of(listed_, [&](auto const& one) { return equal_.root(one) == root; });
        if (!is_constant(root) && !is_listed && !kSource.contains(table.name))
            found.insert(table.name + " is not filtered by tenant");
    }

    void judge_insert(Level const& level, StatementRules::Table const& table)
    {
        for (auto const& target : (*level.query)["targetList"].items) {
            if (target.number("resno") != table.tenant_column)
                continue;
            auto const value = meaning(target["expr"], level);
            if (value && !equal_.root(*value).starts_with("function")) {
                classes_.insert(equal_.root(*value));
                if (!is_constant(*value))
                    listed_.insert(*value);  // each row stays in its shard
            } else
                found.insert(table.name + " gets a tenant from somewhere else");
        }
    }

    void judge_locks(Level const& level)
    {
        for (auto const& mark : (*level.query)["rowMarks"].items) {
            int const place = mark.number("rti");
            if (table_of(level.entry(place)) && !is_constant(equal_.root(key(level, place))))
                found.insert("FOR UPDATE over several tenants");
        }
    }

    void judge_functions(ParseNode const& node, std::string const& name)
    {
        if (node.is("FUNCEXPR") && volatiles_.contains(node.number("funcid")))
            found.insert(name);
        for (auto const& item : node.items)
            judge_functions(item, name);
        for (auto const& [field, values] : node.fields) {
            for (auto const& value : values)
                judge_functions(value, name);
        }
    }

    void judge_conflict(ParseNode const& node)
    {
        if (node.is("FUNCEXPR") || node.is("SQLVALUEFUNCTION"))
            found.insert("a function in ON CONFLICT DO UPDATE");
        for (auto const& item : node.items)
            judge_conflict(item);
        for (auto const& [field, values] : node.fields) {
            for (auto const& value : values)
                judge_conflict(value);
        }
    }

    void judge_families()
    {
        if (families_.size() > 1)
            found.insert("tenants together with companies");
        if (classes_.size() > 1)
            found.insert("tables are joined without equality of tenant");
    }

    std::map<int, StatementRules::Table> const& tables_;
    std::set<int> const& volatiles_;
    std::vector<std::unique_ptr<Level>> levels_;
    Equalities equal_;
    std::set<std::string> listed_;
    std::set<std::string> families_;
    std::set<std::string> classes_;  // of the tenant columns, by root
};

// Statements that outlive a transaction, or that do not belong to one session of a pooler.
struct Forbidden
{
    char const* what;
    std::regex pattern;
};

std::vector<Forbidden> const& forbidden_texts()
{
    auto const i = std::regex::icase;
    static std::vector<Forbidden> const kForbidden{
        // SET CONSTRAINTS and SET TRANSACTION end with the transaction by themselves.
        {"SET without LOCAL",
         std::regex{R"((^|;)\s*SET\s+(?!LOCAL\b|TRANSACTION\b|CONSTRAINTS\b))", i}},
        {"RESET", std::regex{R"((^|;)\s*RESET\b)", i}},
        {"set_config for the session", std::regex{R"(set_config\s*\([^()]*false\s*\))", i}},
        {"PREPARE", std::regex{R"((^|;)\s*(PREPARE|EXECUTE|DEALLOCATE)\b)", i}},
        {"LISTEN", std::regex{R"((^|;)\s*(UNLISTEN|LISTEN|NOTIFY)\b)", i}},
        {"a temporary table", std::regex{R"(\bCREATE\s+(LOCAL\s+|GLOBAL\s+)?TEMP)", i}},
        {"a cursor WITH HOLD", std::regex{R"(\bWITH\s+HOLD\b)", i}},
        {"an advisory lock of the session",
         std::regex{R"(\bpg_(try_)?advisory_(unlock|lock)\w*)", i}},
        // Citus sends them the whole text that the SET LOCAL stands in.
        {"a worker is sent what is the coordinator's",
         std::regex{R"(citus\.propagate_set_commands\s*=[^]*)"
                    R"((SNAPSHOT|search_path|idle_in_transaction|SELECT)|)"
                    R"((SNAPSHOT|search_path|idle_in_transaction|SELECT)[^]*)"
                    R"(citus\.propagate_set_commands\s*=)",
                    i}},
        {"DISCARD", std::regex{R"((^|;)\s*DISCARD\b)", i}},
    };
    return kForbidden;
}

/// The query of a tree, or of a utility statement's, such as DECLARE.
void for_each_query(ParseNode const& node, auto const& visit)
{
    if (node.is("QUERY") && node.number("commandType") != 6) {
        visit(node);
        return;
    }
    for (auto const& [name, values] : node.fields) {
        for (auto const& value : values)
            for_each_query(value, visit);
    }
}

}  // namespace

StatementRules::StatementRules(TestDatabase& database)
{
    for (auto const& row : database.rows(
             "SELECT c.oid, c.relname, a.attnum FROM pg_class c"
             " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant'"
             " JOIN pg_namespace n ON n.oid = c.relnamespace"
             " WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('public', 'customer_reconcile')"
             // of the database and not of a tenant: it stays on the coordinator
             " AND c.relname <> 'pin'"))
        tables_[std::stoi(row[0])] = {row[1], std::stoi(row[2])};
    for (auto const& row : database.rows("SELECT p.oid FROM pg_proc p WHERE p.provolatile = 'v'"))
        volatile_functions_.insert(std::stoi(row[0]));
}

std::vector<std::string> StatementRules::violations(SeenStatement const& statement) const
{
    std::set<std::string> found;
    if (!statement.prepared_as.empty() && statement.prepared_as != "<unnamed>")
        found.insert("a prepared statement");
    for (auto const& [what, pattern] : forbidden_texts()) {
        if (std::regex_search(statement.text, pattern))
            found.insert(what);
    }
    for (auto const& tree : statement.trees) {
        for_each_query(tree, [&](ParseNode const& query) {
            Check check{tables_, volatile_functions_};
            check.run(query);
            found.merge(check.found);
        });
    }
    return {found.begin(), found.end()};
}

}  // namespace tracking::testing
