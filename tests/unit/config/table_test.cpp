// What the table of settings promises to those who read about it: documentation and JSON Schema.

#include "config/settings/json_schema.hpp"
#include "config/settings/setting.hpp"
#include "config/sources/load.hpp"
#include "config/sources/plan_options.hpp"
#include "tests/support/loading.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include <set>
#include <string>

namespace tracking::config {
namespace {

namespace json = boost::json;
using testing::Contains;
using testing::SizeIs;

TEST(DocumentedConfigTest, HoldsEveryKeyWithItsDefault)
{
    auto const loaded = load({DOCUMENTED_CONFIG, {}, {}});
    EXPECT_TRUE(loaded.config == Config{});
    for (auto const& setting : settings())
        EXPECT_TRUE(loaded.places.contains(setting.key)) << setting.key;
    EXPECT_THAT(loaded.places, SizeIs(settings().size()));
}

TEST(SettingsTest, NamesAreDistinctAndFollowFromTheKey)
{
    std::set<std::string> names;
    for (auto const& setting : settings()) {
        EXPECT_TRUE(names.insert(setting.flag()).second) << setting.key;
        EXPECT_TRUE(names.insert(setting.variable()).second) << setting.key;
        EXPECT_FALSE(setting.help.empty()) << setting.key;
    }
    EXPECT_EQ(find_setting("drift.contact-missing")->flag(), "--drift-contact-missing");
    EXPECT_EQ(find_setting("drift.contact-missing")->variable(),
              "CUSTOMER_RECONCILE_DRIFT_CONTACT_MISSING");
}

TEST(PlanOptionsTest, EachSettingIsSaidToShapeAPlanOrNotTo)
{
    std::string const shape_none =
        " batch-size by color connect-timeout deadline dry-run environment format journal lease "
        "list-limit lock-timeout log management metrics notify personal-data reading-pace report "
        "retry source statement-timeout tracking-enabled ";
    for (auto const& setting : settings()) {
        auto const section = section_of(setting.key);
        auto const& name = section.empty() ? setting.key : section;
        EXPECT_NE(shapes_plan(setting.key), shape_none.find(' ' + name + ' ') != name.npos)
            << setting.key;
    }
}

json::value const& property(json::value const& object, std::string_view name)
{
    return object.at("properties").at(name);
}

TEST(JsonSchemaTest, ListsEveryKeyWithItsDefaultAndNoOther)
{
    auto const schema = json::parse(json_schema());
    EXPECT_EQ(schema.at("$schema"), "https://json-schema.org/draft/2020-12/schema");
    EXPECT_EQ(schema.at("additionalProperties"), false);
    for (auto const& setting : settings()) {
        auto const section = section_of(setting.key);
        auto const name = section.empty() ? setting.key : setting.key.substr(section.size() + 1);
        auto const& parent = section.empty() ? schema : property(schema, section);
        EXPECT_EQ(parent.at("additionalProperties"), false) << section;
        EXPECT_EQ(json::serialize(property(parent, name).at("default")),
                  json::serialize(json::parse(setting.show(Config{}))));
    }
}

TEST(JsonSchemaTest, ClosesWaiversAndEnumerations)
{
    auto const schema = json::parse(json_schema());
    EXPECT_EQ(property(schema, "policy").at("enum"),
              (json::array{"sync", "upsert-only", "create-only"}));
    auto const& drift = property(schema, "drift");
    EXPECT_EQ(property(drift, "renamed").at("enum"), (json::array{"apply", "report", "off"}));
    EXPECT_EQ(property(drift, "unlinked").at("enum"), (json::array{"report", "off"}));
    auto const& waiver = property(schema, "waivers").at("items");
    EXPECT_EQ(waiver.at("additionalProperties"), false);
    EXPECT_THAT(property(waiver, "kind").at("enum").as_array(), Contains("email-taken"));
    EXPECT_EQ(property(schema, "batch-size").at("maximum"), 10'000);
}

}  // namespace
}  // namespace tracking::config
