#pragma once

#include <boost/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace tracking::job {

namespace json = boost::json;

// Makes texts of the database and of servers fit for a log or a report.

/// Replaces by *** the local part of every e-mail address, and the values of a row that a server
/// quotes in DETAIL.
std::string mask_addresses(std::string_view text);

/// The same in all texts of a document. Masking its serialised form could take more than a text.
json::value with_masked_addresses(json::value document);

/// The first line, masked likewise. Text between double quotes, where sentences hold names, becomes
/// *** too.
std::string without_names(std::string_view text);

/// The lines of the text that are not blank, made printable. Cuts a line only where it is far
/// longer than a sentence.
std::vector<std::string> sentences(std::string_view text);

/// The same, joined to one line, since messages of a server have several.
std::string sentence(std::string_view text);

/// Any bytes as a JSON text. Bytes that are no UTF-8 become U+FFFD.
json::string text(std::string_view bytes);

}  // namespace tracking::job
