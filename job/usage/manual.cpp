#include "job/usage/manual.hpp"

#include <fmt/format.h>

namespace tracking::job {

namespace {

/// As roff shows it: a hyphen that can be copied, and no line that is taken for a request.
std::string escaped(std::string_view text)
{
    std::string escaped;
    for (char const c : text) {
        if (c == '\\')
            escaped += "\\e";
        else if (c == '-')
            escaped += "\\-";
        else
            escaped += c;
    }
    if (escaped.starts_with('.') || escaped.starts_with('\''))
        escaped.insert(0, "\\&");
    return escaped;
}

std::string option_paragraph(config::Option const& option)
{
    return fmt::format(
        ".TP\n\\fB{}{}\\fR{}\n{}\n",
        option.letter.empty() ? "" : escaped(option.letter) + "\\fR, \\fB", escaped(option.flag),
        option.placeholder.empty() ? "" : " \\fI" + escaped(option.placeholder) + "\\fR",
        escaped(option.help));
}

std::string command_section(Command const& command)
{
    std::string flags;
    for (auto const& flag :
         config::flags([&](std::string_view option) { return command.uses(option); }))
        flags += (flags.empty() ? "" : ", ") + escaped(flag);
    return fmt::format(
        ".SS {0}\n.B customer\\-reconcile {0}\n.I {1}\n.PP\n{2}.\n{5}.PP\nExample:\n.PP\n.RS "
        "4\n.nf\n"
        "customer\\-reconcile {3}\n.fi\n.RE\n{4}",
        escaped(command.name), escaped(command.operands), escaped(command.summary),
        escaped(command.example), flags.empty() ? "" : fmt::format(".PP\nOptions: {}\n", flags),
        command.details.empty() ? "" : fmt::format(".PP\n{}\n", escaped(command.details)));
}

}  // namespace

std::string manual_page(std::string_view version, std::span<Command const> commands)
{
    auto text = fmt::format(
        ".TH CUSTOMER\\-RECONCILE 1 \"\" \"customer\\-reconcile {}\" \"User Commands\"\n"
        ".SH NAME\ncustomer\\-reconcile \\- keep the management tenant's customers equal to the "
        "platform's tenants\n.SH SYNOPSIS\n.B customer\\-reconcile\n.I "
        "COMMAND\n[\\fIOPERAND\\fR...] "
        "[\\fIOPTION\\fR...]\n.SH DESCRIPTION\nEvery tenant of the platform should be a customer "
        "of "
        "the management tenant: one company, tagged, with the tenant's admin as contact. The "
        "program "
        "compares both sides, reports what differs, and applies what would make them equal.\n"
        ".SH COMMANDS\n",
        escaped(version));
    for (auto const& command : commands)
        text += command_section(command);
    text +=
        ".SH OPTIONS\nEach setting is a key of the configuration file and a variable of the "
        "environment too: grace.time, \\-\\-grace\\-time, CUSTOMER_RECONCILE_GRACE_TIME. A flag "
        "wins over the environment, the environment over the file.\n";
    for (auto const& option : config::options([](std::string_view) { return true; }))
        text += option_paragraph(option);
    text += ".SH EXIT STATUS\n";
    for (auto const& row : kEndings)
        text += fmt::format(".TP\n\\fB{}\\fR {}\n{}\n", static_cast<int>(row.ending), row.name,
                            escaped(row.help));
    return text;
}

}  // namespace tracking::job
