// Alert rules and dashboard as people meet them. Their expressions are promtool's: see rules.sh.

#include "tests/k8s/manifests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json.hpp>

#include <algorithm>

namespace tracking::testing {
namespace {

using namespace ::testing;
namespace json = boost::json;

std::filesystem::path const kMonitoring =
    std::filesystem::path{K8S_DIRECTORY} / "components" / "monitoring";

std::string lower(std::string text)
{
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

std::vector<YAML::Node> alerts()
{
    std::vector<YAML::Node> found;
    auto const rules = YAML::LoadFile((kMonitoring / "rules.yaml").string());
    for (auto const& group : rules["spec"]["groups"])
        for (auto const& rule : group["rules"])
            found.push_back(rule);
    return found;
}

TEST(AlertsTest, EachHasASeverityAndSaysWhatItIsAndMeans)
{
    EXPECT_THAT(alerts(), SizeIs(Ge(14U)));
    for (auto const& alert : alerts()) {
        EXPECT_THAT(alert["labels"]["severity"].as<std::string>(),
                    AnyOf("critical", "warning", "info"));
        EXPECT_THAT(alert["annotations"]["summary"].as<std::string>(), EndsWith("."));
        EXPECT_THAT(alert["annotations"]["description"].as<std::string>(), EndsWith("."));
        EXPECT_TRUE(alert["for"]) << "a push or a scrape may be late";
    }
}

TEST(AlertsTest, EachHasItsSectionInTheRunbook)
{
    auto const runbook = text_of(std::filesystem::path{K8S_DIRECTORY} / "README.md");
    for (auto const& alert : alerts()) {
        auto const name = alert["alert"].as<std::string>();
        EXPECT_THAT(runbook, HasSubstr("\n### " + name + "\n"));
        EXPECT_THAT(alert["annotations"]["runbook_url"].as<std::string>(),
                    EndsWith("/k8s/README.md#" + lower(name)));
    }
}

class DashboardTest : public Test
{
protected:
    json::array const& panels() const { return dashboard.at("panels").as_array(); }

    /// Without the rows between them.
    std::vector<json::value> charts() const
    {
        std::vector<json::value> found;
        for (auto const& panel : panels())
            if (panel.at("type") != "row")
                found.push_back(panel);
        return found;
    }

    json::value dashboard = json::parse(text_of(kMonitoring / "dashboard.json"));
};

TEST_F(DashboardTest, ShowsUtcAndLetsTheReaderChooseTheDataSource)
{
    EXPECT_EQ(dashboard.at("timezone"), "utc");
    EXPECT_EQ(dashboard.at_pointer("/templating/list/0/type"), "datasource");
    EXPECT_EQ(dashboard.at_pointer("/templating/list/0/name"), "datasource");
    for (auto const& chart : charts()) {
        EXPECT_EQ(chart.at("datasource").at("uid"), "${datasource}");
        for (auto const& target : chart.at("targets").as_array())
            EXPECT_EQ(target.at("datasource").at("uid"), "${datasource}");
    }
}

TEST_F(DashboardTest, EveryPanelHasATitleADescriptionAndAUnit)
{
    for (auto const& chart : charts()) {
        EXPECT_FALSE(chart.at("title").as_string().empty());
        EXPECT_THAT(std::string{chart.at("description").as_string()}, EndsWith("."));
        EXPECT_FALSE(chart.at_pointer("/fieldConfig/defaults/unit").as_string().empty());
        EXPECT_FALSE(chart.at("targets").as_array().empty());
    }
}

TEST_F(DashboardTest, PanelsHaveIdsOfTheirOwnAndDoNotOverlap)
{
    std::set<std::int64_t> ids;
    std::set<std::pair<std::int64_t, std::int64_t>> taken;
    for (auto const& panel : panels()) {
        EXPECT_TRUE(ids.insert(panel.at("id").as_int64()).second);
        auto const at = [&](char const* key) { return panel.at("gridPos").at(key).as_int64(); };
        EXPECT_LE(at("x") + at("w"), 24);
        for (auto x = at("x"); x < at("x") + at("w"); ++x)
            for (auto y = at("y"); y < at("y") + at("h"); ++y)
                EXPECT_TRUE(taken.emplace(x, y).second) << panel.at("title");
    }
}

TEST_F(DashboardTest, RatiosShowTheThresholdsOfTheirAlerts)
{
    std::map<std::string, double> thresholds;
    for (auto const& chart : charts()) {
        auto const& steps = chart.at_pointer("/fieldConfig/defaults/thresholds/steps").as_array();
        if (chart.at_pointer("/fieldConfig/defaults/unit") == "percentunit")
            thresholds[std::string{chart.at("title").as_string()}] =
                steps.back().at("value").to_number<double>();
    }
    EXPECT_THAT(thresholds, ElementsAre(Pair("Failure ratio", 0.05), Pair("Rollback ratio", 0.01)));
}

}  // namespace
}  // namespace tracking::testing
