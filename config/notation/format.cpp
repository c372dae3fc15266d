#include "config/notation/format.hpp"

namespace tracking::config {

std::optional<Format> format_of(std::filesystem::path const& file)
{
    for (auto const& [format, word, suffix] : kFormats) {
        if (file.extension() == suffix)
            return format;
    }
    return std::nullopt;
}

}  // namespace tracking::config
