#include "tests/support/statements/statement_rules.hpp"

#include "tests/support/servers/cluster.hpp"

#include <filesystem>
#include <fstream>
#include <regex>

namespace tracking::testing {

namespace {

struct Record
{
    std::string pid;
    std::string level;
    std::string text;
};

/// Of cluster.sh's log_line_prefix: time, process, database.
std::regex const kRecord{R"(^\d{4}-\d\d-\d\d \S+ \S+ \[(\d+)\] (\S*) ([A-Z]+):  (.*)$)"};

constexpr std::string_view kParameters = "parameters: ";
constexpr std::string_view kParametersOf17 = "Parameters: ";  // PostgreSQL 17 takes a capital

std::vector<Record> records_of(std::istream& log, std::string const& database)
{
    std::vector<Record> records;
    bool is_ours = false;
    for (std::string line; std::getline(log, line);) {
        // A line of a statement or tree goes on after a tab; the expression is only for what may
        // be a head, as trees are long.
        std::smatch head;
        if (line.starts_with('\t')) {
            if (is_ours)
                records.back().text += "\n" + line.substr(1);
        } else if (line.size() > 4'000) {
            auto const start = line.substr(0, 200);
            is_ours = std::regex_match(start, head, kRecord) && head[2] == database;
            if (is_ours)
                records.push_back(
                    {head[1], head[3], line.substr(static_cast<std::size_t>(head.position(4)))});
        } else {
            is_ours = std::regex_match(line, head, kRecord) && head[2] == database;
            if (is_ours)
                records.push_back({head[1], head[3], head[4]});
        }
    }
    return records;
}

bool has_parameters(std::string_view detail)
{
    return detail.starts_with(kParameters) || detail.starts_with(kParametersOf17);
}

}  // namespace

std::string with_parameters(SeenStatement const& statement)
{
    static std::regex const kParameter{R"((\$\d+) = ('(?:[^']|'')*'|NULL))"};
    auto text = statement.text;
    auto const& all = statement.parameters;
    for (std::sregex_iterator one{all.begin(), all.end(), kParameter}, none; one != none; ++one) {
        std::string const name = (*one)[1];
        for (auto at = text.find(name); at != text.npos; at = text.find(name, at))
            text.replace(at, name.size(), (*one)[2]);
    }
    return text;
}

StatementLog::StatementLog(std::string database)
    : database_{std::move(database)}, file_{cluster_directory() + "/postgresql.log"}
{
    start_ = std::filesystem::file_size(file_);
}

std::vector<SeenStatement> StatementLog::read() const
{
    std::ifstream log{file_};
    log.seekg(static_cast<std::streamoff>(start_));
    std::vector<SeenStatement> seen;
    static std::regex const kStatement{R"(^(statement|execute ([^:]*)): ([^]*)$)"};
    bool is_tree = false;
    for (auto const& [pid, level, text] : records_of(log, database_)) {
        std::smatch parts;
        if (level == "DETAIL" && is_tree)
            seen.push_back({.text = {},
                            .prepared_as = {},
                            .parameters = {},
                            .trees = {parse_tree(text)},
                            .process = pid});
        else if (level == "DETAIL" && has_parameters(text) && !seen.empty())
            seen.back().parameters = text.substr(kParameters.size());
        else if (level == "CONTEXT" && !seen.empty() && seen.back().text.empty())
            seen.pop_back();  // the server's own: it checks a foreign key, or runs a trigger
        else if (level == "STATEMENT" && !seen.empty() && seen.back().text.empty())
            seen.back().text = text;
        else if (level == "LOG" && std::regex_search(text, parts, kStatement))
            seen.push_back({.text = parts[3],
                            .prepared_as = parts[2],
                            .parameters = {},
                            .trees = {},
                            .process = pid});
        is_tree = level == "LOG" && text.starts_with("parse tree:");
    }
    return seen;
}

std::vector<std::string> StatementLog::plans() const
{
    std::ifstream log{file_};
    log.seekg(static_cast<std::streamoff>(start_));
    std::vector<std::string> plans;
    for (auto const& [pid, level, text] : records_of(log, database_)) {
        if (level == "LOG" && text.starts_with("duration: ") &&
            text.find("plan:") != std::string::npos)
            plans.push_back(text);
    }
    return plans;
}

}  // namespace tracking::testing
