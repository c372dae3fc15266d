#include "tests/support/statements/parse_tree.hpp"

#include <cctype>
#include <stdexcept>

namespace tracking::testing {

namespace {

class Reader
{
public:
    explicit Reader(std::string_view text) : text_{text} {}

    ParseNode value()
    {
        skip_blanks();
        if (at_ == text_.size())
            throw std::runtime_error{"a parse tree ends early"};
        if (text_[at_] == '{')
            return structure();
        if (text_[at_] == '(')
            return list();
        return {.kind = ParseNode::Kind::Word, .text = word(), .items = {}, .fields = {}};
    }

private:
    ParseNode structure()
    {
        ++at_;
        ParseNode node{.kind = ParseNode::Kind::Struct, .text = word(), .items = {}, .fields = {}};
        while (!ends_with('}')) {
            if (text_[at_] == ':')
                node.fields.emplace_back(word().substr(1), std::vector<ParseNode>{});
            else if (!node.fields.empty())
                node.fields.back().second.push_back(value());
            else
                node.items.push_back(value());
        }
        return node;
    }

    ParseNode list()
    {
        ++at_;
        ParseNode node{.kind = ParseNode::Kind::List, .text = {}, .items = {}, .fields = {}};
        while (!ends_with(')'))
            node.items.push_back(value());
        return node;
    }

    bool ends_with(char end)
    {
        skip_blanks();
        if (at_ == text_.size())
            throw std::runtime_error{"a parse tree ends early"};
        if (text_[at_] != end)
            return false;
        ++at_;
        return true;
    }

    std::string word()
    {
        std::string word;
        for (; at_ < text_.size(); ++at_) {
            char const c = text_[at_];
            if (c == '\\' && at_ + 1 < text_.size())
                word += text_[++at_];
            else if (is_blank(c) || c == '{' || c == '}' || c == '(' || c == ')')
                break;
            else
                word += c;
        }
        return word;
    }

    static bool is_blank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

    void skip_blanks()
    {
        while (at_ < text_.size() && is_blank(text_[at_]))
            ++at_;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

std::vector<ParseNode> const& ParseNode::all(std::string_view field) const
{
    static std::vector<ParseNode> const kNone;
    for (auto const& [name, values] : fields) {
        if (name == field)
            return values;
    }
    return kNone;
}

ParseNode const& ParseNode::operator[](std::string_view field) const
{
    static ParseNode const kNone;
    auto const& values = all(field);
    return values.empty() ? kNone : values.front();
}

int ParseNode::number(std::string_view field) const
{
    return std::stoi((*this)[field].text);
}

std::string ParseNode::str() const
{
    auto text_of = text;
    for (auto const& item : items)
        text_of += " " + item.str();
    for (auto const& [name, values] : fields) {
        if (name == "location")
            continue;
        text_of += " :" + name;
        for (auto const& value : values)
            text_of += " " + value.str();
    }
    return kind == Kind::Word ? text_of : "(" + text_of + ")";
}

ParseNode parse_tree(std::string_view text)
{
    return Reader{text}.value();
}

}  // namespace tracking::testing
