#include "job/forms/markdown_report.hpp"

#include "job/document/document.hpp"
#include "job/forms/markdown_text.hpp"
#include "job/forms/text_page.hpp"
#include "job/forms/text_report.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>
#include <vector>

namespace tracking::job {

namespace {

constexpr int kBlockWidth = 100;

class MarkdownReport
{
public:
    explicit MarkdownReport(Document document) : document_{std::move(document)} {}

    std::string render() &&
    {
        out_ = fmt::format("## {} {}: {}\n", sign_of(document_.tone), words(document_.program),
                           words(document_.verdict));
        add_fields({&document_.place, &document_.sizes});
        if (document_.convergence)
            add_notices({*document_.convergence});
        add_notices(document_.notices);
        add_steps();
        add_table(document_.drift);
        if (!document_.in_sync.empty())
            add_paragraph(words(document_.in_sync));
        add_table(document_.changes);
        if (!document_.written.empty())
            add_paragraph(words(document_.written));
        if (document_.stale)
            add_section(*document_.stale);
        for (auto const& section : document_.sections)
            add_section(section);
        add_left();
        add_remarks();
        add_fields({&document_.counts, &document_.origin});
        return std::move(out_);
    }

private:
    void add_paragraph(std::string_view text) { out_.append("\n").append(text) += '\n'; }

    void add_notices(std::vector<Notice> const& notices)
    {
        for (auto const& [label, text, tone, commands] : notices) {
            add_paragraph(fmt::format("{} **{}** {}", sign_of(tone), words(label), code(text)));
            if (!commands.empty())
                add_paragraph(block("sh", fmt::format("{}", fmt::join(commands, "\n"))));
        }
    }

    /// What to do comes before all counts, after the guards that ask for it.
    void add_steps()
    {
        add_notices(document_.guards);
        auto steps = document_.closing;
        if (document_.allowance)
            steps.insert(steps.begin(), *document_.allowance);
        if (!steps.empty())
            out_ += '\n';
        for (auto const& [text, commands, tone] : steps) {
            out_ += fmt::format("- {}{}\n", words(text), commands.empty() ? "" : ":");
            if (!commands.empty())
                out_.append("\n").append(
                    block("sh", fmt::format("{}", fmt::join(commands, "\n")), "  "));
        }
    }

    void add_table(Table const& table)
    {
        if (table.rows.empty())
            return;
        auto head = fmt::format("\n| {} |", words(table.title));
        std::string rule = "|---|";
        for (auto const& column : table.columns) {
            head += fmt::format(" {} |", words(column.title));
            rule += "--:|";
        }
        out_ += fmt::format("{} |\n{}---|\n", head, rule);
        for (auto const& row : table.rows) {
            out_ += fmt::format("| {} |", code(row.name));
            for (auto const count : row.counts)
                out_ += count == 0 ? " – |" : fmt::format(" {} |", count);
            out_ += fmt::format(" {} |\n", words(row.meaning));
        }
    }

    void open_details(std::string_view summary)
    {
        out_ += fmt::format("\n<details><summary>{}</summary>\n\n", summary);
    }

    void close_details() { out_ += "\n</details>\n"; }

    /// Items look as in the text report.
    void add_section(Section const& section)
    {
        open_details(fmt::format("<b>{}</b> ({}){}", words(section.title), section.count,
                                 section.summary.empty() ? "" : ": " + words(section.summary)));
        if (!section.advice.empty())
            out_ += fmt::format("To do: {}.\n\n", words(section.advice));
        TextPage page{Colors::Off, kBlockWidth};
        print_entries(page, section);
        out_ += block("text", std::move(page).take());
        close_details();
    }

    void add_left()
    {
        if (!document_.left)
            return;
        add_paragraph(fmt::format("**{}**", words(document_.left->text)));
        add_table(document_.left->drift);
        for (auto const& section : document_.left->sections)
            add_section(section);
    }

    void add_remarks()
    {
        auto const& [count, texts] = document_.remarks;
        if (count == 0)
            return;
        open_details(fmt::format("<b>Remarks</b> ({})", count));
        for (auto const& text : texts)
            out_ += fmt::format("- {}\n", code(text));
        if (auto const rest = rest_of(count, texts.size()); !rest.empty())
            out_ += fmt::format("- {}\n", words(rest));
        close_details();
    }

    void add_fields(std::initializer_list<std::vector<Field> const*> groups)
    {
        out_ += '\n';
        for (auto const* fields : groups) {
            for (auto const& [label, text, tone, is_command] : *fields) {
                auto const shown = code(text);
                out_ +=
                    fmt::format(fmt::runtime(tone == Tone::Bold ? "- {}: **{}**\n" : "- {}: {}\n"),
                                words(label), shown);
            }
        }
    }

    Document document_;
    std::string out_;
};

}  // namespace

std::string render_markdown(Report const& report, std::size_t list_limit)
{
    return MarkdownReport{document_of(report, {.each = list_limit})}.render();
}

}  // namespace tracking::job
