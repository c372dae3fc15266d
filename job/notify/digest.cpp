#include "job/notify/digest.hpp"

#include "job/document/document.hpp"
#include "job/forms/markdown_text.hpp"
#include "job/process/shown_text.hpp"
#include "job/report/wording.hpp"

#include "models/rules/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <span>

namespace tracking::job {

namespace {

constexpr std::size_t kMostNotices = 8;
constexpr std::size_t kLongestNotice = 500;
constexpr std::size_t kMostItems = 5;

/// Slack takes `<!channel>` for a mention in code too, and the others show `&lt;` there as it is.
std::string without_brackets(std::string_view text)
{
    std::string kept;
    for (auto const byte : text)
        kept += byte == '<' ? "‹" : byte == '>' ? "›" : std::string(1, byte);
    return kept;
}

std::string field(std::string_view label, std::string_view text)
{
    return fmt::format("- {}: {}\n", words(label), code(without_brackets(text)));
}

std::string commands(std::vector<std::string> const& lines)
{
    return lines.empty() ? std::string{}
                         : block("", without_brackets(fmt::format("{}", fmt::join(lines, "\n"))));
}

std::string fields_of(std::vector<Field> const& fields)
{
    std::string text;
    for (auto const& one : fields)
        text += field(one.label, one.text);
    return text;
}

std::string notices_of(std::vector<Notice> const& notices)
{
    std::string text;
    auto const shown = std::min(notices.size(), kMostNotices);
    for (auto const& notice : std::span{notices}.first(shown))
        text += field(notice.label, models::printable(notice.text, kLongestNotice)) +
                commands(notice.commands);
    if (shown < notices.size())
        text += fmt::format("- and {} more\n", notices.size() - shown);
    return text;
}

/// The id by which a command finds the item.
std::string id_of(reconcile::Drift const& drift)
{
    return drift.tenant ? drift.tenant->str() : drift.company.value_or(models::CompanyId{}).str();
}

/// The first of these items, each with the command that tells more.
std::string items_of(std::vector<reconcile::Drift const*> const& items, Report const& report)
{
    std::string text = "\nNew for a person:\n\n";
    std::vector<std::string> lines;
    auto const shown = std::min(items.size(), kMostItems);
    for (std::size_t i = 0; i < shown; ++i) {
        auto const& drift = *items[i];
        auto const& name = drift.tenant_name.empty() ? drift.company_name : drift.tenant_name;
        text += field(name_of(drift.kind), in_quotes(name));
        lines.push_back(report.repeated.complete("customer-reconcile explain " + id_of(drift)));
    }
    if (shown < items.size())
        text += fmt::format("- and {} more\n", items.size() - shown);
    return text + commands(lines);
}

std::string step(Step const& step)
{
    return '\n' + words(step.text) + (step.commands.empty() ? "\n" : ":\n") +
           commands(step.commands);
}

}  // namespace

std::string digest_of(Report const& report, std::vector<News> const& news,
                      std::string_view environment)
{
    auto const document = document_of(report, {.each = 1, .in_all = 1});
    // Blank lines keep paragraphs apart from one another and from lists.
    auto text = fmt::format("{} {}: {}\n\n", sign_of(document.tone), words(document.program),
                            words(document.verdict));
    for (auto const& one : news)
        text += words(one.reason) + "\n\n";
    if (!environment.empty())
        text += field("environment", environment);
    text += fields_of(document.place) + fields_of(document.sizes);
    if (report.run && !report.is_idle)
        text += field("run", report.run->str());
    text += notices_of(document.notices) + notices_of(document.guards);
    if (document.allowance)
        text += step(*document.allowance);
    if (std::ranges::find(news, config::Occasion::Decision, &News::occasion) != news.end())
        text += items_of(new_decisions(report), report);
    for (auto const& one : document.closing)
        text += step(one);
    return mask_addresses(text);
}

}  // namespace tracking::job
