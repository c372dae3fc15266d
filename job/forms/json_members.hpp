#pragma once

#include <boost/json.hpp>

#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace tracking::job {

namespace json = boost::json;

enum class Layout
{
    Lines,   ///< one member on each line
    OneLine  ///< without a line break anywhere
};

/// Writes an object member by member, so that the whole is never held as a value. Where there is a
/// stream for the lines of items, items are written there and are not members.
class Members
{
public:
    explicit Members(std::ostream& out) : Members{out, Layout::Lines, nullptr, "  "} {}

    Members(std::ostream& out, std::ostream& item_lines)
        : Members{out, Layout::OneLine, &item_lines, "  "}
    {}

    /// `value` is JSON.
    void raw(std::string_view name, std::string_view value) { begin(name) << value; }

    void add(std::string_view name, json::value const& value) { raw(name, json::serialize(value)); }

    /// Adds an object with the layout of this one.
    void add_lines(std::string_view name, json::object const& object)
    {
        auto inner = nested(name);
        for (auto const& [key, value] : object)
            inner.add(key, value);
        inner.close();
    }

    Members nested(std::string_view name)
    {
        return Members{begin(name), layout_, item_lines_, indent_ + "  "};
    }

    /// Adds an array with the layout of this object. `visit_all` calls its argument with each of
    /// the elements.
    void add_elements(std::string_view name, auto const& visit_all)
    {
        begin(name) << '[';
        bool is_empty = true;
        visit_all([&](json::object const& element) {
            if (!std::exchange(is_empty, false))
                out_ << ',';
            break_line(indent_ + "  ");
            out_ << json::serialize(element);
        });
        if (!is_empty)
            break_line(indent_);
        out_ << ']';
    }

    /// Adds an array of items, or their lines. `line` says on each line what it is.
    void add_items(std::string_view name, std::string_view line, auto const& visit_all)
    {
        if (!item_lines_)
            return add_elements(name, visit_all);
        visit_all([&](json::object&& members) {
            json::object item{{"line", line}};
            for (auto& [key, value] : members)
                item[key] = std::move(value);
            *item_lines_ << json::serialize(item) << '\n';
        });
    }

    void close()
    {
        break_line(std::string_view{indent_}.substr(2));
        out_ << '}';
    }

private:
    Members(std::ostream& out, Layout layout, std::ostream* item_lines, std::string indent)
        : out_{out}, layout_{layout}, item_lines_{item_lines}, indent_{std::move(indent)}
    {
        out_ << '{';
    }

    void break_line(std::string_view indent)
    {
        if (layout_ == Layout::Lines)
            out_ << '\n' << indent;
    }

    std::ostream& begin(std::string_view name)
    {
        if (!is_first_)
            out_ << ',';
        break_line(indent_);
        is_first_ = false;
        return out_ << '"' << name << "\": ";
    }

    std::ostream& out_;
    Layout layout_;
    std::ostream* item_lines_;
    std::string indent_;
    bool is_first_ = true;
};

}  // namespace tracking::job
