#include "job/forms/html/html_report.hpp"

#include "job/document/document.hpp"
#include "job/forms/html/assets.hpp"
#include "job/forms/html/chart_data.hpp"
#include "job/forms/html/html_data.hpp"
#include "job/text/base64.hpp"

#include "models/rules/utc.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <span>

namespace tracking::job {

namespace {

std::string_view class_of(Tone tone)
{
    switch (tone) {
        case Tone::Plain:
        case Tone::Bold:
        case Tone::Dim:
            return "plain";
        case Tone::Good:
            return "good";
        case Tone::Caution:
            return "caution";
        case Tone::Bad:
            return "bad";
    }
    return "plain";
}

std::string_view sign_of(Tone tone)
{
    switch (tone) {
        case Tone::Good:
            return "✓";
        case Tone::Caution:
            return "!";
        case Tone::Bad:
            return "✗";
        default:
            return "i";
    }
}

/// The hash by which a content security policy names what it allows.
std::string hash_of(std::string_view text)
{
    std::string digest(SHA256_DIGEST_LENGTH, '\0');
    SHA256(reinterpret_cast<unsigned char const*>(text.data()), text.size(),
           reinterpret_cast<unsigned char*>(digest.data()));
    return base64(digest);
}

data field_data(Field const& field)
{
    return object{{"label", field.label}, {"text", field.text}};
}

data fact_data(Field const& field)
{
    return object{{"label", field.label},
                  {"words", text_or_none(field.is_command ? std::string_view{} : field.text)},
                  {"command", text_or_none(field.is_command ? field.text : std::string_view{})}};
}

data notice_data(Notice const& notice)
{
    return object{{"tone", text(class_of(notice.tone))},
                  {"label", notice.label},
                  {"text", notice.text},
                  {"commands", each(notice.commands, text)}};
}

data step_data(Step const& step)
{
    return object{{"text", step.text},
                  {"has_commands", !step.commands.empty()},
                  {"commands", each(step.commands, text)}};
}

data to_do_data(Document const& document)
{
    auto steps = document.closing;
    if (document.allowance)
        steps.insert(steps.begin(), *document.allowance);
    if (steps.empty())
        return false;
    return object{{"guards", each(document.guards, notice_data)},
                  {"steps", each(steps, step_data)}};
}

data row_data(Row const& row)
{
    auto const shown = [](std::size_t count) {
        return text(count == 0 ? "–" : std::to_string(count));
    };
    return object{{"name", text(row.name)},
                  {"meaning", text_or_none(row.meaning)},
                  {"counts", each(row.counts, shown)}};
}

data table_data(Table const& table)
{
    if (table.rows.empty())
        return false;
    mustache::list advice;
    for (auto const& row : table.rows) {
        if (!row.advice.empty())
            advice.push_back(
                field_data({std::string{row.name}, fmt::format("To do: {}.", row.advice)}));
    }
    return object{
        {"title", text(table.title)},
        {"columns", each(table.columns, [](Column const& column) { return text(column.title); })},
        {"rows", each(table.rows, row_data)},
        {"advice", advice.empty() ? data{false} : object{{"fields", advice}}}};
}

data counts_data(Document const& document)
{
    if (document.sizes.empty())
        return false;
    return object{{"parts", mustache::list{object{{"table", table_data(document.drift)},
                                                  {"remark", text_or_none(document.in_sync)}},
                                           object{{"table", table_data(document.changes)},
                                                  {"remark", text_or_none(document.written)}}}},
                  {"fields", each(document.counts, field_data)}};
}

data remarks_data(Remarks const& remarks)
{
    if (remarks.count == 0)
        return false;
    return object{{"count", std::to_string(remarks.count)},
                  {"texts", each(remarks.texts, text)},
                  {"rest", text_or_none(rest_of(remarks.count, remarks.texts.size()))}};
}

data subject_data(std::optional<Subject> const& subject)
{
    if (!subject)
        return false;
    data shown;
    shown["name"] = subject->name;
    shown["id"] = subject->id;
    shown["is_choice"] = subject->choice != Choice::No;
    shown["stays_held"] = subject->choice == Choice::Held;
    return shown;
}

/// Overwrites the values of the entry before, since a page has thousands of entries.
void set_entry(data& row, Entry const& entry)
{
    auto const& fate = row_of(entry.fate);
    row["fate"] = text(fate.name);
    row["sign"] = text(fate.sign);
    row["state"] = text(fate.words);
    row["kind"] = text(entry.kind);
    row["tenant"] = subject_data(entry.tenant);
    row["company"] = subject_data(entry.company);
    row["is_new"] = entry.is_new;
    row["facts"] = each(entry.facts, fact_data);
}

/// Takes the page piece by piece.
using Output = mustache::mustache::render_handler;

data list_data(std::string_view title, std::span<Section const> sections, Output const& output)
{
    mustache::list cuts;
    for (auto const& [name, tone, count, summary, advice, entries] : sections) {
        if (auto const rest = rest_of(count, entries.size()); !rest.empty())
            cuts.emplace_back(
                fmt::format("{}: {} of {} are listed {}", name, entries.size(), count, rest));
    }
    // Renders one item at a time: as data, thousands of items take many times the memory of their
    // HTML.
    mustache::lambda const items = [sections, &output](std::string const& item) {
        mustache::mustache part{item};
        data row;
        for (auto const& section : sections) {
            for (auto const& entry : section.entries) {
                set_entry(row, entry);
                part.render(row, output);
            }
        }
        return std::string{};
    };
    return object{{"title", text(title)}, {"cuts", cuts}, {"items", items}};
}

mustache::list lists_data(Document const& document, Output const& output)
{
    mustache::list lists;
    auto const add = [&](std::string_view title, std::span<Section const> sections) {
        if (!sections.empty())
            lists.push_back(list_data(title, sections, output));
    };
    if (document.stale)
        add("No longer valid of the plan file", {&*document.stale, 1});
    add(document.left ? "What became of the changes" : "Items", document.sections);
    if (document.left)
        add("Left, by a fresh read", document.left->sections);
    return lists;
}

data page_data(Report const& report, Document const& document, Output const& output)
{
    auto notices = document.notices;
    if (document.convergence)
        notices.insert(notices.begin(), *document.convergence);
    auto const figures = each(figures_of(report), figure_data);
    auto const trend = trend_data(report);
    return object{
        {"style", text(html::kStyle)},
        {"style_hash", hash_of(html::kStyle)},
        {"script", text(html::kScript)},
        {"script_hash", hash_of(html::kScript)},
        {"patterns", text(html::kPatterns)},
        {"program", document.program},
        {"verdict", document.verdict},
        {"tone", text(class_of(document.tone))},
        {"sign", text(sign_of(document.tone))},
        {"outcome", text(name_of(report.ending()))},
        {"meaning", text_or_none(meaning_of(report))},
        {"exit_code", std::to_string(static_cast<int>(report.ending()))},
        {"time", report.server_time ? text(models::utc_text(*report.server_time)) : false},
        {"place", each(document.place, field_data)},
        {"sizes", document.sizes.empty() ? data{false}
                                         : object{{"fields", each(document.sizes, field_data)}}},
        {"notices", each(notices, notice_data)},
        {"to_do", to_do_data(document)},
        {"charts", figures.empty() && trend.is_false()
                       ? data{false}
                       : object{{"figures", figures}, {"trend", trend}}},
        {"counts", counts_data(document)},
        {"lists", lists_data(document, output)},
        {"remarks", remarks_data(document.remarks)},
        {"selecting", text_or_none(document.selecting)},
        {"origin", each(document.origin, field_data)},
    };
}

}  // namespace

std::string render_html(Report const& report)
{
    auto const document = document_of(report, {.in_all = kMostHtmlItems});
    std::string html;
    Output const output = [&](std::string const& piece) { html += piece; };
    mustache::mustache{std::string{html::kPage}}.render(page_data(report, document, output),
                                                        output);
    return html;
}

}  // namespace tracking::job
