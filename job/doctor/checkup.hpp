#pragma once

#include "job/process/ending.hpp"

#include <string_view>

namespace tracking::job {

enum class Form
{
    Plain,
    Colored,
    Json
};

/// Prints each check as it is made, since the next may never end, and remembers how the worst of
/// them ends the program. What was printed is a whole document, also where the next check threw.
class Checkup
{
public:
    explicit Checkup(Form form);
    ~Checkup();
    Checkup(Checkup const&) = delete;
    Checkup& operator=(Checkup const&) = delete;

    void pass(std::string_view check, std::string_view finding);

    void warn(std::string_view check, std::string_view finding, std::string_view remedy);

    void fail(std::string_view check, std::string_view finding, std::string_view remedy,
              Ending outcome);

    /// All checks have been made.
    Ending conclude();

private:
    void print(std::string_view verdict, int color, std::string_view check,
               std::string_view finding, std::string_view remedy);

    void print_object(std::string_view verdict, std::string_view check, std::string_view finding,
                      std::string_view remedy);

    Form form_;
    std::string_view separator_ = "\n";
    bool is_complete_ = false;
    Ending outcome_ = Ending::Ok;
};

}  // namespace tracking::job
