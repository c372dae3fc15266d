#pragma once

#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace tracking::testing {

inline std::string text_of(std::filesystem::path const& file)
{
    std::ifstream stream{file};
    if (!stream)
        throw std::runtime_error{"cannot read " + file.string()};
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

/// What `kubectl kustomize` made of base or of one overlay.
class Manifests
{
public:
    explicit Manifests(std::filesystem::path const& file)
        : objects_{YAML::LoadAllFromFile(file.string())}
    {}

    std::vector<YAML::Node> of_kind(std::string const& kind) const
    {
        std::vector<YAML::Node> found;
        for (auto const& object : objects_)
            if (object["kind"].as<std::string>() == kind)
                found.push_back(object);
        return found;
    }

    YAML::Node named(std::string const& kind, std::string const& name) const
    {
        for (auto const& object : of_kind(kind))
            if (object["metadata"]["name"].as<std::string>() == name)
                return object;
        throw std::runtime_error{"no " + kind + " " + name};
    }

    bool has_kind(std::string const& kind) const { return !of_kind(kind).empty(); }

    /// The specs of all Jobs, also of those that CronJobs make.
    std::vector<YAML::Node> job_specs() const
    {
        std::vector<YAML::Node> specs;
        for (auto const& object : of_kind("CronJob"))
            specs.push_back(object["spec"]["jobTemplate"]["spec"]);
        for (auto const& object : of_kind("Job"))
            specs.push_back(object["spec"]);
        return specs;
    }

    std::vector<YAML::Node> pod_templates() const
    {
        std::vector<YAML::Node> templates;
        for (auto const& spec : job_specs())
            templates.push_back(spec["template"]);
        return templates;
    }

    /// The nightly Job's.
    YAML::Node nightly() const { return named("CronJob", "customer-reconcile")["spec"]; }

    /// The configuration file that the pods mount.
    std::string configuration() const
    {
        for (auto const& object : of_kind("ConfigMap"))
            if (auto const text = object["data"]["customer-reconcile.yaml"])
                return text.as<std::string>();
        throw std::runtime_error{"no ConfigMap with customer-reconcile.yaml"};
    }

private:
    std::vector<YAML::Node> objects_;
};

inline std::vector<std::string> texts(YAML::Node const& list)
{
    return list ? list.as<std::vector<std::string>>() : std::vector<std::string>{};
}

}  // namespace tracking::testing
