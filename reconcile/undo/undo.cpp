#include "reconcile/undo/undo.hpp"

#include "models/rules/json_text.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

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

bool is_null_at(json::object const& object, std::string_view member)
{
    auto const* const found = object.if_contains({member.data(), member.size()});
    return found && found->is_null();
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

template <class Id>
std::vector<Id> ids_in(json::array const& texts)
{
    std::vector<Id> ids;
    for (auto const& one : texts) {
        auto const id =
            one.is_string()
                ? Id::parse(std::string_view{one.get_string().data(), one.get_string().size()})
                : std::nullopt;
        if (id)
            ids.push_back(*id);
    }
    return ids;
}

std::vector<std::string> texts_at(json::array const& rows, std::string_view member)
{
    std::vector<std::string> texts;
    for (auto const& row : rows)
        texts.push_back(text_at(row.is_object() ? row.get_object() : json::object{}, member));
    return texts;
}

/// Takes from rows of a company those that a change of it has.
void take_rows(json::object& from, json::object const& rows)
{
    constexpr std::array<std::pair<char const*, char const*>, 2> kKeys{
        {{"contacts", "contact_name_id"}, {"tag_mappings", "mapping_id"}}};
    for (auto const& [table, key] : kKeys) {
        auto const all = array_at(from, table);
        auto const ids = texts_at(all, key);
        auto const taken = texts_at(array_at(rows, table), key);
        json::array left;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (std::ranges::find(taken, ids[i]) == taken.end())
                left.push_back(all[i]);
        }
        if (left.size() < all.size())
            from[table] = std::move(left);
    }
}

void take_contacts(std::vector<models::ContactId>& from,
                   std::vector<models::ContactId> const& contacts)
{
    std::erase_if(from, [&](models::ContactId const& id) {
        return std::ranges::find(contacts, id) != contacts.end();
    });
}

/// Definitions of tags by their ids. They are the run's: what uses them are mappings of any
/// company.
struct Definitions
{
    std::map<std::string, json::value> made;
    std::map<std::string, json::value> removed;

    /// Moves them out of the images of a change.
    void add(json::object& made_rows, json::object& removed_rows)
    {
        move(made_rows, made);
        move(removed_rows, removed);
    }

    void subtract(Definitions const& undone)
    {
        std::erase_if(made, [&](auto const& one) { return undone.removed.contains(one.first); });
        std::erase_if(removed, [&](auto const& one) { return undone.made.contains(one.first); });
    }

private:
    static void move(json::object& rows, std::map<std::string, json::value>& to)
    {
        auto const all = array_at(rows, "tag_definitions");
        auto const ids = texts_at(all, "tag_id");
        for (std::size_t i = 0; i < all.size(); ++i)
            to.try_emplace(ids[i], all[i]);
        rows.erase("tag_definitions");
    }
};

/// All that a run did to one company, folded from change to change: what stood before the first
/// one, and what the last one left.
class CompanyHistory
{
public:
    explicit CompanyHistory(models::PastChange const& first)
        : tenant_{first.tenant}, company_{first.company}
    {}

    void add(models::PastChange const& past, Definitions& definitions)
    {
        auto const before = parsed(past.before);
        auto const after = parsed(past.after);
        objection_ = objection_.empty() ? objection_to(past, before, after) : objection_;
        if (!is_begun_)
            was_ = object_at(before, "company");
        is_begun_ = true;
        is_ = object_at(after, "company");
        auto made = object_at(after, "made");
        auto removed = object_at(before, "rows");
        definitions.add(made, removed);
        if (auto companies = array_at(made, "companies"); !companies.empty()) {
            made["companies"] = json::array{as_made(companies.at(0), is_)};
            has_made_company_ = true;
        }
        add_rows(made_, made);
        has_removed_company_ = has_removed_company_ || !array_at(removed, "companies").empty();
        add_rows(removed_, removed);
        add_rows(removed_, {{"tag_mappings", array_at(before, "tag_mappings")}});
        for (auto const& id : ids_in<models::ContactId>(array_at(before, "active_contacts")))
            deactivated_.push_back(id);
        for (auto const& id : ids_in<models::ContactId>(array_at(before, "unset_contacts")))
            unset_.push_back(id);
        for (auto const& id : ids_in<models::ContactId>(array_at(before, "inactive_contacts")))
            activated_.push_back(id);
        // Images of older versions do not say whether a profile followed: then none is renamed
        // back.
        for (auto const& id : ids_in<models::ProfileId>(array_at(after, "renamed_profiles"))) {
            if (std::ranges::find(renamed_profiles_, id) == renamed_profiles_.end())
                renamed_profiles_.push_back(id);
        }
    }

