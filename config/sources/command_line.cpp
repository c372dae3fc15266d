#include "config/sources/command_line.hpp"

#include "config/settings/setting.hpp"
#include "models/rules/text.hpp"
#include "models/values/lists.hpp"

#include <fmt/format.h>
#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <boost/program_options.hpp>

#include <algorithm>
#include <sstream>

namespace tracking::config {
namespace {

namespace po = boost::program_options;
using Texts = std::vector<std::string>;

/// An option of one invocation. No file and no variable can give it.
struct Switch
{
    char const* name;
    bool CommandLine::*on;
    char const* help;
};

constexpr Switch kSwitches[] = {
    {"yes,y", &CommandLine::yes, "apply, link, undo, init: do it without asking"},
    {"print", &CommandLine::print, "init: only print the SQL"},
    {"rehearse", &CommandLine::rehearse,
     "plan: make the changes, under locks and as a writer, and roll them back"},
    {"prune", &CommandLine::prune, "init: delete what is older than journal.retention"},
    {"trend", &CommandLine::trend, "history: the drift that the runs found and left, as a chart"},
    {"help,h", &CommandLine::help, "Show this help"},
    {"version,v", &CommandLine::version, "Show the version"},
};

/// The same with a value. A placeholder such as `[=any|new]` names all values; without one the
/// first is meant.
struct Valued
{
    char const* name;
    char const* placeholder;
    Texts CommandLine::*values;
    char const* help;
    bool may_repeat = false;
};

constexpr Valued kValued[] = {
    {"config,c", "FILE", &CommandLine::config, "Configuration file (or CUSTOMER_RECONCILE_CONFIG)"},
    {"out,o", "FILE", &CommandLine::out, "plan: save the plan for `apply FILE`"},
    {"allow", "KIND=N", &CommandLine::allow,
     "apply FILE, undo RUN: let exactly N changes of the kind create, change or cleanup pass their "
     "guard",
     true},
    {"only", "ITEM", &CommandLine::only,
     "Change only this tenant or company: its id, or its whole name. What it shares a passing name "
     "or address with goes with it",
     true},
    {"except", "ITEM", &CommandLine::except, "Do not change this tenant or company; as --only",
     true},
    {"instead-of", "TENANT", &CommandLine::instead_of,
     "init: the former management tenant, by name or id, where another one takes its place"},
    {"since", "RUN", &CommandLine::since,
     "plan: tell what is new and what is gone since this run, in place of the last one"},
    {"detailed-exitcode", "[=any|new]", &CommandLine::detailed_exitcode,
     "plan: exit with 2 when there is drift; new: only when the last run had not noted all of it"},
    {"reason", "TEXT", &CommandLine::reason,
     "Why --allow or a link is right; the journal keeps the text"},
};

/// All values that the option can have, the one that is meant without a value first; empty: any
/// text is a value.
Texts choices_of(Valued const& option)
{
    std::string_view const placeholder{option.placeholder};
    if (!placeholder.starts_with("[="))
        return {};
    Texts choices;
    boost::split(choices, placeholder.substr(2, placeholder.size() - 3), boost::is_any_of("|"));
    return choices;
}

bool every_option(std::string_view)
{
    return true;
}

std::string long_name(auto const& option)
{
    std::string const name = option.name;
    return name.substr(0, name.find(','));
}

/// `-y` of "yes,y"; empty where there is none.
std::string letter_of(auto const& option)
{
    std::string const name = option.name;
    auto const comma = name.find(',');
    return comma == name.npos ? "" : fmt::format("-{}", name.substr(comma + 1));
}

po::options_description invocation_options(OptionFilter const& takes)
{
    po::options_description options("Options of the invocation", 100);
    for (auto const& option : kValued)
        if (takes(long_name(option)))
            options.add_options()(option.name, po::value<Texts>()->value_name(option.placeholder),
                                  option.help);
    for (auto const& option : kSwitches)
        if (takes(long_name(option)))
            options.add_options()(option.name, option.help);
    return options;
}

po::options_description setting_options(OptionFilter const& takes)
{
    po::options_description options("Settings", 100);
    for (auto const& setting : settings()) {
        if (setting.form == Setting::Form::FileOnly || !takes(setting.key))
            continue;
        options.add_options()(setting.flag().substr(2).c_str(),
                              po::value<Texts>()->value_name(setting.placeholder),
                              setting.help.c_str());
    }
    return options;
}

/// Writes the value beside each switch that stands alone. The library could imply a value, but it
/// would take the word after the switch instead.
Texts with_switch_values(Texts arguments)
{
    for (auto& argument : arguments) {
        if (argument == "--")
            break;
        for (auto const& setting : settings())
            if (setting.form == Setting::Form::Switch && setting.flag() == argument) {
                argument += "=true";
                break;
            }
        for (auto const& option : kValued)
            if (auto const choices = choices_of(option);
                !choices.empty() && argument == "--" + long_name(option))
                argument += "=" + choices.front();
    }
    return arguments;
}

/// The library takes the next argument as the value, even an option: `--report --dry-run`.
bool swallows_an_option(po::option const& option)
{
    return option.position_key < 0 && option.original_tokens.size() > 1 &&
           option.value.front().starts_with('-');
}

/// Takes one option after another, and collects what is wrong with them.
class Sorter
{
public:
    void take(po::option const& option)
    {
        if (option.unregistered)
            return refuse_unknown(option.original_tokens.front());
        if (swallows_an_option(option))
            return problems_.push_back(
                fmt::format("--{0}: its value is missing; for one that starts with - write "
                            "--{0}=VALUE",
                            option.string_key));
        if (option.position_key >= 0)
            words_and_flags_.words.insert(words_and_flags_.words.end(), option.value.begin(),
                                          option.value.end());
        else if (!take_valued(option) && !take_switch(option.string_key))
            take_setting(option);
    }

