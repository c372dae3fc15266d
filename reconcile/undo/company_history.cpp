#include "reconcile/undo/company_history.hpp"

#include "reconcile/undo/images.hpp"

#include "models/rules/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace tracking::reconcile {

namespace {

template <class Id>
void append_ids(std::vector<Id>& to, json::array const& texts)
{
    std::ranges::copy(ids_in<Id>(texts), std::back_inserter(to));
}

void take_contacts(std::vector<models::ContactId>& from,
                   std::vector<models::ContactId> const& contacts)
{
    std::erase_if(from, [&](models::ContactId const& id) {
        return std::ranges::find(contacts, id) != contacts.end();
    });
}

/// The whole row that was made. A create notes only the columns that the company's image lacks; a
/// restore notes them all.
json::value as_made(json::value const& row, json::object const& image)
{
    auto made = row;
    if (made.is_object() && !made.get_object().contains("properties")) {
        for (auto const* const member : {"name", "properties", "is_inactive"}) {
            if (auto const* const found = image.if_contains(member))
                made.get_object()[member] = *found;
        }
    }
    return made;
}

std::string text_of(json::object const& rows)
{
    return has_no_rows(rows) ? std::string{} : models::json_text(rows);
}

/// Whether the images say which rows of the table the change made or removed.
bool notes(json::object const& before, json::object const& after, std::string_view table)
{
    json::string_view const name{table.data(), table.size()};
    return object_at(after, "made").contains(name) || object_at(before, "rows").contains(name) ||
           before.contains(name);
}

std::int64_t rows_written(json::object const& after, std::string_view table)
{
    auto const rows = object_at(after, "rows");
    auto const* const found = rows.if_contains({table.data(), table.size()});
    return found && found->is_int64() ? found->get_int64() : 0;
}

/// Why the change cannot be undone; empty: it can. The journal's first version did not note the
/// rows that a change made.
std::string objection_to(models::PastChange const& past, json::object const& before,
                         json::object const& after)
{
    if ((before.empty() && !past.before.empty()) || (after.empty() && !past.after.empty()))
        return fmt::format("the journal's images of \"{}\" cannot be read", past.change);
    if (after.empty())
        return fmt::format("the journal has no image of what \"{}\" left", past.change);
    if (flag_at(before, models::kForgotten) || flag_at(after, models::kForgotten))
        return fmt::format(
            "\"{}\" concerned a person who was forgotten: the journal no longer says how all was",
            past.change);
    bool const has_switched = before.contains("active_contacts") ||
                              before.contains("inactive_contacts") ||
                              before.contains("changed_contacts");
    if ((rows_written(after, "tags") > 0 && !notes(before, after, "tag_mappings")) ||
        (rows_written(after, "contacts") > 0 && !notes(before, after, "contacts") && !has_switched))
        return fmt::format("\"{}\" was journalled by a version that did not note the rows it made",
                           past.change);
    return {};
}

}  // namespace

void CompanyHistory::add(models::PastChange const& past, Definitions& definitions)
{
    auto const before = parsed(past.before);
    auto const after = parsed(past.after);
    if (objection_.empty())
        objection_ = objection_to(past, before, after);
    if (!is_begun_)
        was_ = object_at(before, "company");
    is_begun_ = true;
    is_ = object_at(after, "company");
    properties_.add(object_at(before, "company"), is_);
    auto made = object_at(after, "made");
    auto removed = object_at(before, "rows");
    definitions.add(made, removed);
    add_made(std::move(made));
    add_removed(before, removed);
    append_ids(deactivated_, array_at(before, "active_contacts"));
    append_ids(unset_, array_at(before, "unset_contacts"));
    append_ids(activated_, array_at(before, "inactive_contacts"));
    add_renamed_profiles(after);
    add_changed_contacts(before, after);
}

void CompanyHistory::add_made(json::object made)
{
    if (auto const companies = array_at(made, "companies"); !companies.empty()) {
        made["companies"] = json::array{as_made(companies.at(0), is_)};
        has_made_company_ = true;
    }
    add_rows(made_, made);
}

void CompanyHistory::add_removed(json::object const& before, json::object const& removed)
{
    has_removed_company_ = has_removed_company_ || !array_at(removed, "companies").empty();
    add_rows(removed_, removed);
    add_rows(removed_, {{"tag_mappings", array_at(before, "tag_mappings")}});
}

/// Images of older versions do not say whether a profile was renamed too. Then none is renamed
/// back.
void CompanyHistory::add_renamed_profiles(json::object const& after)
{
    for (auto const& id : ids_in<models::ProfileId>(array_at(after, "renamed_profiles"))) {
        if (std::ranges::find(renamed_profiles_, id) == renamed_profiles_.end())
            renamed_profiles_.push_back(id);
    }
}

