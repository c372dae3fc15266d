#include "config/sources/yaml_file.hpp"

#include "models/rules/text.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <unordered_map>
#include <utility>

namespace tracking::config {
namespace {

// No setting is nested deeper, and an alias that contains itself has no end.
constexpr int kDeepest = 4;
// A list of a quarter of a million ids takes 11 MB. A few lines with aliases of aliases can make
// any number of values.
constexpr std::size_t kLargest = 64 << 20;
constexpr std::size_t kMostValues = 5'000'000;

/// Makes the values of one document while it is parsed. With the library's own nodes a list of
/// 250,000 texts takes 8 s. The library's LoadAll does not end where a text begins with a comma.
class Builder : public YAML::EventHandler
{
public:
    Builder(std::filesystem::path const& file, Problems& problems)
        : file_(file.string()), problems_(problems)
    {}

    // yaml-cpp counts lines from 0.
    Place line(YAML::Mark const& mark) const
    {
        return {Origin::File, fmt::format("{}:{}", file_, mark.is_null() ? 1 : mark.line + 1)};
    }

    /// The values of the document; nothing for an empty one.
    Value take() { return std::move(document_); }

    void OnDocumentStart(YAML::Mark const& mark) override { document_.place = line(mark); }
    void OnDocumentEnd() override {}

    void OnNull(YAML::Mark const& mark, YAML::anchor_t anchor) override
    {
        finish(value_at(mark, Value::Shape::Nothing), anchor);
    }

    void OnScalar(YAML::Mark const& mark, std::string const&, YAML::anchor_t anchor,
                  std::string const& text) override
    {
        auto value = value_at(mark, Value::Shape::Text);
        value.text = text;
        finish(std::move(value), anchor);
    }

    void OnAlias(YAML::Mark const& mark, YAML::anchor_t anchor) override
    {
        auto const known = anchored_.find(anchor);
        if (known == anchored_.end()) {
            problems_.add(line(mark), "an alias stands inside of what it names");
            return finish(value_at(mark, Value::Shape::Nothing), 0);
        }
        values_ += known->second.second;
        if (values_ > kMostValues)
            throw YAML::ParserException(mark, "its aliases stand for too many values");
        finish(known->second.first, 0);
    }

