#pragma once

#include "job/process/ending.hpp"

#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace tracking::job {

/// An error that says which ending it gives to the command.
class EndingError : public std::runtime_error
{
public:
    EndingError(Ending ending, std::string const& message, std::optional<EndingWords> words = {})
        : std::runtime_error{message}, ending_{ending}, words_{std::move(words)}
    {}

    Ending ending() const { return ending_; }
    std::optional<EndingWords> const& words() const { return words_; }  ///< as in Failure

private:
    Ending ending_;
    std::optional<EndingWords> words_;
};

/// The ending of a command that threw, and what to tell about it.
struct Failure
{
    Ending outcome;
    std::string message;
    std::optional<EndingWords> words{};  ///< in place of those of the ending
};

/// The one place that turns exceptions into endings. What is no std::exception is thrown on.
Failure failure_of(std::exception_ptr const& thrown);

}  // namespace tracking::job
