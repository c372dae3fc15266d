#include "job/forms/text_report.hpp"

#include "job/process/terminal.hpp"

#include "config/sources/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tracking::job {

namespace {

Tone tone_of(char mark)
{
    switch (mark) {
        case ' ':
        case '*':
            return Tone::Plain;
        case '.':
        case '!':
            return Tone::Caution;
        case 'x':
            return Tone::Bad;
        default:
            return Tone::Good;
    }
}

std::string labelled(std::string_view label)
{
    return fmt::format("{:<9}", label);
}

/// Prints the marks, then lines that begin with a label. Ids come before names: they all have one
/// width, and a name that reads from right to left then only affects the end of its line.
void print_entry(TextPage& page, Entry const& entry)
{
    char mark = entry.mark;
    std::string_view news = entry.is_new ? "*" : " ";
    auto const head = [&](std::string_view label) {
        auto text =
            fmt::format(" {}{} {}", page.paint(Tone::Bold, std::exchange(news, " ")),
                        page.paint(tone_of(mark), std::string_view{&mark, 1}), labelled(label));
        mark = ' ';
        return text;
    };
    auto const field = [&](std::string_view label, std::string_view text) {
        page.paragraph(head(label), text);
    };
    auto const whom = [&](std::string_view label, std::optional<Subject> const& party) {
        if (party)
            field(label, fmt::format("{}  {}", page.paint(Tone::Dim, party->id), party->name));
    };
    whom("tenant", entry.tenant);
    whom("company", entry.company);
    for (auto const& [label, text, tone, is_command] : entry.facts) {
        if (is_command)
            page.line(head(label) + text);
        else
            field(label, page.paint(tone, text));
    }
}

/// Prints how much was left out of a list.
void print_rest(TextPage& page, std::size_t count, std::size_t shown)
{
    if (auto const rest = rest_of(count, shown); !rest.empty())
        page.paragraph("    ", rest);
}

void print_section(TextPage& page, Section const& section)
{
    page.gap();
    auto title = fmt::format("{} ({})", section.title, section.count);
    if (section.summary.empty())
        page.line(page.paint(section.tone, title));
    else
        page.paragraph(page.paint(section.tone, title + ": "), section.summary);
    if (!section.advice.empty())
        page.paragraph("    ", page.paint(Tone::Dim, fmt::format("To do: {}.", section.advice)));
    print_entries(page, section);
}

void print_drift(TextPage& page, std::vector<Section> const& sections)
{
    if (!sections.empty()) {
        page.gap();
        page.line(page.paint(Tone::Dim, kMarks));
    }
    for (auto const& section : sections)
        print_section(page, section);
}

std::size_t width_of(Column const& column)
{
    return std::max<std::size_t>(column.title.size() + 2, 7);
}

/// A count, right-aligned; a dash for zero.
std::string cell(TextPage const& page, std::size_t count, Column const& column)
{
    auto const width = width_of(column);
    return count == 0 ? page.paint(Tone::Dim, fmt::format("{:>{}}", "-", width))
                      : page.paint(column.tone, fmt::format("{:>{}}", count, width));
}

void print_table(TextPage& page, Table const& table)
{
    if (table.rows.empty())
        return;
    auto head = fmt::format("{:<17}", table.title);
    for (auto const& column : table.columns)
        head += fmt::format("{:>{}}", column.title, width_of(column));
    page.line(page.paint(Tone::Bold, head));
    for (auto const& row : table.rows) {
        auto line = fmt::format("  {:<15}", row.name);
        for (std::size_t i = 0; i < table.columns.size(); ++i)
            line += cell(page, row.counts[i], table.columns[i]);
        page.line(line + "   " + page.paint(Tone::Dim, row.meaning));
    }
}

void print_fields(TextPage& page, std::vector<Field> const& fields)
{
    for (auto const& [label, text, tone, is_command] : fields)
        page.paragraph(fmt::format("  {:<13}", label), page.paint(tone, text));
}

void print_notice(TextPage& page, Notice const& notice)
{
    page.paragraph(page.paint(notice.tone, labelled(notice.label)), notice.text);
    for (auto const& command : notice.commands)
        page.line(labelled("") + "  " + command);
}

void print_messages(TextPage& page, std::vector<Notice> const& notices)
{
    if (!notices.empty())
        page.gap();
    for (auto const& notice : notices)
        print_notice(page, notice);
}

void print_tables(TextPage& page, Document const& document)
{
    page.gap();
    if (!document.in_sync.empty())
        page.line(page.paint(Tone::Good, document.in_sync));
    print_table(page, document.drift);
    if (document.changes.rows.empty())
        return;
    page.gap();
    print_table(page, document.changes);
    page.paragraph("  ", document.written);
}

void print_guards(TextPage& page, Document const& document)
{
    for (auto const& guard : document.guards) {
        page.gap();
        print_notice(page, guard);
    }
    if (!document.allowance)
        return;
    page.line(labelled("") + document.allowance->text + ":");
    for (auto const& command : document.allowance->commands)
        page.line(labelled("") + "  " + command);
}

void print_left(TextPage& page, Left const& left)
{
    page.gap();
    page.line(page.paint(left.tone, left.text));
    print_table(page, left.drift);
    print_drift(page, left.sections);
}

void print_remarks(TextPage& page, Remarks const& remarks)
{
    if (remarks.count == 0)
        return;
    page.gap();
    page.line(page.paint(Tone::Bold, fmt::format("Remarks ({})", remarks.count)));
    for (auto const& remark : remarks.texts)
        page.paragraph("  * ", remark);
    print_rest(page, remarks.count, remarks.texts.size());
}

/// Prints what to do. Commands are never broken up: each can be copied from its line.
void print_step(TextPage& page, Step const& step)
{
    auto const text = page.paint(step.tone, step.text);
    if (step.commands.empty())
        return page.paragraph("", text);
    auto const line = fmt::format("{}: {}", text, step.commands.front());
    if (step.commands.size() == 1 && page.fits(line))
        return page.line(line);
    page.paragraph("", text + ":");
    for (auto const& command : step.commands)
        page.line("  " + command);
}

/// Prints the end of the report. The last line says how the command ended, or what to do next.
void print_closing(TextPage& page, Document const& document)
{
    page.gap();
    for (auto const& step : document.closing)
        print_step(page, step);
    if (auto const& last = document.convergence)
        page.line(page.paint(last->tone, last->label + ": " + last->text));
}

void print(TextPage& page, Document const& document)
{
    page.paragraph(page.paint(Tone::Bold, document.program + ": "),
                   page.paint(document.tone, document.verdict));
    print_fields(page, document.place);
    print_fields(page, document.sizes);
    print_fields(page, document.origin);
    print_messages(page, document.notices);
    if (!document.sizes.empty()) {
        page.gap();
        print_fields(page, document.counts);
        print_tables(page, document);
    }
    print_guards(page, document);
    if (document.stale)
        print_section(page, *document.stale);
    if (document.left) {
        for (auto const& section : document.sections)
            print_section(page, section);
        print_left(page, *document.left);
    } else {
        print_drift(page, document.sections);
    }
    print_remarks(page, document.remarks);
    if (!document.closing.empty() || document.convergence)
        print_closing(page, document);
}

}  // namespace

void print_entries(TextPage& page, Section const& section)
{
    for (auto const& entry : section.entries)
        print_entry(page, entry);
    print_rest(page, section.count, section.entries.size());
}

TextStyle style_for(config::Config const& config, int fd)
{
    return {.colors = wants_color(config.color, fd, config::process_environment()) ? Colors::On
                                                                                   : Colors::Off,
            .width = terminal_width(fd),
            .list_limit = static_cast<std::size_t>(config.list_limit)};
}

std::string render_text(Report const& report, TextStyle const& style)
{
    TextPage page{style.colors, style.width};
    print(page, document_of(report, {.each = style.list_limit}));
    return std::move(page).take();
}

}  // namespace tracking::job
