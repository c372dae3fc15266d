#include "job/forms/json_values.hpp"

#include "job/document/trend.hpp"
#include "job/report/wording.hpp"

#include "models/rules/utc.hpp"
#include "models/values/described.hpp"

#include <type_traits>

namespace tracking::job {

namespace {

json::object members_of(auto const& described);

/// The value of a member, by what its type says that it is.
struct ValueOf
{
    json::value operator()(models::ThingName const& thing) const { return text(thing); }
    json::value operator()(models::PersonName const& person) const { return text(person); }
    json::value operator()(models::Email const& email) const { return text_or_null(email); }
    json::value operator()(models::TagNames const& tags) const { return texts(tags); }
    json::value operator()(std::size_t count) const { return count; }
    json::value operator()(bool flag) const { return flag; }
    template <class Tag>
    json::value operator()(models::Id<Tag> const& id) const
    {
        return json::value(id.str());
    }
    template <class T>
    requires boost::describe::has_describe_members<T>::value json::value operator()(
        T const& one) const
    {
        return members_of(one);
    }
    template <class T>
    json::value operator()(std::vector<T> const& all) const
    {
        json::array elements;
        for (auto const& one : all)
            elements.push_back((*this)(one));
        return elements;
    }
    template <class T>
    json::value operator()(std::optional<T> const& one) const
    {
        return one ? (*this)(*one) : json::value(nullptr);
    }
};

/// Which members stand elsewhere in the report, or are for the store only.
template <class T>
constexpr bool kIsLeftOut =
    std::is_same_v<T, models::TenantId> || std::is_same_v<T, models::CompanyId> ||
    std::is_same_v<T, models::OwnTags>;

void add_members(json::object& into, auto const& described)
{
    models::for_each_member(described, [&]<class T>(std::string_view name, T const& member) {
        if constexpr (!kIsLeftOut<T>)
            into[name] = ValueOf{}(member);
    });
}

json::object members_of(auto const& described)
{
    json::object members;
    add_members(members, described);
    return members;
}

/// Adds what the Restore changes, but not the rows that it puts back.
void add_members(json::object& into, models::Restore const& change)
{
    into["name"] = text(change.name);
    into["effects"] = texts(effects_of(change));
}

json::object change_object(models::Change const& change)
{
    json::object object{{"kind", name_of(change)},
                        {"tenant", tenant_of(change).str()},
                        {"company", company_of(change).str()}};
    std::visit([&](auto const& one) { add_members(object, models::unboxed(one)); }, change);
    return object;
}

json::array values_array(models::Change const& change)
{
    json::array values;
    for (auto const& [field, before, after] : values_of(change))
        values.push_back(
            {{"field", field}, {"before", text_or_null(before)}, {"after", text_or_null(after)}});
    return values;
}

json::object result_object(models::Receipt const& receipt)
{
    return {{"outcome", name_of(receipt.outcome)},
            {"reason", text_or_null(receipt.reason)},
            {"sqlstate", text_or_null(receipt.sqlstate)},
            {"rows", members_of(receipt.rows)}};
}

json::value hold_value(reconcile::Drift const& drift, Report const& report)
{
    if (drift.restraint == reconcile::Restraint::None)
        return nullptr;
    std::optional<std::chrono::sys_seconds> due;
    if (drift.due_in && report.server_time)
        due = *report.server_time + *drift.due_in;
    return {{"kind", name_of(drift.restraint)},
            {"reason", text_or_null(drift.restraint_reason)},
            {"due_at", time_or_null(due)}};
}

json::value seen_value(std::optional<reconcile::Sighting> const& seen)
{
    if (!seen)
        return nullptr;
    return {{"runs", seen->runs}, {"age_seconds", seen->age.count()}};
}

json::object blast_radius_object(models::BlastRadius const& radius)
{
    json::array dependents;
    for (auto const& [table, rows] : radius.dependents)
        dependents.push_back({{"table", text(table)}, {"rows", rows}});
    return {{"contacts", radius.contacts.size()},
            {"tags", radius.tags},
            {"billing_profiles", radius.billing_profiles},
            {"dependents", std::move(dependents)},
            {"unreadable", texts(radius.unreadable)}};
}

/// The tenant; null where there is none. An orphan's tenant is gone, so its name is null.
json::value tenant_value(reconcile::Drift const& drift)
{
    if (!drift.tenant)
        return nullptr;
    bool const is_gone = drift.kind == reconcile::DriftKind::Orphaned;
    return {{"id", drift.tenant->str()},
            {"name", is_gone ? json::value(nullptr) : json::value(text(drift.tenant_name))}};
}

template <class Id>
json::array named(std::vector<reconcile::Named<Id>> const& all)
{
    json::array array;
    array.reserve(all.size());
    for (auto const& [id, name] : all)
        array.push_back({{"id", id.str()}, {"name", text(name)}});
    return array;
}

json::value group_value(reconcile::Drift const& drift)
{
    auto const* const group = reconcile::group_of(drift);
    if (!group)
        return nullptr;
    return {{"tenants", named(group->tenants)}, {"companies", named(group->companies)}};
}

}  // namespace

json::value text_or_null(std::string_view bytes)
{
    return bytes.empty() ? json::value(nullptr) : json::value(text(bytes));
}

json::array texts(std::vector<std::string> const& all)
{
    json::array array;
    for (auto const& one : all)
        array.push_back(text(one));
    return array;
}

json::value time_or_null(std::optional<std::chrono::sys_seconds> const& time)
{
    return time ? json::value(models::utc_stamp(*time)) : json::value(nullptr);
}

json::object item_object(reconcile::Drift const& drift, models::Receipt const* receipt,
                         Report const& report, std::optional<bool> is_new)
{
    json::object item{{"kind", name_of(drift.kind)}, {"tenant", tenant_value(drift)}};
    item["company"] = nullptr;
    if (drift.company)
        item["company"] = {{"id", drift.company->str()}, {"name", text(drift.company_name)}};
    item["group"] = group_value(drift);
    item["detail"] = text_or_null(drift.detail);
    item["seen"] = seen_value(drift.seen);
    item["new"] = json::value_from(is_new);
    item["again"] = drift.again;
    item["tenant_age_seconds"] =
        drift.tenant_age ? json::value(drift.tenant_age->count()) : nullptr;
    item["change"] = drift.change ? json::value(change_object(*drift.change)) : nullptr;
    item["values"] = drift.change ? values_array(*drift.change) : json::array{};
    item["blast_radius"] =
        drift.blast_radius ? json::value(blast_radius_object(*drift.blast_radius)) : nullptr;
    item["hold"] = hold_value(drift, report);
    json::array ways;
    for (auto const& way : ways_out(drift))
        ways.push_back(text(report.repeated.complete(way)));
    item["ways_out"] = std::move(ways);
    item["result"] = receipt ? json::value(result_object(*receipt)) : nullptr;
    return item;
}

json::object counts_object(reconcile::Counts const& counts)
{
    return members_of(counts);
}

json::object trend_object(models::TrendPoint const& run)
{
    return {{"run", run.id.str()},
            {"started", models::utc_stamp(run.started)},
            {"ended_as", ending_of(run)},
            {"found", json::value_from(run.found)},
            {"left", json::value_from(run.left)}};
}

json::object drift_object(DriftTallies const& tallies)
{
    json::object drift;
    for (auto const& [kind, tally] : tallies) {
        json::object held;
        for (auto const& [restraint, count] : tally.held_by)
            held[name_of(restraint)] = count;
        drift[name_of(kind)] = {{"found", tally.found},
                                {"due", tally.due},
                                {"undecided", tally.undecided},
                                {"held", std::move(held)}};
    }
    return drift;
}

json::object change_tally_object(ChangeTally const& tally)
{
    json::object object{{"due", tally.due}};
    for (auto const& [outcome, count] : tally.outcomes)
        object[name_of(outcome)] = count;
    object["not_reached"] = tally.not_reached();
    object["rows"] = members_of(tally.rows);
    return object;
}

json::object changes_object(std::vector<NamedChangeTally> const& tallies)
{
    json::object changes;
    for (auto const& [kind, tally] : tallies)
        changes[kind] = change_tally_object(tally);
    return changes;
}

}  // namespace tracking::job
