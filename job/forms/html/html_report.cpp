#include "job/forms/html/html_report.hpp"

#include "job/forms/html/assets.hpp"
#include "job/forms/html/html_charts.hpp"
#include "job/report/document.hpp"
#include "job/report/wording.hpp"

#include "models/rules/utc.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <utility>
#include <vector>

namespace tracking::job {

namespace {

/// How a content security policy names what it allows.
std::string base64_of_hex(std::string_view hex)
{
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    std::uint32_t bits = 0;
    int held = 0;
    for (auto const& digit : hex) {
        std::uint32_t value = 0;
        std::from_chars(&digit, &digit + 1, value, 16);
        bits = bits << 4 | value;
        held += 4;
        if (held >= 6) {
            held -= 6;
            text += kDigits[bits >> held & 63];
        }
    }
    if (held > 0)
        text += kDigits[bits << (6 - held) & 63];
    return text.append((4 - text.size() % 4) % 4, '=');
}

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

class HtmlReport
{
public:
    explicit HtmlReport(Report const& report)
        : report_{report}, document_{document_of(report, {.in_all = kMostHtmlItems})}
    {}

    std::string render() &&
    {
        add_head();
        add_verdict();
        add_steps();
        add_charts();
        add_tables();
        if (document_.stale)
            add_items("No longer valid of the plan file", {*document_.stale});
        add_items(document_.left ? "What became of the changes" : "Items", document_.sections);
        if (document_.left)
            add_items("Left, by a fresh read", document_.left->sections);
        add_remarks();
        add_origin();
        out_ += fmt::format("</main>\n<script>{}</script>\n</body>\n</html>\n", html::kScript);
        return std::move(out_);
    }

private:
    void add_head()
    {
        out_ = fmt::format(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
            "'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<meta name=\"color-scheme\" content=\"light dark\">\n"
            "<meta name=\"referrer\" content=\"no-referrer\">\n"
            "<title>{}: {}</title>\n<style>{}</style>\n</head>\n<body>\n{}<main>\n",
            base64_of_hex(html::kStyleHash), base64_of_hex(html::kScriptHash),
            html_escaped(document_.program), html_escaped(document_.verdict), html::kStyle,
            html::kPatterns);
    }

    void add_verdict()
    {
        auto const meaning = meaning_of(report_);
        out_ += fmt::format(
            "<header class=\"verdict {}\">\n<p class=\"soft\">{}</p>\n<h1><span "
            "aria-hidden=\"true\">{}"
            "</span> {}{}{}</h1>\n<p class=\"soft\">exit code {}{}</p>\n",
            class_of(document_.tone), html_escaped(document_.program), sign_of(document_.tone),
            name_of(report_.outcome), meaning.empty() ? "" : ": ", html_escaped(meaning),
            static_cast<int>(report_.outcome),
            report_.server_time ? " · " + models::utc_text(*report_.server_time) : "");
        if (document_.convergence)
            add_notice(*document_.convergence);
        for (auto const& notice : document_.notices)
            add_notice(notice);
        out_ += "</header>\n";
    }

    void add_notice(Notice const& notice)
    {
        out_ += fmt::format("<p class=\"notice {}\"><b>{}</b> {}</p>\n", class_of(notice.tone),
                            html_escaped(notice.label), html_escaped(notice.text));
    }

    void open(std::string_view title)
    {
        out_ += fmt::format("<section>\n<h2>{}</h2>\n", html_escaped(title));
    }

    void close() { out_ += "</section>\n"; }

    void add_steps()
    {
        auto steps = document_.closing;
        if (document_.allowance)
            steps.insert(steps.begin(), *document_.allowance);
        if (steps.empty())
            return;
        open("What to do now");
        for (auto const& guard : document_.guards)
            add_notice(guard);
        out_ += "<ul class=\"steps\">\n";
        for (auto const& [text, commands, tone] : steps) {
            out_ += fmt::format("<li>{}{}", html_escaped(text), commands.empty() ? "" : ":");
            for (auto const& command : commands)
                out_ += fmt::format("<div class=\"command\"><code>{}</code></div>",
                                    html_escaped(command));
            out_ += "</li>\n";
        }
        out_ += "</ul>\n";
        close();
    }

    void add_charts()
    {
        auto const charts =
            fate_chart(report_) + before_and_after_chart(report_) + phase_chart(report_);
        if (charts.empty())
            return;
        open("At a glance");
        out_ += "<div class=\"charts\">\n" + charts + "</div>\n";
        close();
    }

    void add_tables()
    {
        if (document_.counts.empty())
            return;
        open("Counts");
        add_table(document_.drift);
        if (!document_.in_sync.empty())
            out_ += fmt::format("<p>{}</p>\n", html_escaped(document_.in_sync));
        add_table(document_.changes);
        if (!document_.written.empty())
            out_ += fmt::format("<p>{}</p>\n", html_escaped(document_.written));
        add_fields(document_.counts);
        close();
    }

