#include "models/values/tenant.hpp"

#include <gtest/gtest.h>

namespace tracking::models {
namespace {

TEST(ProductTest, AProductIsItsCode)
{
    std::string code = "algadesk";
    Product const product{code};
    code = "psa";
    EXPECT_EQ(product.code(), "algadesk");
    EXPECT_EQ(product, Product{"algadesk"});
    EXPECT_FALSE(product == Product{code});
    EXPECT_EQ(Product{}.code(), "");
}

TEST(ProductTest, OneCodeIsStoredOnce)
{
    EXPECT_EQ(&Product{"one"}.code(), &Product{std::string{"one"}}.code());
    EXPECT_LT(sizeof(Tenant), 230U);  // 100,000 of them are in memory after a mass undo
}

}  // namespace
}  // namespace tracking::models
