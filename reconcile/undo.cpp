#include "reconcile/undo.hpp"

#include "models/rules/json_text.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <map>
#include <string_view>

namespace tracking::reconcile {

namespace {

namespace json = boost::json;

json::object parsed(std::string const& text)
{
    auto value = models::read_json(text).value;
    return value.is_object() ? std::move(value.get_object()) : json::object{};
}

json::object object_at(json::object const& object, std::string_view member)
{
    auto const* const found = object.if_contains({member.data(), member.size()});
    return found && found->is_object() ? found->get_object() : json::object{};
}

json::array array_at(json::object const& object, std::string_view member)
{
    auto const* const found = object.if_contains({member.data(), member.size()});
    return found && found->is_array() ? found->get_array() : json::array{};
}

std::string text_at(json::object const& object, std::string_view member)
{
    auto const* const found = object.if_contains({member.data(), member.size()});
    return found && found->is_string() ? std::string{found->get_string()} : std::string{};
}

bool flag_at(json::object const& object, std::string_view member)
{
    auto const* const found = object.if_contains({member.data(), member.size()});
    return found && found->is_bool() && found->get_bool();
}

/// Of an image of CompanyRow; empty: the column was NULL. Where older versions say null it may have
/// been a JSON null as well, which was rarer: it comes back as NULL.
std::string properties_at(json::object const& company)
{
    auto const* const found = company.if_contains("properties");
    if (!found)
        return "null";
    return found->is_null() ? std::string{} : models::json_text(*found);
}

/// Appends the arrays of one object of rows to those of another.
void add_rows(json::object& into, json::object const& rows)
{
    for (auto const& [table, elements] : rows) {
        if (!elements.is_array())
            continue;
        auto& all = into[table];
        if (!all.is_array())
            all.emplace_array();
        for (auto const& element : elements.get_array())
            all.get_array().push_back(element);
    }
}

std::vector<models::ContactId> contacts_in(json::array const& ids)
{
    std::vector<models::ContactId> contacts;
    for (auto const& one : ids) {
        auto const id = one.is_string() ? models::ContactId::parse(std::string_view{
                                              one.get_string().data(), one.get_string().size()})
                                        : std::nullopt;
        if (id)
            contacts.push_back(*id);
    }
    return contacts;
}

/// All that a run did to one company, folded from change to change: what stood before the first
/// one, and what the last one left.
class Deeds
{
public:
    explicit Deeds(models::PastChange const& first) : tenant_{first.tenant}, company_{first.company}
    {}

    void add(models::PastChange const& past)
    {
        auto const before = parsed(past.before);
        auto const after = parsed(past.after);
        objection_ = objection_.empty() ? objection_to(past, before, after) : objection_;
        if (!is_begun_)
            was_ = object_at(before, "company");
        is_begun_ = true;
        is_ = object_at(after, "company");
        auto made = object_at(after, "made");
        if (auto companies = array_at(made, "companies"); !companies.empty()) {
            made["companies"] = json::array{as_made(companies.at(0), is_)};
            has_made_company_ = true;
        }
        add_rows(made_, made);
        auto const removed = object_at(before, "rows");
        has_removed_company_ = has_removed_company_ || !array_at(removed, "companies").empty();
        add_rows(removed_, removed);
        add_rows(removed_, {{"tag_mappings", array_at(before, "tag_mappings")}});
        for (auto const& id : contacts_in(array_at(before, "active_contacts")))
            deactivated_.push_back(id);
        for (auto const& id : contacts_in(array_at(before, "inactive_contacts")))
            activated_.push_back(id);
    }

    Drift drift(Policy const& policy) const
    {
        auto const name = text_at(is_.empty() ? was_ : is_, "name");
        Drift drift{.kind = DriftKind::Undone,
                    .tenant = tenant_,
                    .tenant_name = name,
                    .company = company_,
                    .company_name = name};
        if (objection_.empty())
            drift.change = restore(policy, name);
        else
            drift.detail = "cannot be undone: " + objection_;
        return drift;
    }

