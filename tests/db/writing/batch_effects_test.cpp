// What each kind of change writes, row by row. It writes no more than it says, and its receipt
// counts the rows.

#include "tests/db/writing/store_test.hpp"

#include <gmock/gmock.h>

#include <ostream>

namespace tracking::models {

void PrintTo(RowsWritten const& rows, std::ostream* out)
{
    *out << rows.companies << " companies, " << rows.contacts << " contacts, " << rows.tags
         << " tags";
}

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class BatchEffectsTest : public StoreTest
{
protected:
    /// Company n of tenant n. The tenant is there only where a test makes it.
    void customer(int n, bool inactive = false)
    {
        world.company({.n = n,
                       .name = "Company " + std::to_string(n),
                       .link = testing::tenant_id(n),
                       .inactive = inactive,
                       .contact_email = "admin" + std::to_string(n) + "@t.example"});
    }
    void tenant_row(int n) { world.tenant({.n = n, .name = "Tenant " + std::to_string(n)}); }
    void contact_of(int company, int n, std::string const& email, bool inactive)
    {
        database.execute(
            "INSERT INTO contacts (tenant, contact_name_id, {company}_id, full_name, email,"
            " is_inactive) VALUES ('" +
            owner.str() + "', '" + testing::contact_id(n) + "', '" + testing::company_id(company) +
            "', 'Eve', '" + email + "', " + (inactive ? "true" : "false") + ")");
    }

    std::vector<Receipt> applied(std::vector<Change> const& batch)
    {
        auto receipts = write(batch);
        for (auto const& receipt : receipts)
            EXPECT_EQ(receipt.outcome, Outcome::Applied) << receipt.reason;
        return receipts;
    }
    RowsWritten written(Change const& change) { return applied({change}).front().rows; }

    /// The e-mail addresses of the management tenant's contacts that are active.
    std::vector<std::string> active_contacts()
    {
        return column("SELECT email FROM contacts WHERE tenant = '" + owner.str() +
                      "' AND NOT is_inactive AND {company}_id < '" +
                      testing::company_id(1'000'000) + "' ORDER BY email");
    }
    std::vector<std::string> tags_of(int n)
    {
        return column(
            "SELECT d.tag_text FROM tag_mappings m JOIN tag_definitions d USING (tenant, tag_id)"
            " WHERE m.tagged_id = '" +
            testing::company_id(n) + "' ORDER BY 1");
    }
    std::string company_is_inactive(int n)
    {
        return database.value("SELECT is_inactive FROM {companies} WHERE {company}_id = '" +
                              testing::company_id(n) + "'");
    }
    /// A member of the image that the journal has of company n's change.
    std::string image(int n, std::string const& path)
    {
        return database.value("SELECT " + path +
                              " FROM customer_reconcile.change WHERE company_id = '" +
                              testing::company_id(n) + "'");
    }

private:
    std::vector<std::string> column(std::string const& sql)
    {
        std::vector<std::string> texts;
        for (auto const& row : database.rows(sql))
            texts.push_back(row.front());
        return texts;
    }
};
TEST_BOTH_GENERATIONS(BatchEffectsTest);

class ClientsBatchEffectsTest : public BatchEffectsTest
{};
TEST_ONE_GENERATION(ClientsBatchEffectsTest, Clients);

// People who left stay inactive, whatever else is on the company.
TEST_P(BatchEffectsTest, ReactivationActivatesTheCompanyAndTheAdminsContactAlone)
{
    tenant_row(1);
    customer(1, true);
    contact_of(1, 21, "left@t.example", true);
    contact_of(1, 22, "stayed@t.example", false);

    EXPECT_EQ(written(Reactivate{tenant(1), company(1), "admin1@t.example"}),
              (RowsWritten{.companies = 1, .contacts = 1, .tags = 0}));

    EXPECT_EQ(company_is_inactive(1), "f");
    EXPECT_THAT(active_contacts(), ElementsAre("admin1@t.example", "stayed@t.example"));
    EXPECT_EQ(image(1, "before ->> 'inactive_contacts'"), "[\"" + testing::contact_id(1) + "\"]");
}

TEST_P(BatchEffectsTest, ReactivationWithoutAdminActivatesTheCompanyAlone)
{
    tenant_row(1);
    customer(1, true);

    EXPECT_EQ(written(Reactivate{tenant(1), company(1), ""}),
              (RowsWritten{.companies = 1, .contacts = 0, .tags = 0}));

    EXPECT_THAT(active_contacts(), IsEmpty());
}

TEST_P(BatchEffectsTest, CleanUpDeactivatesTheCompanyAndWhoIsActiveAndAddsTheTag)
{
    customer(1);
    contact_of(1, 21, "left@t.example", true);
    contact_of(1, 22, "stayed@t.example", false);
    contact_of(1, 23, "too@t.example", false);
    customer(2);

    EXPECT_EQ(written(CleanUp{tenant(1), company(1), "Canceled"}),
              (RowsWritten{.companies = 1, .contacts = 3, .tags = 1}));

    EXPECT_EQ(company_is_inactive(1), "t");
    EXPECT_EQ(company_is_inactive(2), "f");
    EXPECT_THAT(active_contacts(), ElementsAre("admin2@t.example"));
    EXPECT_THAT(tags_of(1), ElementsAre("Canceled", "PSA Customer"));
    EXPECT_EQ(image(1, "json_array_length(before -> 'active_contacts')"), "3");
    EXPECT_EQ(image(1, "after -> 'rows' ->> 'contacts'"), "3");
}

TEST_P(BatchEffectsTest, CleanUpsOfOneBatchCountEachItsOwn)
{
    customer(1);
    contact_of(1, 21, "second@t.example", false);
    customer(2);
    world.tag(2, "Canceled");

    auto const receipts = applied(
        {CleanUp{tenant(1), company(1), "Canceled"}, CleanUp{tenant(2), company(2), "Canceled"}});

    EXPECT_EQ(receipts.at(0).rows, (RowsWritten{.companies = 1, .contacts = 2, .tags = 1}));
    EXPECT_EQ(receipts.at(1).rows, (RowsWritten{.companies = 1, .contacts = 1, .tags = 0}));
}

TEST_P(BatchEffectsTest, UntaggingTakesTheCustomerTagsAndLeavesTheOthers)
{
    customer(1);
    world.tag(1, "AlgaDesk Customer");
    world.tag(1, "VIP");
    customer(2);

    EXPECT_EQ(written(Untag{tenant(1), company(1), {"AlgaDesk Customer", "PSA Customer"}}),
              (RowsWritten{.companies = 0, .contacts = 0, .tags = 2}));

    EXPECT_THAT(tags_of(1), ElementsAre("VIP"));
    EXPECT_THAT(tags_of(2), ElementsAre("PSA Customer"));
    EXPECT_EQ(company_is_inactive(1), "f");
    EXPECT_EQ(image(1, "json_array_length(before -> 'tag_mappings')"), "2");
}

TEST_P(BatchEffectsTest, UntaggingsOfOneBatchTakeEachItsOwnTags)
{
    customer(1);
    customer(2);
    world.tag(2, "AlgaDesk Customer");

    auto const receipts =
        applied({Untag{tenant(1), company(1), {"PSA Customer"}},
                 Untag{tenant(2), company(2), {"AlgaDesk Customer", "PSA Customer"}}});

    EXPECT_EQ(receipts.at(0).rows.tags, 1U);
    EXPECT_EQ(receipts.at(1).rows.tags, 2U);
    EXPECT_THAT(tags_of(2), IsEmpty());
}

TEST_P(BatchEffectsTest, AMappingOfAnotherKindOfThingStaysAndStandsInNobodysWay)
{
    customer(1);
    database.execute("UPDATE tag_mappings SET tagged_type = 'ticket'");

    auto const receipt = write({Untag{tenant(1), company(1), {"PSA Customer"}}}).front();

    EXPECT_EQ(receipt.outcome, Outcome::AlreadyPresent);
    EXPECT_EQ(database.value("SELECT count(*) FROM tag_mappings"), "1");
}

TEST_P(BatchEffectsTest, AdoptionStampsTheLinkAndKeepsAllElse)
{
    tenant_row(1);
    world.company({.n = 1,
                   .name = "Tenant 1",
                   .properties_json = R"({"tenant_id": "Tenant 1", "region": ["north", 1]})"});

    EXPECT_EQ(written(AdoptCompany{tenant(1), company(1), "Tenant 1", "Tenant 1"}),
              (RowsWritten{.companies = 1, .contacts = 0, .tags = 0}));

    EXPECT_EQ(database.value("SELECT properties FROM {companies} WHERE {company}_id = '" +
                             testing::company_id(1) + "'"),
              R"({"region": ["north", 1], "tenant_id": ")" + testing::tenant_id(1) + "\"}");
}

