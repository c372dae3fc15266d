#include "job/doctor/checkup.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <iostream>
#include <utility>

namespace tracking::job {

Checkup::Checkup(Form form) : form_{form}
{
    if (form_ == Form::Json)
        std::cout << R"({"format": "customer-reconcile/doctor", "version": 1, "checks": [)"
                  << std::flush;
}

Checkup::~Checkup()
{
    if (form_ == Form::Json)
        std::cout << fmt::format("\n], \"is_complete\": {}}}\n", is_complete_) << std::flush;
}

void Checkup::pass(std::string_view check, std::string_view finding)
{
    print("pass", 32, check, finding, {});
}

void Checkup::warn(std::string_view check, std::string_view finding, std::string_view remedy)
{
    print("warn", 33, check, finding, remedy);
}

void Checkup::fail(std::string_view check, std::string_view finding, std::string_view remedy,
                   Ending outcome)
{
    print("FAIL", 31, check, finding, remedy);
    if (outcome_ == Ending::Ok)
        outcome_ = outcome;
}

Ending Checkup::conclude()
{
    is_complete_ = true;
    return outcome_;
}

void Checkup::print(std::string_view verdict, int color, std::string_view check,
                    std::string_view finding, std::string_view remedy)
{
    if (form_ == Form::Json) {
        print_object(verdict, check, finding, remedy);
        return;
    }
    auto const word = form_ == Form::Colored ? fmt::format("\x1b[{}m{}\x1b[0m", color, verdict)
                                             : std::string{verdict};
    std::cout << fmt::format("{}  {:<18} {}\n", word, check, finding) << std::flush;
    while (!remedy.empty()) {
        auto const line = remedy.substr(0, remedy.find('\n'));
        std::cout << "                          " << line << '\n' << std::flush;
        remedy.remove_prefix(std::min(line.size() + 1, remedy.size()));
    }
}

void Checkup::print_object(std::string_view verdict, std::string_view check,
                           std::string_view finding, std::string_view remedy)
{
    std::cout << std::exchange(separator_, ",\n")
              << boost::json::object{{"verdict", verdict == "FAIL" ? "fail" : verdict},
                                     {"check", check},
                                     {"finding", finding},
                                     {"remedy", remedy.empty() ? boost::json::value(nullptr)
                                                               : boost::json::value(remedy)}}
              << std::flush;
}

}  // namespace tracking::job