    void add_table(Table const& table)
    {
        if (table.rows.empty())
            return;
        out_ += fmt::format(
            "<table class=\"counts\">\n<caption>{0}</caption>\n"
            "<thead><tr><th scope=\"col\">kind</th>",
            html_escaped(table.title));
        for (auto const& column : table.columns)
            out_ += fmt::format("<th scope=\"col\">{}</th>", html_escaped(column.title));
        out_ += "</tr></thead>\n<tbody>\n";
        for (auto const& row : table.rows)
            add_row(row);
        out_ += "</tbody>\n</table>\n";
        std::vector<Field> advice;
        for (auto const& row : table.rows) {
            if (!row.advice.empty())
                advice.push_back({std::string{row.name}, fmt::format("To do: {}.", row.advice)});
        }
        if (!advice.empty())
            add_fields(advice);
    }

    void add_row(Row const& row)
    {
        out_ += fmt::format("<tr><th scope=\"row\">{}", html_escaped(row.name));
        if (!row.meaning.empty())
            out_ += fmt::format("<small>{}</small>", html_escaped(row.meaning));
        out_ += "</th>";
        for (auto const count : row.counts)
            out_ += count == 0 ? "<td>–</td>" : fmt::format("<td>{}</td>", count);
        out_ += "</tr>\n";
    }

    void add_items(std::string_view title, std::vector<Section> const& sections)
    {
        if (sections.empty())
            return;
        open(title);
        out_ +=
            "<div class=\"filter\" hidden><input type=\"search\" aria-label=\"Words to look for\" "
            "placeholder=\"Name, id, reason …\"><select aria-label=\"State\"><option value=\"\">"
            "any state</option></select><select aria-label=\"Drift\"><option value=\"\">any drift"
            "</option></select><output class=\"soft\"></output></div>\n";
        for (auto const& section : sections) {
            if (auto const rest = rest_of(section.count, section.entries.size()); !rest.empty())
                out_ += fmt::format("<p class=\"soft\">{}: {} of {} are listed {}</p>\n",
                                    html_escaped(section.title), section.entries.size(),
                                    section.count, html_escaped(rest));
        }
        out_ +=
            "<table class=\"items\">\n<colgroup><col><col><col><col><col></colgroup>\n<thead><tr>"
            "<th scope=\"col\">State</th><th scope=\"col\">Drift</th><th scope=\"col\">Tenant"
            "</th><th scope=\"col\">Company</th><th scope=\"col\">What</th></tr></thead>\n"
            "<tbody>\n";
        for (auto const& section : sections) {
            for (auto const& entry : section.entries)
                add_entry(entry);
        }
        out_ += "</tbody>\n</table>\n";
        close();
    }

    void add_entry(Entry const& entry)
    {
        out_ += fmt::format(
            "<tr class=\"s-{}\"><td><span class=\"sign\" "
            "aria-hidden=\"true\">{}</span> {}</td><td>{}"
            "</td>",
            name_of(entry.fate), job::sign_of(entry.fate), words_for(entry.fate), entry.kind);
        add_party(entry.tenant);
        add_party(entry.company);
        out_ += "<td>";
        for (auto const& [label, text, tone] : entry.facts)
            out_ += fmt::format("<p><b>{}</b>{}</p>", html_escaped(label), html_escaped(text));
        out_ += "</td></tr>\n";
    }

    void add_party(std::optional<Subject> const& party)
    {
        out_ += "<td>";
        if (party)
            out_ += fmt::format("<bdi>{}</bdi><code>{}</code>", html_escaped(party->name),
                                html_escaped(party->id));
        out_ += "</td>";
    }

    void add_remarks()
    {
        auto const& [count, texts] = document_.remarks;
        if (count == 0)
            return;
        open(fmt::format("Remarks ({})", count));
        out_ += "<ul class=\"steps\">\n";
        for (auto const& text : texts)
            out_ += fmt::format("<li>{}</li>\n", html_escaped(text));
        out_ += "</ul>\n";
        if (auto const rest = rest_of(count, texts.size()); !rest.empty())
            out_ += fmt::format("<p class=\"soft\">{}</p>\n", html_escaped(rest));
        close();
    }

    void add_fields(std::vector<Field> const& fields)
    {
        out_ += "<dl>\n";
        for (auto const& field : fields)
            out_ += fmt::format("<dt>{}</dt><dd>{}</dd>\n", html_escaped(field.label),
                                html_escaped(field.text));
        out_ += "</dl>\n";
    }

    void add_origin()
    {
        open("Where and when");
        add_fields(document_.origin);
        close();
    }

    Report const& report_;
    Document document_;
    std::string out_;
};

}  // namespace

std::string html_escaped(std::string_view text)
{
    std::string escaped;
    for (auto const byte : text) {
        switch (byte) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            case '\'':
                escaped += "&#39;";
                break;
            default:
                escaped += byte;
        }
    }
    return escaped;
}

std::string render_html(Report const& report)
{
    return HtmlReport{report}.render();
}

}  // namespace tracking::job
