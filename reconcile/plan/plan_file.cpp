#include "reconcile/plan/plan_file.hpp"

#include "reconcile/plan/members.hpp"

#include "models/rules/json_text.hpp"
#include "models/values/described.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tracking::reconcile {

namespace {

namespace json = boost::json;

constexpr std::string_view kFormat = "customer-reconcile/plan";
constexpr int kVersion = 5;
/// Of a plan with a selection. Programs that only know plans without one must not apply it.
constexpr int kVersionOfSelection = 6;

int version_of(SavedPlan const& plan)
{
    return plan.selection.is_empty() ? kVersion : kVersionOfSelection;
}

std::string digest_of(std::string_view body)
{
    return models::name_based<models::RunId>(models::TenantId{}, body).str();
}

// The members of a change other than its tenant and company. The plan of an undo is made from the
// journal and is never saved, so a Restore has none here.

template <class T>
constexpr bool kIsSide =
    std::is_same_v<T, models::TenantId> || std::is_same_v<T, models::CompanyId>;

json::object fields_json(auto const& change)
{
    json::object fields;
    models::for_each_member(change, [&]<class T>(std::string_view name, T const& member) {
        if constexpr (!kIsSide<T>)
            fields[name] = json::value_from(member);
    });
    return fields;
}

json::object fields_json(models::Restore const&)
{
    return {};
}

json::object fields_of(models::Change const& change)
{
    return std::visit([](auto const& one) { return fields_json(models::unboxed(one)); }, change);
}

json::object drift_json(Drift const& drift, std::string const& witness)
{
    auto const& change = *drift.change;
    json::object object{{"kind", name_of(drift.kind)},
                        {"change", models::name_of(change)},
                        {"tenant", models::tenant_of(change).str()},
                        {"tenant_name", drift.tenant_name},
                        {"company", models::company_of(change).str()},
                        {"company_name", drift.company_name},
                        {"detail", drift.detail},
                        {"fields", fields_of(change)},
                        {"witness", models::parsed_json(witness)}};
    if (drift.restraint == Restraint::Selection)
        object["left_out"] = true;
    object["digest"] = digest_of(models::json_text(object));
    return object;
}

/// Empty where the whole plan is selected.
std::string selection_line(Selection const& selection)
{
    if (selection.is_empty())
        return {};
    return fmt::format(
        "\"selection\": {},\n",
        json::serialize(json::object{{"only", json::value_from(selection.only)},
                                     {"except", json::value_from(selection.except)}}));
}

std::string body_of(SavedPlan const& plan)
{
    json::object const identity{{"database", plan.identity.database},
                                {"source", plan.identity.source},
                                {"generation", plan.identity.generation},
                                {"management_tenant", plan.identity.management_tenant.str()}};
    auto body = fmt::format(
        "\"format\": {}, \"version\": {},\n\"server_time\": {},\n\"identity\": {},\n"
        "\"options\": {},\n{}\"changes\": [",
        json::serialize(json::value(kFormat)), version_of(plan),
        json::serialize(json::value(plan.server_time)), json::serialize(identity),
        json::serialize(json::value_from(plan.options)), selection_line(plan.selection));
    std::string_view separator = "\n";
    for (std::size_t i = 0; i < plan.drift.size(); ++i) {
        body += separator;
        body += models::json_text(drift_json(plan.drift[i], plan.witnesses[i]));
        separator = ",\n";
    }
    return body + "\n]";
}

void read_members(auto& described, Members const& members);

void read(std::string& into, Members const& members, std::string_view name)
{
    into = members.text(name);
}

void read(std::vector<std::string>& into, Members const& members, std::string_view name)
{
    into = members.texts(name);
}

void read(std::size_t& into, Members const& members, std::string_view name)
{
    into = members.number(name);
}

void read(bool& into, Members const& members, std::string_view name)
{
    into = members.flag(name);
}

template <class Tag>
void read(models::Id<Tag>& into, Members const& members, std::string_view name)
{
    into = members.id<models::Id<Tag>>(name);
}

template <class T>
requires boost::describe::has_describe_members<T>::value void read(T& into, Members const& members,
                                                                   std::string_view name)
{
    read_members(into, members.object(name));
}

template <class T>
void read(std::optional<T>& into, Members const& members, std::string_view name)
{
    if (!members.is_null(name))
        read(into.emplace(), members, name);
}

void read(std::vector<models::ContactId>& into, Members const& members, std::string_view name)
{
    for (auto const& text : members.texts(name)) {
        auto const id = models::ContactId::parse(text);
        if (!id)
            members.refuse(fmt::format("has a \"{}\" that are no ids", name));
        into.push_back(*id);
    }
}

template <class T>
requires boost::describe::has_describe_members<T>::value void read(std::vector<T>& into,
                                                                   Members const& members,
                                                                   std::string_view name)
{
    for (auto const& element : members.objects(name))
        read_members(into.emplace_back(), element);
}

void read_members(auto& described, Members const& members)
{
    models::for_each_member(described, [&]<class T>(std::string_view name, T& member) {
        if constexpr (!kIsSide<T>)
            read(member, members, name);
    });
}

void read_change(auto& change, Members const& item)
{
    change.tenant = item.id<models::TenantId>("tenant");
    change.company = item.id<models::CompanyId>("company");
    read_members(change, item.object("fields"));
}

void read_change(models::Restore& restore, Members const& item)
{
    item.refuse(fmt::format("has an unknown change \"{}\"", restore.kName));
}

models::Change change_from(Members const& item)
{
    auto const kind = item.text("change");
    auto change = models::blank_change(kind);
    if (!change)
        item.refuse(fmt::format("has an unknown change \"{}\"", kind));
    std::visit([&](auto& one) { read_change(models::unboxed(one), item); }, *change);
    return std::move(*change);
}

std::string witness_from(Members const& item)
{
    return item.is_null("witness") ? std::string{} : models::json_text(item.at("witness"));
}

Drift drift_from(Members const& item)
{
    auto const name = item.text("kind");
    auto const kind = drift_kind_named(name);
    if (!kind)
        item.refuse(fmt::format("has an unknown kind \"{}\"", name));
    Drift drift{.kind = *kind,
                .tenant = item.id<models::TenantId>("tenant"),
                .tenant_name = item.text("tenant_name"),
                .company = item.id<models::CompanyId>("company"),
                .company_name = item.text("company_name"),
                .detail = item.text("detail")};
    drift.change = change_from(item);
    if (item.has("left_out"))
        leave_out(drift);
    if (models::as<models::CreateCustomer>(*drift.change))
        drift.company.reset();  // the company does not exist before it is made
    if (item.text("digest") != drift_json(drift, witness_from(item)).at("digest").as_string())
        item.refuse("was edited: its digest does not fit its contents; make a new plan");
    return drift;
}

json::value parsed(std::string_view text)
{
    auto reading = models::read_json(text);
    if (!reading.error)
        return std::move(reading.value);
    auto const before = text.substr(0, reading.length);
    auto const line = 1 + std::ranges::count(before, '\n');
    throw PlanFileError{fmt::format("line {}, column {}: {}; the file is truncated or was edited",
                                    line, before.size() - (before.rfind('\n') + 1) + 1,
                                    reading.error.message())};
}

}  // namespace

