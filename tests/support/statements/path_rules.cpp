#include "tests/support/statements/path_rules.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>
#include <regex>
#include <string_view>

namespace tracking::testing {

namespace {

constexpr int kExplicitCall = 0;  // CoercionForm
constexpr int kImplicitCast = 2;

bool is_implicit(ParseNode const& node)
{
    constexpr std::array kCasts{std::pair{"RELABELTYPE", "relabelformat"},
                                std::pair{"FUNCEXPR", "funcformat"},
                                std::pair{"COERCEVIAIO", "coerceformat"},
                                std::pair{"ARRAYCOERCEEXPR", "coerceformat"},
                                std::pair{"COERCETODOMAIN", "coercionformat"},
                                std::pair{"CONVERTROWTYPEEXPR", "convertformat"}};
    return std::ranges::any_of(kCasts, [&](auto const& cast) {
        return node.is(cast.first) && node.number(cast.second) == kImplicitCast;
    });
}

/// The text from a byte on.
std::string_view from(std::string_view text, int location)
{
    return location < 0 || static_cast<std::size_t>(location) > text.size()
               ? std::string_view{}
               : text.substr(static_cast<std::size_t>(location));
}

/// A literal in quotes, a NULL or a parameter without a cast: its type is what fits.
bool is_untyped(ParseNode const& node, std::string_view text)
{
    if (!node.is("CONST") && !node.is("PARAM"))
        return false;
    auto rest = from(text, node.number("location"));
    if (rest.empty())
        return false;
    std::size_t end = 0;
    if (rest.starts_with('\'')) {
        constexpr std::string_view kTyped = "interval ";
        if (text.substr(0, text.size() - rest.size()).ends_with(kTyped))
            return false;
        for (end = 1; end < rest.size(); ++end) {
            if (rest[end] != '\'')
                continue;
            if (end + 1 < rest.size() && rest[end + 1] == '\'')
                ++end;
            else
                break;
        }
        ++end;
    } else if (rest.starts_with('$')) {
        for (end = 1; end < rest.size() && std::isdigit(static_cast<unsigned char>(rest[end]));)
            ++end;
    } else if (rest.starts_with("NULL")) {
        end = 4;
    } else {
        return false;
    }
    return !rest.substr(std::min(end, rest.size())).starts_with("::");
}

bool is_qualified(std::string_view at)
{
    return at.starts_with("pg_catalog.") || at.starts_with("OPERATOR(pg_catalog.");
}

std::vector<ParseNode> arguments_of(ParseNode const& node)
{
    std::vector<ParseNode> arguments;
    for (auto const& argument : node["args"].items)
        arguments.push_back(argument.is("TARGETENTRY") ? argument["expr"] : argument);
    return arguments;
}

void for_each_node(ParseNode const& node, std::function<bool(ParseNode const&)> const& visit)
{
    if (node.kind == ParseNode::Kind::Struct && !visit(node))
        return;
    for (auto const& item : node.items)
        for_each_node(item, visit);
    for (auto const& [name, values] : node.fields) {
        for (auto const& value : values)
            for_each_node(value, visit);
    }
}

/// The field with the oid, for each node that calls a function, an aggregate or an operator.
std::string_view function_field(ParseNode const& node)
{
    if (node.is("FUNCEXPR"))
        return node.number("funcformat") == kExplicitCall ? "funcid" : "";
    if (node.is("AGGREF"))
        return "aggfnoid";
    return node.is("WINDOWFUNC") ? "winfnoid" : "";
}

bool is_operator(ParseNode const& node)
{
    return node.is("OPEXPR") || node.is("DISTINCTEXPR") || node.is("NULLIFEXPR") ||
           node.is("SCALARARRAYOPEXPR");
}

bool is_table_entry(ParseNode const& node)
{
    return node.is("RTE") || node.is("RANGETBLENTRY");  // since PostgreSQL 16
}

/// `unnest` of several arrays in FROM the parser itself takes from pg_catalog, and only where it
/// is not qualified.
bool is_unnest_of_several(ParseNode const& entry)
{
    auto const& functions = entry["functions"].items;
    return functions.size() > 1 && std::ranges::all_of(functions, [&](ParseNode const& one) {
               return one["funcexpr"].is("FUNCEXPR") &&
                      one["funcexpr"].number("location") ==
                          functions.front()["funcexpr"].number("location");
           });
}

std::string path_set_by(std::string const& text)
{
    static std::regex const kPath{R"(SET LOCAL search_path = ([^;]*))"};
    std::string path;
    for (std::sregex_iterator one{text.begin(), text.end(), kPath}, none; one != none; ++one)
        path = (*one)[1];
    return path;
}

/// Those sent while the path has more than pg_catalog and pg_temp.
std::vector<SeenStatement const*> with_platform_on_path(std::vector<SeenStatement> const& all)
{
    std::map<std::string, bool> is_wide;
    std::vector<SeenStatement const*> found;
    for (auto const& statement : all) {
        if (auto const path = path_set_by(statement.text); !path.empty())
            is_wide[statement.process] = path != "pg_catalog, pg_temp";
        else if (is_wide[statement.process])
            found.push_back(&statement);
    }
    return found;
}

}  // namespace

PathRules::PathRules(TestDatabase& database)
{
    constexpr char const* kPolymorphic =
        "(SELECT bool_or(t.typtype = 'p') FROM pg_type t"
        " WHERE t.oid = ANY (";
    for (auto const& row :
         database.rows("SELECT p.oid, p.proname, COALESCE(" + std::string{kPolymorphic} +
                       "p.proargtypes::oid[])), false) OR p.provariadic <> 0 FROM pg_proc p"))
        functions_[std::stoi(row[0])] = {row[1], row[2] == "t", false};
    for (auto const& row : database.rows(
             "SELECT o.oid, o.oprname, COALESCE(" + std::string{kPolymorphic} +
             "ARRAY[o.oprleft, o.oprright])), false), o.oprleft = o.oprright FROM pg_operator o"))
        operators_[std::stoi(row[0])] = {row[1], row[2] == "t", row[3] == "t"};
    for (auto const& row : database.rows("SELECT oid, relname FROM pg_class WHERE relkind <> 'i'"))
        tables_[std::stoi(row[0])] = row[1];
}

std::size_t PathRules::among_triggers(std::vector<SeenStatement> const& statements)
{
    return with_platform_on_path(statements).size();
}

std::vector<std::string> PathRules::violations(std::vector<SeenStatement> const& statements) const
{
    std::set<std::string> found;
    for (auto const* statement : with_platform_on_path(statements)) {
        std::string_view const text = statement->text;
        auto const say = [&](ParseNode const& node, std::string const& name) {
            found.insert(name + ": " +
                         std::string{from(text, node.number("location")).substr(0, 70)});
        };
        auto const judge_function = [&](ParseNode const& node) {
            auto const field = function_field(node);
            auto const location = field.empty() ? -1 : node.number("location");
            if (location < 0 || is_qualified(from(text, location)))
                return;
            auto const& function = functions_.at(node.number(field));
            if (function.is_polymorphic ||
                std::ranges::any_of(arguments_of(node), [&](ParseNode const& argument) {
                    return is_implicit(argument) || is_untyped(argument, text);
                }))
                say(node, function.name);
        };
        auto const judge_operator = [&](ParseNode const& node) {
            if (!is_operator(node) || is_qualified(from(text, node.number("location"))))
                return;
            auto const& one = operators_.at(node.number("opno"));
            auto const arguments = arguments_of(node);
            auto const untyped = std::ranges::count_if(
                arguments, [&](auto const& argument) { return is_untyped(argument, text); });
            // An operand without a type takes the other's.
            if (one.is_polymorphic || std::ranges::any_of(arguments, is_implicit) ||
                untyped > (one.takes_two_of_a_type ? 1 : 0))
                say(node, one.name);
        };
        for (auto const& tree : statement->trees) {
            for_each_node(tree, [&](ParseNode const& node) {
                if (is_table_entry(node) && is_unnest_of_several(node))
                    return false;
                judge_function(node);
                judge_operator(node);
                return true;
            });
        }
    }
    for (auto const& statement : statements) {
        for (auto const& tree : statement.trees) {
            for_each_node(tree, [&](ParseNode const& node) {
                if (!is_table_entry(node) || node.number("rtekind") != 0)
                    return true;
                auto const table = tables_.find(node.number("relid"));
                if (table != tables_.end() &&
                    std::regex_search(statement.text,
                                      std::regex{R"((FROM|JOIN|INTO|UPDATE|USING)\s+)" +
                                                 table->second + R"(\b(?!\.))"}))
                    found.insert("table " + table->second + " is not qualified");
                return true;
            });
        }
    }
    return {found.begin(), found.end()};
}

void PathRules::note_calls(SeenStatement const& statement, std::set<std::string>& functions,
                           std::set<std::string>& operators) const
{
    for (auto const& tree : statement.trees) {
        for_each_node(tree, [&](ParseNode const& node) {
            if (auto const field = function_field(node); !field.empty())
                functions.insert(functions_.at(node.number(field)).name);
            if (is_operator(node))
                operators.insert(operators_.at(node.number("opno")).name);
            return true;
        });
    }
}

}  // namespace tracking::testing