    bool defines_a_tag() const { return made_.contains("tag_definitions"); }

private:
    /// The first version of the journal did not note the rows that a change made.
    static std::string objection_to(models::PastChange const& past, json::object const& before,
                                    json::object const& after)
    {
        if ((before.empty() && !past.before.empty()) || (after.empty() && !past.after.empty()))
            return fmt::format("the journal's images of \"{}\" cannot be read", past.change);
        if (after.empty())
            return fmt::format("the journal has no image of what \"{}\" left", past.change);
        auto const rows = object_at(after, "rows");
        auto const count = [&](std::string_view of) {
            auto const* const found = rows.if_contains({of.data(), of.size()});
            return found && found->is_int64() ? found->get_int64() : 0;
        };
        auto const made = object_at(after, "made");
        auto const removed = object_at(before, "rows");
        auto const knows = [&](std::string_view table) {
            return made.contains(json::string_view{table.data(), table.size()}) ||
                   removed.contains(json::string_view{table.data(), table.size()}) ||
                   before.contains(json::string_view{table.data(), table.size()});
        };
        bool const switched =
            before.contains("active_contacts") || before.contains("inactive_contacts");
        if ((count("tags") > 0 && !knows("tag_mappings")) ||
            (count("contacts") > 0 && !knows("contacts") && !switched))
            return fmt::format(
                "\"{}\" was journalled by a version that did not note the rows it made",
                past.change);
        return {};
    }

    /// A create notes what the company's image does not have; a restore notes the whole row.
    static json::value as_made(json::value const& row, json::object const& image)
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

    models::Restore restore(Policy const& policy, std::string const& name) const
    {
        models::Restore restore{.tenant = tenant_,
                                .company = company_,
                                .name = name,
                                .made = text_of(made_),
                                .removed = text_of(removed_),
                                .has_made_company = has_made_company_,
                                .has_removed_company = has_removed_company_,
                                .canceled_tag = policy.canceled_tag};
        restore.own_tags = {policy.customer_tags.begin(), policy.customer_tags.end()};
        restore.own_tags.push_back(policy.canceled_tag);
        if (has_made_company_ || has_removed_company_)
            return restore;
        restore.deactivated = deactivated_;
        restore.activated = activated_;
        if (text_at(was_, "name") != text_at(is_, "name"))
            restore.renamed = {text_at(is_, "name"), text_at(was_, "name")};
        if (properties_at(was_) != properties_at(is_))
            restore.properties = {properties_at(is_), properties_at(was_)};
        if (flag_at(was_, "is_inactive") != flag_at(is_, "is_inactive"))
            restore.was_inactive = flag_at(was_, "is_inactive");
        return restore;
    }

    static std::string text_of(json::object const& rows)
    {
        auto const is_empty = [](auto const& member) { return member.value().as_array().empty(); };
        return std::ranges::all_of(rows, is_empty) ? std::string{} : models::json_text(rows);
    }

    models::TenantId tenant_;
    models::CompanyId company_;
    bool is_begun_ = false;
    json::object was_;
    json::object is_;
    json::object made_;
    json::object removed_;
    bool has_made_company_ = false;
    bool has_removed_company_ = false;
    std::vector<models::ContactId> deactivated_;
    std::vector<models::ContactId> activated_;
    std::string objection_;
};

}  // namespace

std::vector<Drift> inverse_of(std::span<models::PastChange const> changes, Policy const& policy)
{
    std::vector<Deeds> all;
    std::map<models::CompanyId, std::size_t> of_company;
    for (auto const& past : changes) {
        if (past.outcome != models::name_of(models::Outcome::Applied))
            continue;
        auto const [found, is_new] = of_company.try_emplace(past.company, all.size());
        if (is_new)
            all.emplace_back(past);
        all[found->second].add(past);
    }
    // What was done last is undone first; a tag's definition goes when nothing uses it any more.
    std::ranges::reverse(all);
    std::ranges::stable_partition(all, [](Deeds const& deeds) { return !deeds.defines_a_tag(); });
    std::vector<Drift> drift;
    drift.reserve(all.size());
    for (auto const& deeds : all)
        drift.push_back(deeds.drift(policy));
    return drift;
}

UndoReach reach_of(std::span<Drift const> inverse)
{
    auto reach = UndoReach::Columns;
    for (auto const& drift : inverse) {
        auto const* const restore =
            drift.change ? models::as<models::Restore>(*drift.change) : nullptr;
        if (!restore)
            continue;
        if (!restore->removed.empty() || parsed(restore->made).contains("tag_definitions"))
            return UndoReach::PutsRowsBack;
        if (!restore->made.empty())
            reach = UndoReach::RemovesRows;
    }
    return reach;
}

}  // namespace tracking::reconcile