TEST_P(BatchEffectsTest, TagRepairsOfOneBatchShareOneDefinition)
{
    for (int const n : {1, 2}) {
        tenant_row(n);
        world.company({.n = n,
                       .name = "Company " + std::to_string(n),
                       .link = testing::tenant_id(n),
                       .tagged = false});
    }

    auto const receipts = applied({RepairTag{tenant(1), company(1), "PSA Customer"},
                                   RepairTag{tenant(2), company(2), "PSA Customer"}});

    for (auto const& receipt : receipts)
        EXPECT_EQ(receipt.rows, (RowsWritten{.companies = 0, .contacts = 0, .tags = 1}));
    EXPECT_THAT(tags_of(1), ElementsAre("PSA Customer"));
    EXPECT_THAT(tags_of(2), ElementsAre("PSA Customer"));
    EXPECT_EQ(database.value("SELECT count(*) FROM tag_definitions"), "1");
    EXPECT_EQ(image(1, "json_array_length(after -> 'made' -> 'tag_definitions')"), "1");
    EXPECT_EQ(image(2, "after -> 'made' -> 'tag_definitions' IS NULL"), "t");
}

// An undo would take it away with the tag.
TEST_P(BatchEffectsTest, ADefinitionThatIsThereAlreadyIsNotNotedAsMade)
{
    tenant_row(1);
    customer(1);
    world.tag(1, "VIP");
    database.execute("DELETE FROM tag_mappings");

    applied({RepairTag{tenant(1), company(1), "PSA Customer"}});

    EXPECT_EQ(image(1, "json_array_length(after -> 'made' -> 'tag_mappings')"), "1");
    EXPECT_EQ(image(1, "after -> 'made' -> 'tag_definitions' IS NULL"), "t");
}

