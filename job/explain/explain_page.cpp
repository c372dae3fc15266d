#include "job/explain/explain_page.hpp"

#include "models/rules/text.hpp"

#include <fmt/format.h>

#include <utility>

namespace tracking::job {

namespace {

/// Several tenants of one name are explained at once, and each may have all of its companies.
constexpr std::size_t kCandidatesShown = 100;

std::string_view state_of(models::Company const& company)
{
    if (company.ignored)
        return company.link ? ", says \"ignore\"" : ", says \"ignore\": no candidate";
    if (!company.is_link_legible)
        return ", its link cannot be read";
    return company.inactive ? ", inactive" : "";
}

}  // namespace

void ExplainPage::begin(std::string_view section)
{
    if (!is_json_)
        std::cout << static_cast<char>(section[0] - 'a' + 'A') << section.substr(1) << '\n';
    sections_.push_back(boost::json::object{{"section", section}, {"lines", boost::json::array{}}});
}

void ExplainPage::begin(std::string_view section, std::string const& id, std::string const& name)
{
    if (!is_json_)
        std::cout << fmt::format("{}{} \"{}\" ({})\n", static_cast<char>(section[0] - 'a' + 'A'),
                                 section.substr(1), models::printable(name), id);
    sections_.push_back(boost::json::object{
        {"section", section}, {"id", id}, {"name", name}, {"lines", boost::json::array{}}});
}

void ExplainPage::begin_verdict(std::vector<std::string> const& doubts)
{
    begin("verdict");
    for (auto const& doubt : doubts)
        line("in doubt", sentence(doubt));
}

void ExplainPage::begin_gone(std::string const& subject)
{
    if (!is_json_)
        std::cout << subject << '\n';
}

void ExplainPage::line(std::string_view label, std::string_view text)
{
    auto const shown = repeated_.complete(std::string{text});
    if (!is_json_)
        std::cout << fmt::format("  {:<16} {}\n", label, shown);
    sections_.back().at("lines").as_array().push_back(
        boost::json::object{{"label", label}, {"text", shown}});
}

void ExplainPage::print(std::string_view subject) const
{
    if (!is_json_)
        return;
    boost::json::value const document{{"format", "customer-reconcile/explain"},
                                      {"version", 1},
                                      {"subject", subject},
                                      {"sections", sections_}};
    std::cout << (is_masked_ ? with_masked_addresses(document) : document) << '\n';
}

void ExplainPage::candidates(std::vector<reconcile::Candidate> const& candidates)
{
    boost::json::array all;
    if (!is_json_)
        std::cout << "  candidates by tier\n";
    for (auto const& [company, sign] : candidates) {
        if (all.size() == kCandidatesShown)
            break;
        if (!is_json_)
            std::cout << fmt::format("    {:<7} \"{}\" ({}){}\n", reconcile::name_of(sign),
                                     models::printable(company->name), company->id.str(),
                                     state_of(*company));
        all.push_back(boost::json::object{{"tier", reconcile::name_of(sign)},
                                          {"id", company->id.str()},
                                          {"name", company->name}});
    }
    auto const rest = candidates.size() - all.size();
    if (!is_json_ && candidates.empty())
        std::cout << "    none\n";
    if (!is_json_ && rest > 0)
        std::cout << fmt::format("    ... and {} more\n", rest);
    sections_.back().as_object()["further_candidates"] = rest;
    sections_.back().as_object()["candidates"] = std::move(all);
}

}  // namespace tracking::job
