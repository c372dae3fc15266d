#pragma once

#include "job/document/document.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tracking::job {

/// Makes the lists of a document. None is longer than the limit, except that clean-ups which are
/// due or held by a guard are always there. So is what waits for a person, where only the document
/// has a limit. The kinds share the room that is left: many of one do not leave the others none.
class ItemLists
{
public:
    ItemLists(Report const& report, ListLimit const& limit);

    /// A section for each kind that was found: what is held back, what a person can do, the items.
    /// Clean-ups come first, then what waits for a person.
    std::vector<Section> drift(reconcile::Plan const& plan,
                               std::span<Unlisted const> unlisted = {});

    /// What became of the due changes. First come those to look at: failed, stale and never tried,
    /// in this order. Then come those that are done, by kind of change, clean-ups first.
    std::vector<Section> results();

    /// The changes that a rehearsal could not make. All others would go as planned.
    std::vector<Section> rehearsal();

    /// The changes of the plan file that are not valid any more; nothing where all are valid.
    std::optional<Section> stale();

    Remarks remarks(std::vector<std::string> const& all);

private:
    /// How many items there are, and how many of the first ones have to be listed.
    struct Range
    {
        std::size_t items;
        std::size_t at_least = 0;
        std::size_t unlisted = 0;  ///< beside these items
    };

    std::size_t share_of(std::size_t count, std::size_t at_least);
    bool has_to_be_listed(reconcile::Drift const& drift) const;
    /// `others`: items of no kind, which have a share too.
    void share_room_between(std::vector<std::span<reconcile::Drift const>> const& kinds,
                            std::size_t others);
    void add_trouble(std::vector<Section>& sections);
    Section section(std::string title, Tone tone, Range range, auto const& entry);
    Section section_of(reconcile::Plan const& plan, std::span<reconcile::Drift const> items,
                       std::span<Unlisted const> unlisted);
    std::size_t unlisted(auto const& belongs) const;
    void add_results(std::vector<Section>& sections, std::string title, Tone tone,
                     std::size_t unlisted, auto const& belongs);

    Report const& report_;
    std::vector<Fate> fates_;  ///< one for each drift of the plan, like the receipts
    std::vector<models::Receipt const*> receipts_;
    std::size_t each_;
    std::size_t left_;
    std::size_t of_a_kind_;  ///< beside those that have to be listed
};

}  // namespace tracking::job
