#pragma once

#include "job/document/tone.hpp"
#include "job/report/report.hpp"
#include "job/report/tally.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::job {

// What a report says to people, in order but in no format: text, Markdown and HTML only draw it.
// What is added here shows in all three. Every text is printable, but not escaped for any format.

/// What the command's ending means; empty where all is well.
std::string meaning_of(Report const& report);

struct Field
{
    std::string label;
    std::string text;
    Tone tone = Tone::Plain;
    bool is_command = false;  ///< to be copied as it stands, so no form may break it up
};

/// A line that stands out: `WARNING  the clocks differ`.
struct Notice
{
    std::string label;
    std::string text;
    Tone tone = Tone::Plain;
    std::vector<std::string> commands = {};  ///< that do what the text advises
};

/// What to do now, and the commands for it.
struct Step
{
    std::string text;
    std::vector<std::string> commands = {};
    Tone tone = Tone::Plain;
};

struct Column
{
    std::string_view title;
    Tone tone;
};

struct Row
{
    std::string_view name;
    std::vector<std::size_t> counts;
    std::string_view meaning = {};  ///< a few words
    std::string_view advice = {};   ///< what a person has to do, if anything
};

/// Counts by kind. The last row is their sum. There are no rows where there is nothing to count.
struct Table
{
    std::string_view title;
    std::vector<Column> columns;
    std::vector<Row> rows;
};

/// Whether a person can select an item (`--only`), and what then becomes of it.
enum class Choice
{
    No,
    Done,
    Held,  ///< it stays held back, and the command says why
};

/// A tenant or a company.
struct Subject
{
    std::string id;
    std::string name;            ///< in quotes, or "(gone)"
    Choice choice = Choice::No;  ///< of the item, where this id selects it
};

/// One item: whom it is about, and what is known about it.
struct Entry
{
    char mark;              ///< see kMarks
    std::string_view kind;  ///< the kind of its drift
    Fate fate = Fate::Undecided;
    bool is_new = false;  ///< the last run had not noted it
    std::optional<Subject> tenant;
    std::optional<Subject> company;
    std::vector<Field> facts;
};

inline constexpr std::string_view kMarks =
    "Marks: + create, ~ change, - clean up, . held back, ! for a person, * new";

/// Items that belong together. `entries` holds the first ones of `count`.
struct Section
{
    std::string title;
    Tone tone = Tone::Bold;
    std::size_t count = 0;
    std::string summary = {};  ///< `9 to apply, 1 waived`
    std::string advice = {};
    std::vector<Entry> entries = {};
};

struct Remarks
{
    std::size_t count = 0;
    std::vector<std::string> texts;  ///< the first ones
};

/// What a fresh read found after an apply.
struct Left
{
    std::string text;
    Tone tone;
    Table drift;
    std::vector<Section> sections;
};

struct Document
{
    std::string program;  ///< `customer-reconcile 0.1.0 plan`
    std::string verdict;  ///< `ok (exit code 0)`, and what that means
    Tone tone = Tone::Plain;
    std::vector<Field> place;   ///< on which databases, for which management tenant
    std::vector<Field> sizes;   ///< how much is to be done, what is new, what waits for a person
    std::vector<Field> origin;  ///< when, by which run
    std::vector<Notice> notices;

    // The members below, except `closing`, are set only where there is a plan.
    std::vector<Field> counts;
    std::string in_sync;  ///< set where there is no drift
    Table drift;
    Table changes;
    std::string written;
    std::vector<Notice> guards;
    std::optional<Step> allowance;  ///< how a person allows what guards hold back
    std::optional<Section> stale;   ///< of a plan file
    std::vector<Section> sections;  ///< of an apply: what became of the changes, trouble first
    std::optional<Left> left;       ///< of an apply
    Remarks remarks;
    std::string selecting;              ///< the command that takes `--only`; empty where none does
    std::vector<Step> closing;          ///< what to do next
    std::optional<Notice> convergence;  ///< of an apply or undo: whether it reached its goal
};

/// How many items are listed; 0: all. Items that are not listed are counted all the same.
struct ListLimit
{
    std::size_t each = 0;    ///< of one section
    std::size_t in_all = 0;  ///< of the document; earlier sections are filled first
};

/// The document of the report. An apply that has not begun yet reads as its plan.
Document document_of(Report const& report, ListLimit const& limit);

/// `... and 8 more; all of them are in --report FILE.json`; empty where all are shown.
std::string rest_of(std::size_t count, std::size_t shown);

}  // namespace tracking::job
