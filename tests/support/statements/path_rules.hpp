#pragma once

#include "tests/support/statements/statement_rules.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace tracking::testing {

/// Checks parse trees: nothing that somebody creates in the platform's schema is called. Where that
/// schema is on the path, behind pg_catalog, each function and operator is qualified, or called
/// with exactly the types that it is declared with: then pg_catalog's wins.
class PathRules
{
public:
    /// Takes functions and operators from the catalogue.
    explicit PathRules(TestDatabase& database);

    /// Of all that was sent while the platform's schema was on the path: the functions and
    /// operators that somebody else's could replace, and every table whose name is not qualified.
    std::vector<std::string> violations(std::vector<SeenStatement> const& statements) const;

    /// How many were sent while the platform's schema was on the path.
    static std::size_t among_triggers(std::vector<SeenStatement> const& statements);

    /// What a statement calls, by name, the casts left out.
    void note_calls(SeenStatement const& statement, std::set<std::string>& functions,
                    std::set<std::string>& operators) const;

    struct Callable
    {
        std::string name;
        bool is_polymorphic;
        bool takes_two_of_a_type;
    };

private:
    std::map<int, Callable> functions_;
    std::map<int, Callable> operators_;
    std::map<int, std::string> tables_;
};

}  // namespace tracking::testing
