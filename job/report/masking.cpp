#include "job/report/masking.hpp"

#include "job/process/shown_text.hpp"
#include "job/process/terminal.hpp"

#include <boost/pfr.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace tracking::job {

namespace {

constexpr std::string_view kMask = "***";

/// Visits every member of a report, so that a member that is added later is not forgotten.
struct Mask
{
    using Texts = std::vector<std::string>;

    void operator()(std::string& text) const { text = mask_addresses(text); }

    // The texts of changes. A new kind of text does not compile until it has an overload here.
    template <class Value, class What>
    void operator()(models::Strong<Value, What>&) const = delete;
    void operator()(models::PersonName& name) const { name.assign(kMask); }
    void operator()(models::Email& email) const { email = mask_addresses(email); }
    void operator()(models::ThingName& name) const { name = mask_addresses(name); }
    void operator()(models::TagNames& tags) const { (*this)(static_cast<Texts&>(tags)); }
    void operator()(models::OwnTags&) const {}
    void operator()(models::Stored& stored) const
    {
        if (!stored.empty())
            stored.assign(kMask);
    }

    // What is read later is masked then.
    void operator()(VisitItems& all) const
    {
        if (!all)
            return;
        all = [visit_all = std::move(all)](auto const& visit) {
            visit_all([&](reconcile::Drift drift, models::Receipt const* receipt) {
                auto masked = receipt ? *receipt : models::Receipt{};
                Mask{}(drift);
                Mask{}(masked);
                visit(drift, receipt ? &masked : nullptr);
            });
        };
    }

    // These hold no text, or none that people read.
    void operator()(reconcile::Remainder&) const {}
    void operator()(Retries&) const {}
    void operator()(Counted&) const {}
    void operator()(Unlisted&) const {}
    template <class Tag>
    void operator()(models::Id<Tag>&) const
    {}
    template <class Rep, class Period>
    void operator()(std::chrono::duration<Rep, Period>&) const
    {}
    template <class Clock, class Duration>
    void operator()(std::chrono::time_point<Clock, Duration>&) const
    {}
    template <class T>
    requires std::is_arithmetic_v<T> || std::is_enum_v<T>
    void operator()(T&) const {}

    template <class T>
    void operator()(std::optional<T>& one) const
    {
        if (one)
            (*this)(*one);
    }
    template <class T>
    void operator()(std::vector<T>& all) const
    {
        for (auto& one : all)
            (*this)(one);
    }
    template <class Key, class T>
    void operator()(std::map<Key, T>& all) const
    {
        for (auto& [key, one] : all)
            (*this)(one);
    }
    template <class... T>
    void operator()(std::variant<T...>& one) const
    {
        std::visit(*this, one);
    }
    template <class T>
    void operator()(models::Boxed<T>& boxed) const
    {
        (*this)(static_cast<T&>(boxed));
    }
    template <class T>
    requires std::is_aggregate_v<T>
    void operator()(T& members) const { boost::pfr::for_each_field(members, *this); }
};

}  // namespace

bool wants_masking(config::PersonalData handling, int fd)
{
    if (handling != config::PersonalData::Auto)
        return handling == config::PersonalData::Mask;
    return fd == kNoTerminal || !is_terminal(fd);
}

void mask_personal_data(Report& report)
{
    auto plan_file = report.plan_file;  // printed commands have to name this path as it is
    Mask{}(report);
    report.plan_file = std::move(plan_file);
}

}  // namespace tracking::job