void CompanyHistory::add_changed_contacts(json::object const& before, json::object const& after)
{
    auto const was = array_at(before, "changed_contacts");
    auto const is = array_at(after, "changed_contacts");
    for (std::size_t i = 0; i < std::min(was.size(), is.size()); ++i) {
        auto const former = was[i].is_object() ? was[i].get_object() : json::object{};
        auto const now = is[i].is_object() ? is[i].get_object() : json::object{};
        auto const id = models::ContactId::parse(text_at(now, "id"));
        if (!id || text_at(former, "id") != text_at(now, "id"))
            continue;
        changed_.push_back(
            {.id = *id,
             .user = models::UserId::parse(text_at(now, "user")).value_or(models::UserId{}),
             .name_by = text_at(now, "full_name"),
             .email_by = text_at(now, "email"),
             .name_was = text_at(former, "full_name"),
             .email_was = text_at(former, "email")});
    }
}

void CompanyHistory::subtract(CompanyHistory const& undone)
{
    is_taken_back_ = is_taken_back_ || (has_made_company_ && undone.has_removed_company_) ||
                     (has_removed_company_ && undone.has_made_company_);
    if (is_taken_back_)
        return;
    take_rows(made_, undone.removed_);
    take_rows(removed_, undone.made_);
    take_contacts(deactivated_, undone.activated_);
    take_contacts(activated_, undone.deactivated_);
    std::erase_if(changed_, [&](models::ReplacedContact const& one) {
        return std::ranges::find(undone.changed_, one.id, &models::ReplacedContact::id) !=
               undone.changed_.end();
    });
    if (has_made_company_) {
        expect(undone);
        return;
    }
    for (auto const* const member : kColumns) {
        if (undone.has_changed(member))
            models::set_at(is_, member, was_.if_contains(member));
    }
    properties_.subtract(undone.properties_);
    is_taken_back_ =
        properties_.empty() && has_no_rows(made_) && has_no_rows(removed_) &&
        deactivated_.empty() && activated_.empty() && changed_.empty() &&
        std::ranges::none_of(kColumns, [&](auto member) { return has_changed(member); });
}

bool CompanyHistory::has_made_tags() const
{
    return !array_at(made_, "tag_mappings").empty();
}

Drift CompanyHistory::drift(Policy const& policy) const
{
    auto const name = text_at(is_.empty() ? was_ : is_, "name");
    Drift drift{.kind = DriftKind::Undone,
                .tenant = tenant_ == models::TenantId{} ? std::nullopt : std::optional{tenant_},
                .tenant_name = name,
                .company = company_,
                .company_name = name};
    if (objection_.empty())
        drift.change = restore(policy, name);
    else
        drift.detail = "cannot be undone: " + objection_;
    return drift;
}

bool CompanyHistory::has_changed(char const* member) const
{
    return !models::is_same(was_.if_contains(member), is_.if_contains(member));
}

void CompanyHistory::expect(CompanyHistory const& kept)
{
    if (auto const companies = array_at(made_, "companies");
        kept.has_changed("is_inactive") && companies.at(0).is_object()) {
        auto company = companies.at(0).get_object();
        models::set_at(company, "is_inactive", kept.is_.if_contains("is_inactive"));
        made_["companies"] = json::array{std::move(company)};
    }
    auto contacts = array_at(made_, "contacts");
    for (auto& contact : contacts) {
        if (!contact.is_object())
            continue;
        auto const own = ids_in<models::ContactId>({contact.get_object()["contact_name_id"]});
        if (!own.empty() && std::ranges::find(kept.deactivated_, own[0]) != kept.deactivated_.end())
            contact.get_object()["is_inactive"] = true;
    }
    if (!contacts.empty())
        made_["contacts"] = std::move(contacts);
    add_rows(made_, {{"tag_mappings", array_at(kept.made_, "tag_mappings")}});
}

models::Restore CompanyHistory::restore(Policy const& policy, std::string const& name) const
{
    models::Restore restore{.tenant = tenant_,
                            .company = company_,
                            .name = name,
                            .made = text_of(made_),
                            .removed = text_of(removed_),
                            .has_made_company = has_made_company_,
                            .has_removed_company = has_removed_company_,
                            .canceled_tag = policy.canceled_tag};
    restore.own_tags = policy.own_tags();
    if (!has_made_company_ && !has_removed_company_)
        restore_columns(restore);
    return restore;
}

void CompanyHistory::restore_columns(models::Restore& restore) const
{
    restore.deactivated = deactivated_;
    restore.activated = activated_;
    restore.changed = changed_;
    std::ranges::copy_if(unset_, std::back_inserter(restore.unset), [&](auto const& id) {
        return std::ranges::find(deactivated_, id) != deactivated_.end();
    });
    if (text_at(was_, "name") != text_at(is_, "name")) {
        restore.renamed = {text_at(is_, "name"), text_at(was_, "name")};
        restore.renamed_profiles = renamed_profiles_;
    }
    if (!properties_.empty())
        restore.properties = properties_.replaced();
    if (flag_at(was_, "is_inactive") != flag_at(is_, "is_inactive"))
        restore.was_inactive = flag_at(was_, "is_inactive");
    restore.was_unset = restore.was_inactive && is_null_at(was_, "is_inactive");
}

}  // namespace tracking::reconcile
