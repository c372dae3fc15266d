#pragma once

#include <span>
#include <string_view>

namespace tracking::job {

struct DocumentSchema
{
    std::string_view document;  ///< the document's "format" is "customer-reconcile/" and this
    std::string_view text;      ///< JSON Schema, draft 2020-12
};

/// Of every document that a command prints with --format json.
std::span<DocumentSchema const> document_schemas();

}  // namespace tracking::job