    void OnSequenceStart(YAML::Mark const& mark, std::string const&, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override
    {
        open(value_at(mark, Value::Shape::List), anchor);
    }
    void OnSequenceEnd() override { close(); }

    void OnMapStart(YAML::Mark const& mark, std::string const&, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override
    {
        open(value_at(mark, Value::Shape::Map), anchor);
    }
    void OnMapEnd() override { close(); }

private:
    /// A list or map that has begun.
    struct Open
    {
        Value value;
        YAML::anchor_t anchor;
        std::size_t values_before;
        std::optional<Value> key{};                           ///< the key whose value comes next
        std::unordered_map<std::string, std::size_t> keys{};  ///< where each stands
    };

    Value value_at(YAML::Mark const& mark, Value::Shape shape)
    {
        ++values_;
        return {line(mark), shape, {}, {}, {}};
    }

    void open(Value value, YAML::anchor_t anchor)
    {
        if (open_.size() == kDeepest + 1)
            problems_.add(value.place, "the values are nested too deeply; no key takes that");
        open_.push_back({std::move(value), anchor, values_});
    }

    void close()
    {
        auto closed = std::move(open_.back());
        open_.pop_back();
        if (closed.anchor != 0)
            anchored_[closed.anchor] = {closed.value, values_ - closed.values_before};
        place(std::move(closed.value));
    }

    void finish(Value value, YAML::anchor_t anchor)
    {
        if (anchor != 0)
            anchored_[anchor] = {value, 1};
        place(std::move(value));
    }

    /// Puts a complete value where it belongs.
    void place(Value value)
    {
        if (open_.empty()) {
            document_ = std::move(value);
            return;
        }
        auto& around = open_.back();
        if (around.value.shape == Value::Shape::List)
            around.value.children.push_back(std::move(value));
        else if (!around.key)
            around.key = std::move(value);
        else
            add_field(around, *std::exchange(around.key, std::nullopt), std::move(value));
    }

    void add_field(Open& map, Value const& key, Value value)
    {
        if (key.shape != Value::Shape::Text)
            return problems_.add(key.place,
                                 "a key must be one word; see `config schema` for the keys");
        auto const [same, is_new] = map.keys.emplace(key.text, map.value.children.size());
        if (!is_new)
            return problems_.add(
                key.place, fmt::format("key \"{}\" is given twice, first at {}; keep one", key.text,
                                       map.value.children[same->second].place.name));
        value.place = key.place;
        value.key = key.text;
        map.value.children.push_back(std::move(value));
    }

    std::string file_;
    Problems& problems_;
    std::vector<Open> open_;
    std::map<YAML::anchor_t, std::pair<Value, std::size_t>> anchored_;
    std::size_t values_ = 0;
    Value document_{};
};

/// Some control characters end the library's reading in the middle of the file. A byte that is not
/// UTF-8 becomes another character in the value.
/// Returns the length of the first character, or 0 where it is such a one.
std::size_t harmless(std::string_view text)
{
    auto const c = text.front();
    if (static_cast<unsigned char>(c) > 0x7F) {
        auto const length = models::first_character(text).length;
        return length > 1 ? length : 0;
    }
    return (c >= ' ' && c != '\x7F') || c == '\t' || c == '\n' || c == '\r' ? 1 : 0;
}

bool is_text(std::string_view text, std::string const& file, Problems& problems)
{
    for (std::size_t at = 0; at < text.size();) {
        auto const length = harmless(text.substr(at));
        if (length == 0) {
            auto const line = 1 + std::ranges::count(text.substr(0, at), '\n');
            problems.add(
                {Origin::File, fmt::format("{}:{}", file, line)},
                fmt::format("this is not YAML: it holds the byte 0x{:02X}; write a text in UTF-8",
                            static_cast<unsigned char>(text[at])));
            return false;
        }
        at += length;
    }
    return true;
}

/// Whether the line, counted from 0, is indented with a tab, as YAML forbids.
bool has_tab_before(std::string_view text, int line)
{
    for (; line > 0; --line)
        text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    auto const indent = text.substr(0, text.find_first_not_of(" \t"));
    return indent.find('\t') != indent.npos;
}

/// Notes only where a document begins.
class Beginning : public Builder
{
public:
    using Builder::Builder;
    void OnDocumentStart(YAML::Mark const& mark) override { mark_ = mark; }
    YAML::Mark const& mark() const { return mark_; }

private:
    YAML::Mark mark_;
};

/// Reports all that follows the one document that is read.
void refuse_the_rest(YAML::Parser& parser, std::string const& text,
                     std::filesystem::path const& file, Problems& problems)
{
    Problems unheard;
    Beginning next{file, unheard};
    parser.HandleNextDocument(next);
    auto const at = static_cast<std::size_t>(std::max(next.mark().pos, 0));
    bool const is_comma = at < text.size() && text[at] == ',';
    problems.add(next.line(next.mark()),
                 is_comma ? "this is not YAML: a comma stands between values, as in [A, B]"
                          : "a second document starts here; only one is read, remove the \"---\"");
}

}  // namespace

std::optional<std::string> read_text(std::filesystem::path const& file, Place const& place,
                                     Problems& problems)
{
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    std::string text;
    // A directory can be opened, but reading it fails here. Some files have no end.
    for (char part[65536]; stream && text.size() <= kLargest;) {
        stream.read(part, sizeof part);
        text.append(part, static_cast<std::size_t>(stream.gcount()));
    }
    if (text.size() > kLargest) {
        problems.add(place, fmt::format("\"{}\" is larger than {} MiB; name a smaller file",
                                        file.string(), kLargest >> 20));
        return std::nullopt;
    }
    if (stream.eof())
        return text;
    problems.add(place, fmt::format("cannot read \"{}\": {}", file.string(), std::strerror(errno)));
    return std::nullopt;
}

Value read_yaml(std::filesystem::path const& file, Problems& problems)
{
    Place const whole{Origin::File, file.string()};
    Value nothing{whole, Value::Shape::Map, {}, {}, {}};
    Builder builder(file, problems);
    auto const text = read_text(file, whole, problems);
    if (!text || !is_text(*text, file.string(), problems))
        return nothing;
    try {
        std::istringstream stream{*text};
        YAML::Parser parser{stream};
        if (!parser.HandleNextDocument(builder))
            return nothing;
        if (parser)
            refuse_the_rest(parser, *text, file, problems);
        auto value = builder.take();
        if (value.shape == Value::Shape::Map)
            return value;
        if (value.shape != Value::Shape::Nothing)
            problems.add(value.place, "the file must hold `key: value` lines");
    } catch (YAML::Exception const& error) {  // the library's only way to report wrong syntax
        problems.add(builder.line(error.mark),
                     fmt::format("this is not YAML: {}", has_tab_before(*text, error.mark.line)
                                                             ? "indent with blanks, not with a tab"
                                                             : error.msg));
    }
    return nothing;
}

}  // namespace tracking::config
