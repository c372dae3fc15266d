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

/// A form of the report: its word in settings, and the suffix of its files.
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

/// The format that a file's suffix stands for; nothing for any other suffix.
std::optional<Format> format_of(std::filesystem::path const& file);

}  // namespace tracking::config
