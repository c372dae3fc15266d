#include "job/json_report.hpp"

#include "tests/support/sample_report.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace tracking::job {
namespace {

namespace json = boost::json;
using ::testing::TempDir;

/// Complains on stderr. A missing python3-jsonschema is a failure like any other.
constexpr char const* kValidate = R"python(
import json, sys, jsonschema
schema, report = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:])
jsonschema.Draft202012Validator.check_schema(schema)
errors = list(jsonschema.Draft202012Validator(schema).iter_errors(report))
for error in errors:
    print(list(error.absolute_path), error.message[:200], file=sys.stderr)
sys.exit(1 if errors else 0)
)python";

enum class Valid { Yes, No, NotChecked };

Valid validate(std::string const& report)
{
    auto const* const test = ::testing::UnitTest::GetInstance()->current_test_info();
    auto name = TempDir() + "report-" + test->name() + ".json";
    for (auto at = name.find("Report/"); at != std::string::npos; at = name.find("Report/"))
        name[at + 6] = '-';
    std::ofstream{name} << report;
    auto const command = std::string{PYTHON} + " -c '" + kValidate + "' " + REPORT_SCHEMA + " '" +
                         name + "'";
    auto const status = std::system(command.c_str());
    std::filesystem::remove(name);
    if (status == 0)
        return Valid::Yes;
    return WIFEXITED(status) && WEXITSTATUS(status) == 1 ? Valid::No : Valid::NotChecked;
}
