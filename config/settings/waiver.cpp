#include "config/notation/notation.hpp"
#include "config/settings/setting.hpp"
#include "models/rules/id.hpp"
#include "models/rules/text.hpp"
#include "models/values/lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace tracking::config {
namespace {

Notation<reconcile::DriftKind> drift_kind()
{
    return choice(models::each_of(reconcile::kDriftKinds, [](reconcile::DriftKind kind) {
        return std::pair{reconcile::key_name_of(kind), kind};
    }));
}

/// A name without blanks around it, or an id as it is stored.
Notation<std::string> item()
{
    auto notation = nonblank_text("");
    notation.parse = [](std::string const& text) -> std::optional<std::string> {
        auto const name = std::string{models::trim(text)};
        auto const id = models::parse_uuid(name);
        if (id)
            return models::format_uuid(*id);
        return name.empty() ? std::nullopt : std::optional{name};
    };
    return notation;
}

/// Makes one waiver from its fields. Each of them is required.
class WaiverReader
{
public:
    WaiverReader(Value const& fields, Problems& problems) : fields_(fields), problems_(problems) {}

    std::optional<reconcile::Waiver> read()
    {
        if (fields_.shape != Value::Shape::Map) {
            refuse("waivers", fields_, "a waiver; give it item, kind, reason and until", {},
                   problems_);
            return std::nullopt;
        }
        reconcile::Waiver waiver;
        take("item", item(), waiver.item);
        take("kind", drift_kind(), waiver.kind);
        take("reason", nonblank_text(""), waiver.reason);
        take("until", date(), waiver.until);
        for (auto const& field : fields_.children)
            if (std::find(taken_.begin(), taken_.end(), field.key) == taken_.end())
                fail(field.place, fmt::format("unknown key \"waivers.{}\"{}", field.key,
                                              did_you_mean(field.key, taken_)));
        return complete_ ? std::optional{waiver} : std::nullopt;
    }

private:
    template <class T>
    void take(std::string const& name, Notation<T> const& notation, T& into)
    {
        taken_.push_back(name);
        auto const field =
            std::find_if(fields_.children.begin(), fields_.children.end(),
                         [&](Value const& candidate) { return candidate.key == name; });
        if (field == fields_.children.end())
            return fail(fields_.place, fmt::format("the waiver has no \"{}\"; add it", name));
        if (auto value = read_one("waivers." + name, *field, notation, problems_))
            into = std::move(*value);
        else
            complete_ = false;
    }

    void fail(Place const& place, std::string const& message)
    {
        problems_.add(place, message);
        complete_ = false;
    }

    Value const& fields_;
    Problems& problems_;
    std::vector<std::string> taken_;
    bool complete_ = true;
};

void read_waivers(Value const& value, Config& config, Problems& problems)
{
    if (value.shape != Value::Shape::List && value.shape != Value::Shape::Nothing)
        return refuse("waivers", value, "a list of waivers; start each with \"- item:\"", {},
                      problems);
    std::set<std::pair<std::string, reconcile::DriftKind>> seen;
    for (auto const& fields : value.children) {
        auto const waiver = WaiverReader(fields, problems).read();
        if (!waiver)
            continue;
        if (seen.emplace(waiver->item, waiver->kind).second)
            config.policy.waivers.push_back(*waiver);
        else
            problems.add(fields.place, fmt::format("\"{}\" is waived twice for the same kind of "
                                                   "drift; keep one of the waivers",
                                                   waiver->item));
    }
}

std::string show_waivers(Config const& config)
{
    auto const shown = [](reconcile::Waiver const& waiver) {
        return fmt::format(R"({{"item": {}, "kind": {}, "reason": {}, "until": {}}})",
                           json_text(waiver.item), drift_kind().show(waiver.kind),
                           json_text(waiver.reason), date().show(waiver.until));
    };
    return fmt::format("[{}]", fmt::join(models::each_of(config.policy.waivers, shown), ", "));
}

std::string waivers_schema()
{
    auto const text = nonblank_text("").schema;
    return fmt::format(
        R"({{"type":["array","null"],"items":{{"type":"object","additionalProperties":false,)"
        R"("required":["item","kind","reason","until"],"properties":)"
        R"({{"item":{},"kind":{},"reason":{},"until":{}}}}}}})",
        text, drift_kind().schema, text, date().schema);
}

}  // namespace

Setting waivers_setting()
{
    return {"waivers",
            Setting::Form::FileOnly,
            "",
            "Drift that a person decided to leave alone until a day: item (id or name of a tenant "
            "or company), kind, reason, until",
            waivers_schema(),
            read_waivers,
            show_waivers};
}

}  // namespace tracking::config
