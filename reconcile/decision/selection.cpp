#include "reconcile/decision/selection.hpp"

#include "models/rules/id.hpp"
#include "models/rules/text.hpp"
#include "models/values/lists.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>

namespace tracking::reconcile {

namespace {

using models::CompanyId;
using models::TenantId;

/// Those of whom one cannot be changed without the others. Each tenant is in one group.
class Groups
{
public:
    TenantId group_of(TenantId one) const
    {
        for (auto found = parents_.find(one); found != parents_.end(); found = parents_.find(one))
            one = found->second;
        return one;
    }

    void join(TenantId one, TenantId other)
    {
        auto const [low, high] = std::minmax({group_of(one), group_of(other)});
        if (low != high)
            parents_[high] = low;
    }

private:
    std::unordered_map<TenantId, TenantId> parents_;
};

/// A customer that is to be changed: all its due changes are done, or none.
struct Customer
{
    std::vector<Drift*> due;
    std::set<std::string> only;  ///< items that name it
    std::set<std::string> except;

    std::string shown() const
    {
        auto const& drift = *due.front();
        auto const& name = drift.tenant_name.empty() ? drift.company_name : drift.tenant_name;
        return fmt::format("\"{}\" ({})", models::printable(name), id());
    }

    std::string id() const { return item_id_of(*due.front()); }
};

class Selecting
{
public:
    Selecting(Plan& plan, std::vector<StaleChange>& stale) : plan_{plan}, stale_{stale}
    {
        std::unordered_map<CompanyId, std::size_t> by_company;
        for (auto& drift : plan.drift) {
            if (!drift.is_due())
                continue;
            auto const [found, is_new] =
                by_company.emplace(company_of(*drift.change), customers_.size());
            if (is_new)
                customers_.emplace_back();
            add(found->second, drift);
        }
    }

    std::vector<std::string> select(Selection const& selection)
    {
        for (auto const& item : selection.only)
            note(item, "--only", &Customer::only);
        for (auto const& item : selection.except)
            note(item, "--except", &Customer::except);
        if (problems_.empty()) {
            leave_out_others(selection);
            std::erase_if(stale_, [&](StaleChange const& one) {
                auto const keys = item_keys_of(one.expected);
                return (!selection.only.empty() && !is_named(keys, selection.only)) ||
                       is_named(keys, selection.except);
            });
        }
        return std::move(problems_);
    }

private:
    void add(std::size_t index, Drift& drift)
    {
        customers_[index].due.push_back(&drift);
        for (auto const& key : item_keys_of(drift))
            customers_of_[key].insert(index);
    }

    void note(std::string const& item, std::string_view flag, std::set<std::string> Customer::*into)
    {
        auto const key = item_key(item);
        auto const found = customers_of_.find(key);
        if (found == customers_of_.end())
            return note_absent(item, key, flag);
        if (found->second.size() > 1 && !models::parse_uuid(key))
            return note_ambiguous(item, flag, found->second);
        for (auto const index : found->second)
            (customers_[index].*into).insert(item);
    }

    void note_ambiguous(std::string const& item, std::string_view flag,
                        std::set<std::size_t> const& found)
    {
        auto const ids =
            models::each_of(found, [&](std::size_t index) { return customers_[index].id(); });
        problems_.push_back(
            fmt::format("{}: \"{}\" is the name of {} items; take the id of one: {}", flag,
                        models::printable(item), ids.size(), fmt::join(ids, ", ")));
    }

    /// Nothing is due there. That is no fault where the plan says why.
    void note_absent(std::string const& item, std::string const& key, std::string_view flag)
    {
        bool const was_saved = std::ranges::any_of(stale_, [&](StaleChange const& one) {
            return item_keys_of(one.expected).contains(key);
        });
        if (was_saved)
            return;
        auto const drift = std::ranges::find_if(plan_.drift, [&](Drift const& one) {
            return item_keys_of(one).contains(key) && one.restraint != Restraint::PlanFile;
        });
        if (drift == plan_.drift.end()) {
            problems_.push_back(
                fmt::format("{}: nothing in the plan has the id or the exact name \"{}\"", flag,
                            models::printable(item)));
            return;
        }
        plan_.remarks.push_back(fmt::format(
            "{} \"{}\": nothing is due there: {}{}", flag, models::printable(item),
            name_of(drift->kind),
            drift->restraint_reason.empty() ? " needs a person" : ", " + drift->restraint_reason));
    }

    static bool is_named(std::set<std::string> const& keys, std::vector<std::string> const& items)
    {
        return std::ranges::any_of(
            items, [&](std::string const& item) { return keys.contains(item_key(item)); });
    }

    /// The customers that belong together. One that depends on no other is alone, even where
    /// another has the same tenant: both are leftovers of it.
    std::vector<std::vector<Customer*>> groups()
    {
        Groups tied;
        std::set<TenantId> members;
        for (auto const& tie : plan_.ties) {
            tied.join(tie.one, tie.other);
            members.insert({tie.one, tie.other});
        }
        std::map<TenantId, std::vector<Customer*>> together;
        std::vector<std::vector<Customer*>> all;
        for (auto& customer : customers_) {
            auto const tenant = tenant_of(*customer.due.front()->change);
            if (members.contains(tenant))
                together[tied.group_of(tenant)].push_back(&customer);
            else
                all.push_back({&customer});
        }
        for (auto& [tenant, group] : together)
            all.push_back(std::move(group));
        return all;
    }

    void leave_out_others(Selection const& selection)
    {
        for (auto const& customers : groups()) {
            auto const named = [&](auto items) {
                return std::ranges::find_if(
                    customers, [&](auto const* one) { return !(one->*items).empty(); });
            };
            auto const excepted = named(&Customer::except);
            auto const wanted = named(&Customer::only);
            bool const is_wanted = selection.only.empty() || wanted != customers.end();
            if (excepted != customers.end() && is_wanted)
                tell(customers, "--except leaves out", &Customer::except);
            else if (excepted == customers.end() && wanted != customers.end())
                tell(customers, "--only takes", &Customer::only);
            if (is_wanted && excepted == customers.end())
                continue;
            for (auto* const customer : customers)
                for (auto* const drift : customer->due)
                    leave_out(*drift);
        }
    }

    /// Says of a group which of its members no item names.
    void tell(std::vector<Customer*> const& customers, std::string_view what,
              std::set<std::string> Customer::*items)
    {
        std::vector<std::string> named;
        std::vector<std::string> others;
        for (auto const* one : customers)
            ((one->*items).empty() ? others : named).push_back(one->shown());
        if (!others.empty())
            plan_.remarks.push_back(fmt::format(
                "{} {} with {}: names or addresses pass between them, so that one cannot be "
                "changed without the others",
                what, fmt::join(others, ", "), fmt::join(named, ", ")));
    }

    Plan& plan_;
    std::vector<StaleChange>& stale_;
    std::vector<Customer> customers_;
    std::unordered_map<std::string, std::set<std::size_t>> customers_of_;
    std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> select(Plan& plan, Selection const& selection,
                                std::vector<StaleChange>& stale)
{
    return selection.is_empty() ? std::vector<std::string>{}
                                : Selecting{plan, stale}.select(selection);
}

}  // namespace tracking::reconcile
