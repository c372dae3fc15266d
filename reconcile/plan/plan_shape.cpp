#include "reconcile/plan/plan_shape.hpp"

#include "reconcile/plan/plan_file.hpp"

#include <fmt/format.h>

namespace tracking::reconcile {

namespace {

constexpr std::string_view kFormat = "\"customer-reconcile/plan\"";

/// A plan that the job has saved says what it is in its first 100 bytes. A small file may be in any
/// order: it costs nothing to read.
constexpr std::size_t kHeadingBytes = 1'000'000;
constexpr std::size_t kMostHeadings = 100;

/// Three ids and the names of its members take more than this.
constexpr std::size_t kLeastBytesOfAChange = 200;

/// The rows that a change depends on may have many columns and properties, but not so many.
constexpr std::size_t kMostMembersOfAChange = 1'000'000;

bool is_blank(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

[[noreturn]] void refuse(std::string_view why)
{
    throw PlanFileError{fmt::format("the file {}", why)};
}

}  // namespace

void PlanShape::take(std::string_view chunk)
{
    if (!is_heading_checked_)
        heading_.append(chunk.substr(0, kHeadingBytes - heading_.size()));
    for (auto const byte : chunk) {
        ++at_;
        take(byte);
    }
    if (!is_heading_checked_ && heading_.size() == kHeadingBytes)
        check_heading();
}

void PlanShape::check_heading()
{
    if (heading_.find(kFormat) == std::string::npos)
        refuse("is no plan of customer-reconcile");
    is_heading_checked_ = true;
    heading_.clear();
    heading_.shrink_to_fit();
}

void PlanShape::take(char byte)
{
    if (is_in_text_)
        return take_in_text(byte);
    if (is_blank(byte) || byte == ':')
        return;
    if (byte == ',')
        return count_member();
    if (byte == '}' || byte == ']')
        return close();
    begin_value(byte);
}

void PlanShape::take_in_text(char byte)
{
    if (is_escaped_)
        is_escaped_ = false;
    else if (byte == '\\')
        is_escaped_ = true;
    else if (byte == '"')
        is_in_text_ = false;
}

void PlanShape::begin_value(char byte)
{
    if (!has_begun_ && byte != '{')
        refuse("is no plan of customer-reconcile: it does not begin with \"{\"");
    has_begun_ = true;
    if (is_in_changes() && byte != '{')
        throw PlanFileError{fmt::format("change {} is no object", changes_ + 1)};
    if (byte == '"')
        is_in_text_ = true;
    else if (byte == '{' || byte == '[')
        open(byte);
}

void PlanShape::open(char byte)
{
    if (is_in_changes()) {
        ++changes_;
        change_began_ = at_;
        members_ = 0;
    }
    open_.push_back(byte);
}

void PlanShape::close()
{
    if (!open_.empty())
        open_.pop_back();
    if (is_in_changes() && at_ - change_began_ < kLeastBytesOfAChange)
        throw PlanFileError{fmt::format("change {} is too short to be one", changes_)};
}

void PlanShape::count_member()
{
    if (open_.size() == 1 && ++headings_ > kMostHeadings)
        refuse("is no plan of customer-reconcile: it has too many members");
    if (open_.size() > 1 && !is_in_changes() && ++members_ > kMostMembersOfAChange)
        throw PlanFileError{fmt::format("change {} has more members than any", changes_)};
}

}  // namespace tracking::reconcile