std::string write_plan_file(SavedPlan const& plan)
{
    auto const body = body_of(plan);
    return fmt::format("{{\"digest\": \"{}\",\n{}}}\n", digest_of(body), body);
}

SavedPlan read_plan_file(std::string_view text)
{
    auto const value = parsed(text);
    Members const file{value, "the file"};
    if (file.text("format") != kFormat)
        file.refuse("is no plan of customer-reconcile");
    auto const& version = file.at("version");
    if (version != json::value(kVersion) && version != json::value(kVersionOfSelection))
        file.refuse(fmt::format("is of version {}; this program knows {} and {}",
                                models::json_text(version), kVersion, kVersionOfSelection));
    auto const identity = file.object("identity");
    SavedPlan plan{
        .identity = {.database = identity.text("database"),
                     .source = identity.text("source"),
                     .generation = identity.text("generation"),
                     .management_tenant = identity.id<models::TenantId>("management_tenant")},
        .server_time = file.text("server_time"),
        .options = file.object("options").all_texts(),
        .digest = file.text("digest")};
    if (version == json::value(kVersionOfSelection)) {
        auto const selection = file.object("selection");
        plan.selection = {.only = selection.texts("only"), .except = selection.texts("except")};
    }
    auto const& changes = file.at("changes");
    if (!changes.is_array())
        file.refuse("has \"changes\" that are no list");
    for (auto const& change : changes.get_array()) {
        Members const item{change, fmt::format("change {}", plan.drift.size() + 1)};
        plan.drift.push_back(drift_from(item));
        plan.witnesses.push_back(witness_from(item));
    }
    if (digest_of(body_of(plan)) != plan.digest)
        file.refuse(
            "was edited: its heading, or changes were added, removed or moved; make a new plan");
    return plan;
}

}  // namespace tracking::reconcile
