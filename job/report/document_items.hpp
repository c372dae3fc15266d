#pragma once

#include "job/report/document.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tracking::job {

/// Makes the lists of a document, none longer than the limit.
class ItemLists
{
public:
    ItemLists(Report const& report, ListLimit const& limit);

    /// A section for each kind that was found: what is held, what a person can do, the items.
    std::vector<Section> drift(reconcile::Plan const& plan);

    /// What became of the due changes: failed, stale or never tried, in this order, which is what
    /// to look at first; then what is done, by kind of change.
    std::vector<Section> results();

    /// What a rehearsal has found to be in the way; all else would go as planned.
    std::vector<Section> rehearsal();

    /// What was in the plan file and is not valid any more; nothing where all is.
    std::optional<Section> stale();

    Remarks remarks(std::vector<std::string> const& all);

private:
    std::size_t share_of(std::size_t count);
    void add_trouble(std::vector<Section>& sections);
    Section section(std::string title, Tone tone, std::size_t count, auto const& entry);
    Section section_of(std::span<reconcile::Drift const> items);
    void add_results(std::vector<Section>& sections, std::string title, Tone tone,
                     auto const& belongs);

    Report const& report_;
    std::vector<Fate> fates_;  ///< of the plan's drift, as are the receipts
    std::vector<models::Receipt const*> receipts_;
    std::size_t each_;
    std::size_t left_;
};

}  // namespace tracking::job
