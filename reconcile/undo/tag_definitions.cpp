#include "reconcile/undo/tag_definitions.hpp"

#include "reconcile/undo/images.hpp"

namespace tracking::reconcile {

namespace {

void move(json::object& rows, std::map<std::string, json::value>& to)
{
    auto const all = array_at(rows, "tag_definitions");
    auto const ids = texts_at(all, "tag_id");
    for (std::size_t i = 0; i < all.size(); ++i)
        to.try_emplace(ids[i], all[i]);
    rows.erase("tag_definitions");
}

}  // namespace

void Definitions::add(json::object& made_rows, json::object& removed_rows)
{
    move(made_rows, made);
    move(removed_rows, removed);
}

void Definitions::subtract(Definitions const& undone)
{
    std::erase_if(made, [&](auto const& one) { return undone.removed.contains(one.first); });
    std::erase_if(removed, [&](auto const& one) { return undone.made.contains(one.first); });
}

}  // namespace tracking::reconcile
