#include "reconcile/plan/plan_shape.hpp"

#include "reconcile/plan/plan_file.hpp"

#include <gmock/gmock.h>

#include <string>

namespace tracking::reconcile {
namespace {

using testing::HasSubstr;

constexpr std::string_view kHeading =
    R"({"digest": "d", "format": "customer-reconcile/plan", "version": 3, "changes": [)";

struct Refusal
{
    std::string words;
    std::size_t chunks = 0;  ///< that were read until then
};

/// `rest` comes again and again: 100 MB in chunks.
Refusal refusal_of(std::string_view head, std::string_view rest)
{
    std::string chunk;
    while (chunk.size() < 65'536)
        chunk += rest;
    PlanShape shape;
    std::size_t chunks = 0;
    try {
        shape.take(head);
        for (; chunks < 1'600; ++chunks)
            shape.take(chunk);
    } catch (PlanFileError const& error) {
        return {error.what(), chunks};
    }
    return {"", chunks};
}

TEST(PlanShapeTest, WhatDoesNotBeginAsAPlanIsRefusedAtItsFirstByte)
{
    auto const list = refusal_of("[", "1,");
    EXPECT_THAT(list.words, HasSubstr("is no plan of customer-reconcile"));
    EXPECT_EQ(list.chunks, 0U);
    EXPECT_EQ(refusal_of("", "some log line\n").chunks, 0U);
    EXPECT_EQ(refusal_of("", std::string_view{"\0\0\0\0", 4}).chunks, 0U);
}

TEST(PlanShapeTest, AnotherDocumentIsRefusedAfterOneMegabyte)
{
    auto const other = refusal_of(R"({"format": "other", "items": [)", R"({"a": "b"},)");
    EXPECT_THAT(other.words, HasSubstr("too short"));
    EXPECT_LE(refusal_of(R"({"text": ")", "a").chunks, 16U);
}

TEST(PlanShapeTest, ChangesThatAreNoneAreRefusedAtTheFirst)
{
    EXPECT_EQ(refusal_of(kHeading, "1,").words, "change 1 is no object");
    EXPECT_EQ(refusal_of(kHeading, "{},").words, "change 1 is too short to be one");
    EXPECT_THAT(refusal_of(std::string{kHeading} + "{\"a\": [", "1,").words,
                HasSubstr("more members than any"));
    EXPECT_THAT(refusal_of(R"({"format": "customer-reconcile/plan")", ",\"a\":1").words,
                HasSubstr("too many members"));
}

TEST(PlanShapeTest, APlanPassesInWhateverPieces)
{
    models::TenantId const tenant{models::UuidBytes{1}};
    models::CompanyId const company{models::UuidBytes{2}};
    SavedPlan plan{.identity = {.database = "d", .source = "s", .generation = "clients"},
                   .server_time = "2026-01-02T03:04:05Z",
                   .options = {{"a", "x, [\\\"{"}}};
    for (int i = 0; i < 4'000; ++i) {
        plan.drift.push_back({.kind = DriftKind::Untagged,
                              .tenant = tenant,
                              .tenant_name = "A \"[1,\\",
                              .company = company,
                              .company_name = "]}",
                              .change = models::RepairTag{tenant, company, "T"}});
        plan.witnesses.emplace_back(R"({"company": {"properties": [[1, 2], {"a": []}]}})");
    }
    auto const text = write_plan_file(plan);
    EXPECT_GT(text.size(), 1'000'000U);
    for (std::size_t const size : {1U, 7U, 65'536U}) {
        PlanShape shape;
        for (std::size_t at = 0; at < text.size(); at += size)
            shape.take(std::string_view{text}.substr(at, size));
    }
    EXPECT_EQ(read_plan_file(text).drift.size(), 4'000U);
}

}  // namespace
}  // namespace tracking::reconcile
