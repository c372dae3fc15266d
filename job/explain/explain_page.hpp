#pragma once

#include "job/process/shown_text.hpp"
#include "job/report/repeated_options.hpp"

#include "config/settings/config.hpp"
#include "reconcile/match/candidates.hpp"

#include <boost/json.hpp>

#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::job {

/// Takes what goes to standard output while it lives, and lets it go with addresses masked.
class MaskedOutput
{
public:
    MaskedOutput() : former_{std::cout.rdbuf(taken_.rdbuf())} {}
    ~MaskedOutput()
    {
        std::cout.rdbuf(former_);
        std::cout << mask_addresses(taken_.str());
    }
    MaskedOutput(MaskedOutput const&) = delete;
    MaskedOutput& operator=(MaskedOutput const&) = delete;

private:
    std::ostringstream taken_;
    std::streambuf* former_;
};

/// What there is to say, as text at once or as one JSON document in the end. Either can be masked.
class ExplainPage
{
public:
    ExplainPage(config::Format format, RepeatedOptions const& repeated, bool is_masked)
        : is_json_{format == config::Format::Json}, is_masked_{is_masked}, repeated_{repeated}
    {
        if (is_masked && !is_json_)
            masked_.emplace();
    }

    /// What follows is of that section.
    void begin(std::string_view section);

    /// What follows is about that tenant or company.
    void begin(std::string_view section, std::string const& id, std::string const& name);

    /// What follows is the verdict. First come the doubts about what was read.
    void begin_verdict(std::vector<std::string> const& doubts);

    /// Of the subject only what was asked is known.
    void begin_gone(std::string const& subject);

    /// Where the text is a command, it gets the options that it has to repeat.
    void line(std::string_view label, std::string_view text);

    void candidates(std::vector<reconcile::Candidate> const& candidates);

    void print(std::string_view subject) const;

private:
    bool is_json_;
    bool is_masked_;
    std::optional<MaskedOutput> masked_;
    RepeatedOptions const& repeated_;
    boost::json::array sections_;
};

}  // namespace tracking::job
