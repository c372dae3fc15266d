#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

using testing::IsEmpty;

constexpr std::size_t kMostFilesOfARoom = 22;

/// Each room, as `models/crm`, and those that it links.
using Rooms = std::map<std::string, std::set<std::string>>;

Rooms rooms_from(std::istream& declared)
{
    Rooms rooms;
    for (std::string line; std::getline(declared, line);) {
        std::istringstream words{line};
        std::string room;
        words >> room;
        room.pop_back();
        for (std::string other; words >> other;)
            rooms[room].insert(other);
        rooms[room];
    }
    return rooms;
}

Rooms const& house()
{
    static Rooms const rooms = [] {
        std::ifstream file{ROOMS};
        return rooms_from(file);
    }();
    return rooms;
}

/// All that it links, and what these link in turn.
std::set<std::string> reach_of(Rooms const& rooms, std::string const& room)
{
    std::set<std::string> reach;
    std::vector<std::string> open{room};
    while (!open.empty()) {
        auto const& links = rooms.at(open.back());
        open.pop_back();
        for (auto const& link : links)
            if (reach.insert(link).second)
                open.push_back(link);
    }
    return reach;
}

/// The innermost room that the file lies in; empty: none.
std::string room_of(Rooms const& rooms, fs::path const& file)
{
    for (auto folder = file.parent_path(); !folder.empty(); folder = folder.parent_path())
        if (rooms.contains(folder.string()))
            return folder.string();
    return {};
}

/// What is wrong with one include; empty: nothing.
std::string objection(Rooms const& rooms, std::string const& file, std::string const& include)
{
    auto const from = room_of(rooms, file);
    auto const to = room_of(rooms, include);
    if (from == to || reach_of(rooms, from).contains(to))
        return {};
    return file + " includes " + include + ": the CMakeLists of " + from +
           " links nothing that leads to " + to + ", and an arrow never points back";
}

bool is_source(fs::path const& file)
{
    return file.extension() == ".cpp" || file.extension() == ".hpp";
}

std::vector<std::string> sources()
{
    std::vector<std::string> all;
    for (auto const* layer : {"config", "models", "reconcile", "job"})
        for (auto const& entry : fs::recursive_directory_iterator{fs::path{REPOSITORY} / layer})
            if (is_source(entry.path()))
                all.push_back(fs::relative(entry.path(), REPOSITORY).string());
    std::ranges::sort(all);
    return all;
}

std::vector<std::string> own_includes_of(std::string const& file)
{
    static std::regex const kInclude{
        R"re(\s*#\s*include\s*"((config|models|reconcile|job)/[^"]+)".*)re"};
    std::vector<std::string> includes;
    std::ifstream stream{fs::path{REPOSITORY} / file};
    for (std::string line; std::getline(stream, line);)
        if (std::smatch parts; std::regex_match(line, parts, kInclude))
            includes.push_back(parts[1]);
    return includes;
}

Rooms rooms_of(std::string const& declared)
{
    std::istringstream stream{declared};
    return rooms_from(stream);
}

TEST(HouseTest, NoIncludePointsBack)
{
    std::size_t seen = 0;
    for (auto const& file : sources())
        for (auto const& include : own_includes_of(file)) {
            ++seen;
            EXPECT_EQ(objection(house(), file, include), "");
        }
    EXPECT_GT(seen, 500U);
}

TEST(HouseTest, NoRoomLeadsBackToItself)
{
    for (auto const& [room, links] : house())
        EXPECT_FALSE(reach_of(house(), room).contains(room)) << room;
}

TEST(HouseTest, EveryFolderWithSourcesIsARoom)
{
    for (auto const& file : sources())
        EXPECT_EQ(room_of(house(), file), fs::path{file}.parent_path().string()) << file;
}

TEST(HouseTest, NoRoomIsTooFullToBeSeenAtOnce)
{
    std::map<std::string, std::size_t> files;
    for (auto const& file : sources())
        ++files[fs::path{file}.parent_path().string()];
    for (auto const& [room, count] : files)
        EXPECT_LE(count, kMostFilesOfARoom) << room;
}

TEST(HouseTest, EveryRoomBeginsWithASentenceOnWhatItIs)
{
    static std::regex const kSentence{R"(# [A-Z].*)"};
    for (auto const& [room, links] : house()) {
        std::ifstream lists{fs::path{REPOSITORY} / room / "CMakeLists.txt"};
        std::string comment;
        for (std::string line; std::getline(lists, line) && line.starts_with('#');)
            comment += line;
        EXPECT_TRUE(std::regex_match(comment, kSentence) && comment.ends_with('.')) << room;
    }
}

TEST(HouseTest, AnIncludeMayFollowArrowsOverSeveralRooms)
{
    auto const rooms = rooms_of("a: \na/low: \na/mid: a/low\na/top: a/mid\n");
    EXPECT_THAT(objection(rooms, "a/top/x.cpp", "a/low/y.hpp"), IsEmpty());
    EXPECT_THAT(objection(rooms, "a/top/x.cpp", "a/top/y.hpp"), IsEmpty());
}

TEST(HouseTest, AnIncludeThatPointsBackIsNamedWithItsFile)
{
    auto const rooms = rooms_of("a: \na/low: \na/mid: a/low\na/top: a/mid\n");
    EXPECT_EQ(objection(rooms, "a/low/x.cpp", "a/top/y.hpp"),
              "a/low/x.cpp includes a/top/y.hpp: the CMakeLists of a/low links nothing that leads "
              "to a/top, and an arrow never points back");
}

TEST(HouseTest, AnIncludeOfARoomBesideIsNone)
{
    auto const rooms = rooms_of("a: \na/low: \na/one: a/low\na/two: a/low\n");
    EXPECT_NE(objection(rooms, "a/one/x.cpp", "a/two/y.hpp"), "");
}

}  // namespace