    CommandLine finish()
    {
        if (!problems_.empty())
            throw UsageError(fmt::format("{}", fmt::join(problems_, "\n")));
        return std::move(words_and_flags_);
    }

private:
    void refuse_unknown(std::string const& token)
    {
        auto const known = flags(every_option);
        auto const name = token.substr(0, token.find('='));
        problems_.push_back(fmt::format("{}: no option has this name{}", name,
                                        did_you_mean(name, known, "; --help lists them")));
    }

    bool take_valued(po::option const& option)
    {
        for (auto const& known : kValued) {
            if (long_name(known) != option.string_key)
                continue;
            words_and_flags_.given.push_back(option.string_key);
            auto& values = words_and_flags_.*known.values;
            if (!values.empty() && !known.may_repeat)
                problems_.push_back(fmt::format("--{}: given twice; keep one", option.string_key));
            else if (option.value.front().empty())
                problems_.push_back(fmt::format("--{}: its value is empty", option.string_key));
            else if (known.values == &CommandLine::reason &&
                     (models::is_blank(option.value.front()) ||
                      !models::is_utf8(option.value.front())))
                problems_.push_back(
                    fmt::format("--{}: \"{}\" is no text in UTF-8 with more than blanks",
                                option.string_key, models::printable(option.value.front())));
            else if (auto const choices = choices_of(known);
                     !choices.empty() && std::ranges::count(choices, option.value.front()) == 0)
                problems_.push_back(fmt::format("--{}: \"{}\" is not one of {}", option.string_key,
                                                option.value.front(), fmt::join(choices, ", ")));
            else
                values.push_back(option.value.front());
            return true;
        }
        return false;
    }

    bool take_switch(std::string const& name)
    {
        for (auto const& option : kSwitches)
            if (long_name(option) == name) {
                words_and_flags_.given.push_back(name);
                return words_and_flags_.*option.on = true;
            }
        return false;
    }

    void take_setting(po::option const& option)
    {
        for (auto const& setting : settings()) {
            if (setting.flag() != "--" + option.string_key)
                continue;
            auto& texts = words_and_flags_.settings[setting.key];
            if (!texts.empty() && setting.form != Setting::Form::List)
                problems_.push_back(setting.flag() + ": given twice; keep one");
            texts.insert(texts.end(), option.value.begin(), option.value.end());
            words_and_flags_.given.push_back(setting.key);
        }
    }

    CommandLine words_and_flags_;
    std::vector<std::string> problems_;
};

}  // namespace

CommandLine parse_command_line(std::vector<std::string> const& arguments)
{
    using namespace po::command_line_style;
    po::options_description all;
    all.add(invocation_options(every_option)).add(setting_options(every_option));
    Sorter sorter;
    try {
        auto const parsed = po::command_line_parser(with_switch_values(arguments))
                                .options(all)
                                .style(unix_style & ~allow_guessing)
                                .allow_unregistered()
                                .run();
        for (auto const& option : parsed.options)
            sorter.take(option);
    } catch (po::error const& error) {  // the library's only way to report a missing value
        throw UsageError(error.what());
    }
    return sorter.finish();
}

std::string options_help(OptionFilter const& takes)
{
    std::ostringstream text;
    text << invocation_options(takes);
    if (auto const settings = setting_options(takes); !settings.options().empty())
        text << '\n' << settings;
    return text.str();
}

std::vector<Option> options(OptionFilter const& takes)
{
    std::vector<Option> all;
    for (auto const& option : kValued)
        if (takes(long_name(option)))
            all.push_back({flag_of(long_name(option)), letter_of(option), option.placeholder,
                           option.help, option.may_repeat});
    for (auto const& option : kSwitches)
        if (takes(long_name(option)))
            all.push_back({flag_of(long_name(option)), letter_of(option), "", option.help});
    for (auto const& setting : settings())
        if (setting.form != Setting::Form::FileOnly && takes(setting.key))
            all.push_back({setting.flag(), "", setting.placeholder, setting.help,
                           setting.form == Setting::Form::List});
    return all;
}

std::vector<std::string> flags(OptionFilter const& takes)
{
    return models::each_of(options(takes), &Option::flag);
}

std::string flag_of(std::string_view option)
{
    auto flag = "--" + std::string{option};
    std::ranges::replace(flag, '.', '-');
    return flag;
}

}  // namespace tracking::config
