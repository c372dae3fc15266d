// The program understands what the READMEs tell operators to type.

#include "tests/support/servers/job_process.hpp"

#include <gmock/gmock.h>
#include <wordexp.h>
#include <boost/json.hpp>

#include <array>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

namespace tracking::testing {

namespace {

namespace fs = std::filesystem;
using Texts = std::vector<std::string>;
using ::testing::HasSubstr;
using ::testing::Ne;
using ::testing::SizeIs;

fs::path const kRepository{REPOSITORY};

std::string text_of(fs::path const& document)
{
    std::ifstream file{kRepository / document};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The first group of all that match.
Texts all(std::string const& text, std::string const& pattern)
{
    std::regex const expression{pattern, std::regex::ECMAScript | std::regex::multiline};
    Texts found;
    for (std::sregex_iterator one{text.begin(), text.end(), expression}, none; one != none; ++one)
        found.push_back((*one)[1]);
    return found;
}

/// The texts between backquotes, on one line or two.
Texts code_spans(std::string const& text)
{
    auto spans = all(text, "`([^`]+)`");
    for (auto& span : spans)
        span = std::regex_replace(span, std::regex{"\\s+"}, " ");
    return spans;
}

/// Without comments and redirections. A backslash at the end joins two lines.
Texts command_lines(std::string const& document)
{
    auto const text = std::regex_replace(document, std::regex{R"( *\\\n *)"}, " ");
    auto lines = all(text, R"(^ {4,}(?:.* -- |\$ )?customer-reconcile +([a-z][^#>\n]+))");
    for (auto const& span : code_spans(document)) {
        if (span.starts_with("customer-reconcile "))
            lines.push_back(span.substr(span.find(' ') + 1));
    }
    return lines;
}

Texts words_of(std::string const& line)
{
    wordexp_t words{};
    if (wordexp(line.c_str(), &words, WRDE_NOCMD) != 0)
        throw std::runtime_error{"a shell would not take: " + line};
    Texts copy{words.we_wordv, words.we_wordv + words.we_wordc};
    wordfree(&words);
    return copy;
}

Ended run(Texts const& arguments)
{
    // Nobody listens at this address: a command that gets so far has been understood. There is no
    // terminal to ask on.
    return run_job(arguments, {{"CUSTOMER_RECONCILE_SOURCE_DSN", "host=127.0.0.1 port=1 user=x"},
                               {"CUSTOMER_RECONCILE_RETRY_ATTEMPTS", "1"},
                               {"CUSTOMER_RECONCILE_DRY_RUN", "true"}});
}

class DocumentsTest : public ::testing::TestWithParam<char const*>
{
protected:
    /// Some lines write files. One reads the configuration of an overlay.
    void SetUp() override
    {
        fs::create_directory(folder_);
        fs::copy(kRepository / "k8s/overlays", folder_ / "overlays", fs::copy_options::recursive);
        fs::current_path(folder_);
    }
    void TearDown() override
    {
        fs::current_path("/");
        fs::remove_all(folder_);
    }

    std::string text_ = text_of(GetParam());

private:
    fs::path folder_ =
        fs::temp_directory_path() / ("reconcile-documents-" + std::to_string(getpid()));
};

TEST_P(DocumentsTest, NameCommandLinesThatTheBinaryUnderstands)
{
    auto const lines = command_lines(text_);
    EXPECT_THAT(lines, SizeIs(::testing::Ge(10U)));
    for (auto const& line : lines) {
        auto const ended = run(words_of(line));
        EXPECT_THAT(ended.exit_code, ::testing::AllOf(Ne(64), Ne(78))) << line << '\n' << ended.err;
    }
}

TEST_P(DocumentsTest, NameOptionsThatTheBinaryHas)
{
    // An option with a dot is Pushgateway's.
    std::regex const kOurs{
        "^((customer-reconcile|plan|apply|link|undo|history|show|explain|init|doctor|config)\\b"
        "|--[a-z-]+(?![.a-z-]))"};
    auto const help = run({"--help"}).out;
    std::size_t count = 0;
    for (auto const& span : code_spans(text_)) {
        if (!std::regex_search(span, kOurs))
            continue;
        for (auto const& option : all(span, "(--[a-z][a-z-]+)")) {
            EXPECT_THAT(help, HasSubstr(option + ' ')) << span;
            ++count;
        }
    }
    EXPECT_GE(count, 5U);
}

/// `guard.change-ratio`; of a group, `guard.*`, and of kinds of drift, `drift.KIND`.
TEST_P(DocumentsTest, NameSettingsThatTheSchemaHas)
{
    auto const schema = boost::json::parse(run({"config", "schema"}).out);
    auto const& groups = schema.at("properties").as_object();
    std::size_t count = 0;
    for (auto const& span : code_spans(text_)) {
        std::smatch parts;
        if (!std::regex_match(span, parts, std::regex{R"(([a-z-]+)\.([a-z-]+)(: .*)?)"}))
            continue;
        auto const* const group = groups.if_contains(parts[1].str());
        if (!group || !group->as_object().contains("properties"))
            continue;  // a file, or a member of something else
        EXPECT_TRUE(group->at("properties").as_object().contains(parts[2].str())) << span;
        ++count;
    }
    EXPECT_GE(count, 3U);
}

INSTANTIATE_TEST_SUITE_P(Both, DocumentsTest, ::testing::Values("README.md", "k8s/README.md"),
                         [](auto const& document) {
                             return std::string{document.param} == "README.md" ? "Readme"
                                                                               : "Runbook";
                         });

}  // namespace

}  // namespace tracking::testing
