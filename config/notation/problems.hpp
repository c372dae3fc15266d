#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::config {

/// The configuration is wrong. what() holds every problem, one a line.
class ConfigError : public std::runtime_error
{
    using std::runtime_error::runtime_error;
};

/// The command line cannot be understood. what() holds every problem, one a line.
class UsageError : public std::runtime_error
{
    using std::runtime_error::runtime_error;
};

enum class Origin
{
    Default,
    File,
    Environment,
    Flag
};

/// Where a value was given; the name is "job.yaml:12", "CUSTOMER_RECONCILE_POLICY" or "--policy".
struct Place
{
    Origin origin = Origin::Default;
    std::string name;
};

/// Collects what is wrong, so that an operator sees all of it at once.
class Problems
{
public:
    void add(Place const& place, std::string_view message);

    /// Throws ConfigError where anything was added.
    void raise() const;

private:
    std::vector<std::string> lines_;
    std::size_t untold_ = 0;  ///< problems that were not kept, as nobody reads so many
};

/// `; did you mean "policy"?` where a candidate is close to the text, else `otherwise`. Close means
/// at most one typing error in three characters, or one in a shorter text. The first
/// `shared` characters, which the text has in common with all candidates, do not count.
std::string did_you_mean(std::string_view text, std::vector<std::string> const& candidates,
                         std::string_view otherwise = "", std::size_t shared = 0);

}  // namespace tracking::config
