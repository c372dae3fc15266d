#pragma once

#include <filesystem>
#include <optional>

namespace tracking::config {

/// Forms that a report can have.
enum class Format
{
    Text,
    Json,
    JsonLines,
    Markdown,
    Html,
    Csv
};

/// A form of the report: its word, and how the names of files end that have it.
struct FormatName
{
    Format format;
    char const* word;
    char const* suffix;
};

inline constexpr FormatName kFormats[] = {
    {Format::Text, "text", ".txt"},         {Format::Json, "json", ".json"},
    {Format::JsonLines, "jsonl", ".jsonl"}, {Format::Markdown, "markdown", ".md"},
    {Format::Html, "html", ".html"},        {Format::Csv, "csv", ".csv"},
};

/// By the suffix; nothing for one that is none of theirs.
std::optional<Format> format_of(std::filesystem::path const& file);

}  // namespace tracking::config
