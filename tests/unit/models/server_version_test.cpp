#include "models/schema/inspection.hpp"
#include "models/values/errors.hpp"

#include <gmock/gmock.h>

namespace tracking::models {
namespace {

using namespace ::testing;

TEST(ServerVersionTest, OneThatIsTooOldIsRefusedWithWhatIsNeeded)
{
    EXPECT_THAT([] { require_server(110022); },
                ThrowsMessage<SchemaMismatch>(AllOf(HasSubstr("PostgreSQL 11, which is too old"),
                                                    HasSubstr("needs PostgreSQL 12 or later"))));
    EXPECT_THROW(require_server(90624), SchemaMismatch);
}

TEST(ServerVersionTest, OthersAreTriedAlsoThoseToCome)
{
    for (int const version : {120000, 150018, 160010, 170006, 190000})
        EXPECT_NO_THROW(require_server(version)) << version;
}

}  // namespace
}  // namespace tracking::models