    /// Leaves out what another run has taken back of it.
    void subtract(CompanyHistory const& undone)
    {
        is_taken_back_ = is_taken_back_ || (has_made_company_ && undone.has_removed_company_) ||
                         (has_removed_company_ && undone.has_made_company_);
        if (is_taken_back_)
            return;
        take_rows(made_, undone.removed_);
        take_rows(removed_, undone.made_);
        take_contacts(deactivated_, undone.activated_);
        take_contacts(activated_, undone.deactivated_);
        if (has_made_company_) {
            expect(undone);
            return;
        }
        for (auto const* const member : kColumns) {
            if (undone.has_changed(member))
                set(is_, member, was_.if_contains(member));
        }
        is_taken_back_ =
            has_no_rows(made_) && has_no_rows(removed_) && deactivated_.empty() &&
            activated_.empty() &&
            std::ranges::none_of(kColumns, [&](auto member) { return has_changed(member); });
    }

    bool is_taken_back() const { return is_taken_back_; }
    bool can_be_undone() const { return objection_.empty(); }
    bool has_made_tags() const { return !array_at(made_, "tag_mappings").empty(); }

    bool has_removed_tags_of(std::string const& definition) const
    {
        auto const tags = texts_at(array_at(removed_, "tag_mappings"), "tag_id");
        return std::ranges::find(tags, definition) != tags.end();
    }

    void add_made_definition(json::value const& definition)
    {
        add_rows(made_, {{"tag_definitions", json::array{definition}}});
    }

    void add_removed_definition(json::value const& definition)
    {
        add_rows(removed_, {{"tag_definitions", json::array{definition}}});
    }

    models::CompanyId company() const { return company_; }

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

private:
    static constexpr std::array kColumns{"name", "properties", "is_inactive"};

    bool has_changed(char const* member) const
    {
        auto const* const was = was_.if_contains(member);
        auto const* const is = is_.if_contains(member);
        return was && is ? *was != *is : was != is;
    }

    static void set(json::object& row, char const* member, json::value const* value)
    {
        if (value)
            row[member] = *value;
        else
            row.erase(member);
    }