TEST_P(BatchEffectsTest, ContactRepairsOfOneBatchGiveEachCompanyItsOwn)
{
    for (int const n : {1, 2, 3}) {
        tenant_row(n);
        world.company(
            {.n = n, .name = "Company " + std::to_string(n), .link = testing::tenant_id(n)});
    }
    auto const repair = [](int n) {
        return RepairContact{tenant(n),
                             company(n),
                             {contact(30 + n), "Ada " + std::to_string(n),
                              "admin" + std::to_string(n) + "@t.example"}};
    };

    for (auto const& receipt : applied({repair(3), repair(1), repair(2)}))
        EXPECT_EQ(receipt.rows, (RowsWritten{.companies = 0, .contacts = 1, .tags = 0}));

    EXPECT_THAT(database.rows("SELECT {company}_id, full_name, email FROM contacts"
                              " WHERE contact_name_id > '" +
                              testing::contact_id(30) + "' AND contact_name_id < '" +
                              testing::contact_id(40) + "' ORDER BY 1"),
                ElementsAre(ElementsAre(testing::company_id(1), "Ada 1", "admin1@t.example"),
                            ElementsAre(testing::company_id(2), "Ada 2", "admin2@t.example"),
                            ElementsAre(testing::company_id(3), "Ada 3", "admin3@t.example")));
}

// What undoing starts from, and goes back to.
TEST_P(BatchEffectsTest, TheJournalHasTheCompanyAsItWasAndAsItIs)
{
    for (int const n : {1, 2, 3, 4}) {
        tenant_row(n);
        customer(n, n == 4);
    }
    applied({RenameCompany{tenant(1), company(1), "Company 1", "Tenant 1"}});
    applied({RepairContact{tenant(2), company(2), {contact(31), "Eve", "eve@t.example"}}});
    database.execute("DELETE FROM tag_mappings WHERE tagged_id = '" + testing::company_id(3) + "'");
    applied({RepairTag{tenant(3), company(3), "PSA Customer"}});
    applied({Reactivate{tenant(4), company(4), ""}});

    EXPECT_EQ(image(1, "before -> 'company' ->> 'name'"), "Company 1");
    EXPECT_EQ(image(1, "after -> 'company' ->> 'name'"), "Tenant 1");
    for (int const n : {2, 3}) {
        EXPECT_EQ(image(n, "before -> 'company' ->> 'name'"), "Company " + std::to_string(n));
        EXPECT_EQ(image(n, "(before -> 'company')::jsonb = (after -> 'company')::jsonb"), "t");
    }
    EXPECT_EQ(image(2, "after -> 'made' -> 'contacts' -> 0 ->> 'contact_name_id'"),
              testing::contact_id(31));
    EXPECT_EQ(image(4, "before -> 'company' ->> 'is_inactive'"), "true");
    EXPECT_EQ(image(4, "after -> 'company' ->> 'is_inactive'"), "false");
}

