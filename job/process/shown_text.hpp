#pragma once

#include <boost/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace tracking::job {

namespace json = boost::json;

// Texts of the database and of servers, made fit to be shown in a log or a report.

/// The local part of every e-mail address becomes ***, and so does what a server's DETAIL quotes of
/// a row.
std::string mask_addresses(std::string_view text);

/// The same, and without anything between double quotes, where sentences have names: one line.
std::string without_names(std::string_view text);

/// Each line of the text: printable, and cut only where it is far longer than a sentence.
std::vector<std::string> sentences(std::string_view text);

/// The same on one line; the server's messages have several.
std::string sentence(std::string_view text);

/// Any bytes as a JSON text: those that are no UTF-8 become U+FFFD.
json::string text(std::string_view bytes);

}  // namespace tracking::job