    /// An undo could not remove the company, and made it inactive: nobody else has touched that.
    void expect(CompanyHistory const& kept)
    {
        if (auto const companies = array_at(made_, "companies");
            kept.has_changed("is_inactive") && companies.at(0).is_object()) {
            auto company = companies.at(0).get_object();
            set(company, "is_inactive", kept.is_.if_contains("is_inactive"));
            made_["companies"] = json::array{std::move(company)};
        }
        auto contacts = array_at(made_, "contacts");
        for (auto& contact : contacts) {
            if (!contact.is_object())
                continue;
            auto const own = ids_in<models::ContactId>({contact.get_object()["contact_name_id"]});
            if (!own.empty() &&
                std::ranges::find(kept.deactivated_, own[0]) != kept.deactivated_.end())
                contact.get_object()["is_inactive"] = true;
        }
        if (!contacts.empty())
            made_["contacts"] = std::move(contacts);
        add_rows(made_, {{"tag_mappings", array_at(kept.made_, "tag_mappings")}});
    }

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
        std::ranges::copy_if(unset_, std::back_inserter(restore.unset), [&](auto const& id) {
            return std::ranges::find(deactivated_, id) != deactivated_.end();
        });
        if (text_at(was_, "name") != text_at(is_, "name")) {
            restore.renamed = {text_at(is_, "name"), text_at(was_, "name")};
            restore.renamed_profiles = renamed_profiles_;
        }
        if (properties_at(was_) != properties_at(is_))
            restore.properties = {properties_at(is_), properties_at(was_)};
        if (flag_at(was_, "is_inactive") != flag_at(is_, "is_inactive"))
            restore.was_inactive = flag_at(was_, "is_inactive");
        restore.was_unset = restore.was_inactive && is_null_at(was_, "is_inactive");
        return restore;
    }

    static bool has_no_rows(json::object const& rows)
    {
        return std::ranges::all_of(
            rows, [](auto const& member) { return member.value().as_array().empty(); });
    }

    static std::string text_of(json::object const& rows)
    {
        return has_no_rows(rows) ? std::string{} : models::json_text(rows);
    }

    models::TenantId tenant_;
    models::CompanyId company_;
    bool is_begun_ = false;
    bool is_taken_back_ = false;
    json::object was_;
    json::object is_;
    json::object made_;
    json::object removed_;
    bool has_made_company_ = false;
    bool has_removed_company_ = false;
    std::vector<models::ContactId> deactivated_;
    std::vector<models::ContactId> unset_;  ///< deactivated, though nothing said if active
    std::vector<models::ContactId> activated_;
    std::vector<models::ProfileId> renamed_profiles_;
    std::string objection_;
};

/// What stands of a run.
struct RunDeeds
{
    std::vector<CompanyHistory> companies;
    Definitions definitions;
};

RunDeeds standing(PastChanges const& past)
{
    RunDeeds run;
    auto& all = run.companies;
    std::map<models::CompanyId, std::size_t> of_company;
    for (auto const& change : past.changes) {
        if (change.outcome != models::name_of(models::Outcome::Applied))
            continue;
        auto const [found, is_new] = of_company.try_emplace(change.company, all.size());
        if (is_new)
            all.emplace_back(change);
        all[found->second].add(change, run.definitions);
    }
    for (auto const& undoer : past.undoers) {
        auto const undone = standing(undoer);
        run.definitions.subtract(undone.definitions);
        for (auto const& one : undone.companies) {
            if (auto const found = of_company.find(one.company()); found != of_company.end())
                all[found->second].subtract(one);
        }
    }
    std::erase_if(all, [](CompanyHistory const& one) { return one.is_taken_back(); });
    return run;
}

/// A definition goes with the last of the tags that the run has put on, when nothing uses it any
/// more; and comes back with each tag that needs it, whichever is put back first.
void place(Definitions const& definitions, std::vector<CompanyHistory>& in_order)
{
    std::vector<CompanyHistory*> undoable;
    for (auto& one : in_order) {
        if (one.can_be_undone())
            undoable.push_back(&one);
    }
    if (undoable.empty())
        return;
    auto const last = std::ranges::find_if(undoable.rbegin(), undoable.rend(),
                                           [](auto const* one) { return one->has_made_tags(); });
    auto* const holder = last == undoable.rend() ? undoable.back() : *last;
    for (auto const& [id, definition] : definitions.made)
        holder->add_made_definition(definition);
    for (auto const& [id, definition] : definitions.removed) {
        bool is_placed = false;
        for (auto* const one : undoable) {
            if (one->has_removed_tags_of(id)) {
                one->add_removed_definition(definition);
                is_placed = true;
            }
        }
        if (!is_placed)
            undoable.front()->add_removed_definition(definition);
    }
}

}  // namespace

std::vector<Drift> inverse_of(PastChanges const& past, Policy const& policy)
{
    auto run = standing(past);
    // What was done last is undone first.
    std::ranges::reverse(run.companies);
    place(run.definitions, run.companies);
    std::vector<Drift> drift;
    drift.reserve(run.companies.size());
    for (auto const& one : run.companies)
        drift.push_back(one.drift(policy));
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