TEST_P(ClientsBatchEffectsTest, ARenamedCompanyTakesItsOwnProfileAlong)
{
    tenant_row(1);
    customer(1);
    database.execute("INSERT INTO client_billing_profiles (tenant, client_id, name) VALUES ('" +
                     owner.str() + "', '" + testing::company_id(1) + "', 'Company 1')");

    EXPECT_EQ(written(RenameCompany{tenant(1), company(1), "Company 1", "Tenant 1"}),
              (RowsWritten{.companies = 1, .contacts = 0, .tags = 0}));

    EXPECT_THAT(database.rows("SELECT name, is_default FROM client_billing_profiles"
                              " WHERE client_id = '" +
                              testing::company_id(1) + "' ORDER BY 1"),
                ElementsAre(ElementsAre("Company 1", "f"), ElementsAre("Tenant 1", "t")));
    EXPECT_EQ(image(1, "json_array_length(after -> 'renamed_profiles')"), "1");
}

TEST_P(BatchEffectsTest, ADeletionCountsWhatItTakesAlong)
{
    tenant_row(1);
    auto const id = made_company_id(owner, tenant(1));
    std::string const email = "ada@t.example";
    applied({CreateCustomer{
        .tenant = tenant(1),
        .company = id,
        .name = "Tenant 1",
        .tenant_name = "Tenant 1",
        .product = "psa",
        .tag = "PSA Customer",
        .contact = PlannedContact{made_contact_id(owner, id, email), "Ada", email}}});
    database.execute(
        "SET session_replication_role = replica; DELETE FROM tenants WHERE tenant = '" +
        testing::tenant_id(1) + "'; SET session_replication_role = DEFAULT");

    EXPECT_EQ(written(DeleteCustomer{.tenant = tenant(1),
                                     .company = id,
                                     .name = "Tenant 1",
                                     .own_tags = {"Canceled", "PSA Customer"},
                                     .contacts = 1,
                                     .tags = 1}),
              (RowsWritten{.companies = 1, .contacts = 1, .tags = 1}));
    EXPECT_EQ(
        database.value("SELECT count(*) FROM {companies} WHERE {company}_id = '" + id.str() + "'"),
        "0");
}

TEST_P(BatchEffectsTest, ACreationMakesCompanyContactAndTagAndSaysSo)
{
    tenant_row(1);
    auto const id = made_company_id(owner, tenant(1));
    CreateCustomer const change{.tenant = tenant(1),
                                .company = id,
                                .name = "Tenant 1 (00000000)",
                                .tenant_name = "Tenant 1",
                                .product = "algadesk",
                                .tag = "AlgaDesk Customer",
                                .contact = PlannedContact{contact(31), "Ada", "ada@t.example"}};

    EXPECT_EQ(written(change), (RowsWritten{.companies = 1, .contacts = 1, .tags = 1}));

    EXPECT_THAT(database.rows("SELECT {company}_name, properties, notes FROM {companies}"
                              " WHERE {company}_id = '" +
                              id.str() + "'"),
                ElementsAre(ElementsAre("Tenant 1 (00000000)",
                                        R"({"tenant_id": ")" + testing::tenant_id(1) +
                                            R"(", "subscription_type": "algadesk"})",
                                        "AlgaDesk Customer - Tenant: Tenant 1")));
    EXPECT_THAT(
        database.rows("SELECT full_name, email, role, notes FROM contacts"
                      " WHERE {company}_id = '" +
                      id.str() + "'"),
        ElementsAre(ElementsAre("Ada", "ada@t.example", "Admin", "Primary admin for PSA tenant")));
}

}  // namespace
}  // namespace tracking::models
