#include "job/run/approval.hpp"

#include "config/notation/problems.hpp"
#include "reconcile/plan/plan_shape.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <istream>
#include <iterator>
#include <string_view>

namespace tracking::job {

namespace {

reconcile::Allowance allowance_from(std::string_view text)
{
    auto const equals = text.find('=');
    auto const name = text.substr(0, equals);
    auto const digits = equals == text.npos ? std::string_view{} : text.substr(equals + 1);
    auto const row = std::ranges::find(reconcile::kGuardTable, name, &reconcile::GuardRow::name);
    std::size_t count = 0;
    auto const end = digits.data() + digits.size();
    auto const read = std::from_chars(digits.data(), end, count);
    if (row == reconcile::kGuardTable.end() || read.ec != std::errc{} || read.ptr != end)
        throw config::UsageError{
            fmt::format("--allow: \"{}\" is not create=N, change=N or cleanup=N", text)};
    return {.kind = row->kind, .count = count};
}

/// All of the file, or an error as soon as it shows that it is no plan.
std::string text_of_plan(std::istream& stream)
{
    std::string text;
    reconcile::PlanShape shape;
    std::vector<char> chunk(1U << 16U);
    while (stream.read(chunk.data(), std::ssize(chunk)) || stream.gcount() > 0) {
        std::string_view const read{chunk.data(), static_cast<std::size_t>(stream.gcount())};
        shape.take(read);
        text += read;
    }
    return text;
}

}  // namespace

reconcile::Selection Approval::whole_selection() const
{
    if (!saved)
        return selection;
    auto whole = saved->selection;
    if (!selection.only.empty())
        whole.only = selection.only;  // they are among those of the file, or they are refused
    whole.except.insert(whole.except.end(), selection.except.begin(), selection.except.end());
    return whole;
}

std::string Approval::allowances_json() const
{
    boost::json::object all;
    if (!allowances.empty()) {
        boost::json::object allow;
        for (auto const& allowance : allowances)
            allow[reconcile::name_of(allowance.kind)] = allowance.count;
        all = {{"allow", allow}, {"reason", reason}};
    }
    if (auto const whole = whole_selection(); !whole.is_empty())
        all["selection"] = {{"only", boost::json::value_from(whole.only)},
                            {"except", boost::json::value_from(whole.except)}};
    return all.empty() ? std::string{} : boost::json::serialize(all);
}

reconcile::Selection selection_from(config::CommandLine const& line)
{
    return {.only = line.only, .except = line.except};
}

Approval approval_from(config::CommandLine const& line)
{
    if (!line.allow.empty() && line.words.size() < 2)
        throw config::UsageError{
            "--allow holds for one plan file: save it with `plan --out FILE`, then `apply FILE`"};
    auto approval = allowances_from(line);
    approval.selection = selection_from(line);
    if (line.words.size() > 1)
        approval.saved = load_plan_file(line.words[1]);
    return approval;
}

Approval allowances_from(config::CommandLine const& line)
{
    Approval approval;
    if (line.allow.empty() != line.reason.empty())
        throw config::UsageError{"--allow and --reason go together: the journal keeps why"};
    if (!line.reason.empty())
        approval.reason = line.reason.front();
    for (auto const& text : line.allow)
        approval.allowances.push_back(allowance_from(text));
    return approval;
}

reconcile::SavedPlan load_plan_file(std::filesystem::path const& file)
{
    std::ifstream stream{file, std::ios::binary};
    if (!stream)
        throw reconcile::PlanFileError{
            fmt::format("{}: cannot be read; `plan --out FILE` makes one", file.string())};
    try {
        return reconcile::read_plan_file(text_of_plan(stream));
    } catch (reconcile::PlanFileError const& error) {
        throw reconcile::PlanFileError{fmt::format("{}: {}", file.string(), error.what())};
    }
}

}  // namespace tracking::job
