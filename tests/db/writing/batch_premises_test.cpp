// Between reading and writing lie seconds in a night, and minutes while a person thinks at the
// question. A table for each kind of change: what can happen in that time, and what becomes of it.
// It is named for its kind.

#include "tests/db/writing/store_test.hpp"

#include <gmock/gmock.h>

#include <cctype>
#include <set>

namespace tracking::models {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;

/// The test of a kind of change: OfRepairTag of repair_tag.
std::string name_of_table(std::string_view kind)
{
    std::string name = "Of";
    bool is_first = true;
    for (char const c : kind) {
        if (c != '_')
            name += is_first ? static_cast<char>(std::toupper(c)) : c;
        is_first = c == '_';
    }
    return name;
}

/// The tests of the suite, for this generation.
std::set<std::string> tests_of_this_suite()
{
    auto const& here = *::testing::UnitTest::GetInstance()->current_test_suite();
    std::set<std::string> names;
    for (int i = 0; i < here.total_test_count(); ++i) {
        std::string_view const name = here.GetTestInfo(i)->name();
        names.emplace(name.substr(0, name.find('/')));
    }
    return names;
}

/// Case n of a table is about tenant n and company n.
class BatchPremisesTest : public StoreTest
{
public:
    using Planned = Change (BatchPremisesTest::*)(int);
    using Event = void (BatchPremisesTest::*)(int);

    struct Row
    {
        char const* what;
        Event happens;
        Outcome outcome;
        std::string reason;  ///< {n} is the number of the case, {made id} the job's
    };

    BatchPremisesTest() { world.tenant({.n = kOtherTenant, .name = "Somebody else"}); }

    /// Each row of the table alone. A change that is not applied writes nothing.
    void expect_table(Planned plan, std::vector<Row> const& table)
    {
        for (int n = 1; auto const& row : table) {
            SCOPED_TRACE(row.what);
            std::vector const batch{(this->*plan)(n)};
            (this->*row.happens)(n);
            auto const before = everything();
            auto const receipt = write(batch).front();
            EXPECT_EQ(name_of(receipt.outcome), name_of(row.outcome));
            EXPECT_EQ(receipt.reason, numbered(row.reason, n));
            if (row.outcome == Outcome::Applied)
                expect_written(batch.front(), receipt.rows, before);
            else
                EXPECT_EQ(everything(), before);
            EXPECT_EQ(recorded(batch.front()), std::string{name_of(row.outcome)});
            ++n;
        }
    }

    /// The event happens to the first and the last of three. The second is applied.
    void expect_neighbour_is_served(Planned plan, Event event, Outcome outcome)
    {
        std::vector<Change> batch;
        for (int const n : {501, 502, 503})
            batch.push_back((this->*plan)(n));
        (this->*event)(501);
        (this->*event)(503);
        EXPECT_THAT(write(batch), ElementsAre(Field(&Receipt::outcome, outcome),
                                              Field(&Receipt::outcome, Outcome::Applied),
                                              Field(&Receipt::outcome, outcome)));
    }

    // --- changes, as they are planned

    Change create(int n)
    {
        world.tenant({.n = n, .name = name("Tenant", n), .admin_email = email(n)});
        auto const id = made_company_id(owner, tenant(n));
        return CreateCustomer{.tenant = tenant(n),
                              .company = id,
                              .name = name("Tenant", n),
                              .tenant_name = name("Tenant", n),
                              .product = "psa",
                              .tag = "PSA Customer",
                              .contact = planned_contact(id, n)};
    }
    Change adopt(int n)
    {
        world.old_workflow(tenant_with_row(n));
        return AdoptCompany{tenant(n), company(n), name("Tenant", n), name("Tenant", n)};
    }
    Change link(int n)
    {
        world.old_workflow(tenant_with_row(n));
        return LinkCompany{tenant(n), company(n), name("Tenant", n), name("Tenant", n)};
    }
    Change ignore(int n)
    {
        world.old_workflow(tenant_with_row(n));
        return IgnoreCompany{TenantId{}, company(n), name("Tenant", n), name("Tenant", n)};
    }
    Change repair_tag(int n)
    {
        customer(n, {.n = n, .name = name("Company", n), .tagged = false});
        return RepairTag{tenant(n), company(n), "PSA Customer"};
    }
    Change repair_contact(int n)
    {
        customer(n, {.n = n, .name = name("Company", n)});
        return RepairContact{tenant(n), company(n), planned_contact(company(n), n)};
    }
    Change rename(int n)
    {
        customer(n, {.n = n, .name = name("Company", n)});
        return RenameCompany{tenant(n), company(n), name("Company", n), name("Tenant", n)};
    }
    Change reactivate(int n)
    {
        customer(n,
                 {.n = n, .name = name("Company", n), .inactive = true, .contact_email = email(n)});
        return Reactivate{tenant(n), company(n), email(n)};
    }
    /// The contact of company n follows its user to the address "new-n".
    Change change_contact(int n)
    {
        customer(n, {.n = n, .name = name("Company", n), .contact_email = email(n)});
        return ChangeContacts{.tenant = tenant(n),
                              .company = company(n),
                              .contacts = {{.id = contact(n),
                                            .user = user(n),
                                            .former_name = "Ada Admin",
                                            .former_email = email(n),
                                            .full_name = "Ada Married",
                                            .email = "new-" + email(n)}},
                              .together = {}};
    }
    Change retire_contact(int n)
    {
        customer(n, {.n = n, .name = name("Company", n), .contact_email = email(n)});
        return RetireContacts{tenant(n), company(n), {{contact(n), email(n)}}};
    }
    Change take_back(int n)
    {
        customer(n,
                 {.n = n, .name = name("Company", n), .inactive = true, .contact_email = email(n)});
        world.tag(n, "Canceled");
        return Reactivate{.tenant = tenant(n),
                          .company = company(n),
                          .email = {},
                          .canceled_tag = "Canceled",
                          .takes_back = true,
                          .contacts = {contact(n)}};
    }
    Change clean_up(int n)
    {
        orphan(n);
        return CleanUp{tenant(n), company(n), "Canceled"};
    }
    Change untag(int n)
    {
        orphan(n);
        return Untag{tenant(n), company(n), {"PSA Customer"}};
    }
    /// Only what the job has made is deleted.
    Change delete_customer(int n)
    {
        std::vector const batch{create(n)};
        EXPECT_EQ(write(batch).front().outcome, Outcome::Applied);
        tenant_goes(n);
        return DeleteCustomer{.tenant = tenant(n),
                              .company = company_of(batch.front()),
                              .name = name("Tenant", n),
                              .own_tags = {"AlgaDesk Customer", "Canceled", "PSA Customer"},
                              .contacts = 1,
                              .tags = 1,
                              .billing_profiles = profile.has(Piece::BillingProfiles) ? 1U : 0U};
    }

    // --- what happens in between

    void nothing_happens(int /*n*/) {}
    void tenant_goes(int n)
    {
        database.execute(
            "SET session_replication_role = replica; DELETE FROM tenants WHERE tenant"
            " = " +
            id(tenant(n)) + "; SET session_replication_role = DEFAULT");
    }
    void tenant_comes_back(int n)
    {
        database.execute("INSERT INTO tenants (tenant, {company}_name, email) VALUES (" +
                         id(tenant(n)) + ", 'Back', 'back@t.example')");
    }
    void company_goes(int n)
    {
        auto const own = of_company(n);
        auto const profiles = profile.has(Piece::BillingProfiles)
                                  ? "DELETE FROM client_billing_profiles" + own + "; "
                                  : std::string{};
        database.execute(
            "DELETE FROM tag_mappings WHERE tagged_id IN (SELECT {company}_id FROM"
            " {companies}" +
            own + "); DELETE FROM contacts" + own + "; " + profiles + "DELETE FROM {companies}" +
            own);
    }
    void link_becomes_another_tenants(int n)
    {
        set_properties(n,
                       "properties || '{\"tenant_id\": \"" + tenant(kOtherTenant).str() + "\"}'");
    }
    void link_becomes_a_name(int n)
    {
        set_properties(n, "properties || '{\"tenant_id\": \"Somebody else\"}'");
    }
    void link_becomes_the_tenants(int n)
    {
        set_properties(n, "properties || '{\"tenant_id\": \"" + tenant(n).str() + "\"}'");
    }
    void link_is_removed(int n) { set_properties(n, "properties - 'tenant_id'"); }
    void properties_become_null(int n) { set_properties(n, "NULL"); }
    void person_says_ignore(int n)
    {
        set_properties(n, "properties || '{\"reconcile\": \"ignore\"}'");
    }
    void person_renames(int n) { set(n, "{company}_name = 'A name of a person'"); }
    void person_gives_the_name(int n) { set(n, "{company}_name = '" + name("Tenant", n) + "'"); }
    void person_activates(int n) { set(n, "is_inactive = false"); }
    void person_deactivates(int n) { set(n, "is_inactive = true"); }
    void person_tags(int n) { world.tag(n, "PSA Customer"); }
    void person_takes_the_tags_off(int n)
    {
        database.execute(
            "DELETE FROM tag_mappings WHERE tagged_id IN (SELECT {company}_id FROM"
            " {companies}" +
            of_company(n) + ")");
    }
    void person_adds_the_contact(int n) { add_contact(n, email(n)); }
    void person_adds_another_contact(int n) { add_contact(n, "person@t.example"); }
    void address_becomes_anothers(int n)
    {
        world.company({.n = 700 + n, .name = name("Other", n), .contact_email = email(n)});
    }
    void new_address_becomes_anothers(int n)
    {
        world.company({.n = 700 + n, .name = name("Other", n), .contact_email = "new-" + email(n)});
    }
    void new_address_becomes_an_additional_one(int n)
    {
        if (!profile.has(Piece::AdditionalEmails))
            return new_address_becomes_anothers(n);
        world.company({.n = 700 + n, .name = name("Other", n), .contact_email = "other@t.example"});
        database.execute(
            "INSERT INTO contact_additional_email_addresses (tenant, contact_name_id,"
            " email_address) VALUES ('" +
            owner.str() + "', '" + testing::contact_id(700 + n) + "', 'new-" + email(n) + "')");
    }
    void person_edits_the_contact(int n) { set_contact(n, "full_name = 'The boss'"); }
    void person_moves_the_contact(int n)
    {
        set_contact(n, "email = 'boss" + std::to_string(n) + "@t.example'");
    }
    void person_deactivates_the_contact(int n) { set_contact(n, "is_inactive = true"); }
    void person_takes_the_contact_out(int n) { set_contact(n, "{company}_id = NULL"); }
    void name_becomes_anothers(int n) { world.company({.n = 700 + n, .name = name("Tenant", n)}); }
    void name_becomes_that_of_anothers_customer(int n)
    {
        world.company(
            {.n = 700 + n, .name = name("Tenant", n), .link = testing::tenant_id(kOtherTenant)});
    }
    void somebody_makes_the_customer(int n)
    {
        world.company({.n = 700 + n, .name = name("Tenant", n), .link = testing::tenant_id(n)});
    }
    void id_becomes_anothers(int n)
    {
        world.company({.n = 700 + n, .name = name("Other", n)});
        if (profile.has(Piece::BillingProfiles))
            database.execute("DELETE FROM client_billing_profiles WHERE client_id = " +
                             id(company(700 + n)));
        database.execute(
            "DELETE FROM tag_mappings WHERE tagged_id = " + id(company(700 + n)) +
            "; UPDATE {companies} SET {company}_id = " + id(made_company_id(owner, tenant(n))) +
            " WHERE {company}_id = " + id(company(700 + n)));
    }
    void invoice_comes_up(int n)
    {
        database.execute(
            "INSERT INTO invoices (tenant, {company}_id, invoice_number) SELECT"
            " tenant, {company}_id, '1' FROM {companies}" +
            of_company(n));
    }
    /// No foreign key tells what these two hold: the job knows such columns by their names.
    void document_comes_up(int n)
    {
        database.execute(
            "INSERT INTO document_associations (tenant, entity_type, entity_id)"
            " SELECT tenant, '{company}', {company}_id FROM {companies}" +
            of_company(n));
    }
    void mapping_of_another_system_comes_up(int n)
    {
        database.execute(
            "INSERT INTO tenant_external_entity_mappings (tenant, alga_entity_type,"
            " alga_entity_id) SELECT tenant, '{company}', {company}_id::text FROM {companies}" +
            of_company(n));
    }
    void document_of_the_contact_comes_up(int n)
    {
        database.execute(
            "INSERT INTO document_associations (tenant, entity_type, entity_id)"
            " SELECT tenant, 'contact', contact_name_id FROM contacts" +
            of_company(n));
    }
    void tag_of_a_person_comes_up(int n)
    {
        world.tag(n, "VIP");
        database.execute(
            "UPDATE tag_mappings m SET tagged_id = c.{company}_id FROM {companies} c"
            " WHERE c.tenant = m.tenant AND m.tagged_id = " +
            id(company(n)) + " AND c.{company}_name = '" + name("Tenant", n) + "'");
    }

private:
    static constexpr int kOtherTenant = 900;

    static std::string name(std::string const& what, int n)
    {
        return what + " " + std::to_string(n);
    }
    static std::string email(int n) { return "admin" + std::to_string(n) + "@t.example"; }
    static std::string id(auto const& one) { return "'" + one.str() + "'"; }

    std::string numbered(std::string text, int n) const
    {
        auto const fill = [&](std::string const& mark, std::string const& value) {
            for (auto at = text.find(mark); at != text.npos; at = text.find(mark))
                text.replace(at, mark.size(), value);
        };
        fill("{n}", std::to_string(n));
        fill("{made id}", made_company_id(owner, tenant(n)).str());
        return text;
    }

    PlannedContact planned_contact(CompanyId of, int n) const
    {
        return {made_contact_id(owner, of, email(n)), "Ada Admin", email(n)};
    }

    testing::TenantSeed tenant_with_row(int n)
    {
        testing::TenantSeed seed{.n = n, .name = name("Tenant", n), .admin_email = email(n)};
        world.tenant(seed);
        return seed;
    }
    void customer(int n, testing::CompanySeed seed)
    {
        tenant_with_row(n);
        seed.link = tenant(n).str();
        world.company(seed);
    }
    void orphan(int n)
    {
        world.company({.n = n,
                       .name = name("Company", n),
                       .link = tenant(n).str(),
                       .contact_email = email(n)});
    }

    /// The company of case n, made by the job or by others.
    std::string of_company(int n) const
    {
        return " WHERE tenant = " + id(owner) + " AND {company}_id IN (" + id(company(n)) + ", " +
               id(made_company_id(owner, tenant(n))) + ")";
    }
    void set(int n, std::string const& assignment)
    {
        database.execute("UPDATE {companies} SET " + assignment + of_company(n));
    }
    void set_contact(int n, std::string const& assignment)
    {
        database.execute("UPDATE contacts SET " + assignment + of_company(n));
    }
    void set_properties(int n, std::string const& value) { set(n, "properties = " + value); }
    void add_contact(int n, std::string const& address)
    {
        database.execute(
            "INSERT INTO contacts (tenant, contact_name_id, {company}_id, full_name,"
            " email) SELECT tenant, gen_random_uuid(), {company}_id, 'Eve', '" +
            address + "' FROM {companies}" + of_company(n));
    }

    /// The rows that changed, and those that the receipt counts, are of sorts that the kind of
    /// change writes.
    void expect_written(Change const& change, RowsWritten const& rows,
                        std::map<std::string, std::string> const& before)
    {
        auto const writes =
            std::visit([](auto const& one) { return unboxed(one).kWrites; }, change);
        auto const after = everything();
        auto const expect = [&](std::string const& table, bool is_written, std::size_t count) {
            EXPECT_TRUE(is_written || (after.at(table) == before.at(table) && count == 0)) << table;
        };
        EXPECT_NE(after, before);
        expect(GetParam() == testing::Generation::Clients ? "clients" : "companies",
               writes.companies, rows.companies);
        expect("contacts", writes.contacts, rows.contacts);
        expect("tag_mappings", writes.tags, rows.tags);
        expect("tag_definitions", writes.tags, rows.tags);
    }

    std::string recorded(Change const& change)
    {
        return database.value("SELECT outcome FROM customer_reconcile.change WHERE change = '" +
                              std::string{name_of(change)} +
                              "' AND company_id = " + id(company_of(change)));
    }
};
TEST_BOTH_GENERATIONS(BatchPremisesTest);

constexpr char const* kTenantGone = "expected the tenant to be there, found it gone";
constexpr char const* kTenantThere = "expected the tenant to be gone, found it there";
constexpr char const* kCompanyGone = "expected the company to be there, found it gone";
constexpr char const* kIgnored =
    "expected the company to be tracked, found that its properties.reconcile says \"ignore\"";
constexpr char const* kLinkOfAnother =
    "expected the link to be the tenant's id, found \"00000000-0000-4000-8000-000000000900\"";
constexpr char const* kLinkIsName =
    "expected the link to be the tenant's id, found \"Somebody else\"";
constexpr char const* kNoLink = "expected the link to be the tenant's id, found nothing";
constexpr auto kStale = Outcome::Stale;
constexpr auto kPresent = Outcome::AlreadyPresent;
constexpr auto kApplied = Outcome::Applied;

using T = BatchPremisesTest;
using Rows = std::vector<T::Row>;

Rows joined(Rows rows, Rows const& further)
{
    rows.insert(rows.end(), further.begin(), further.end());
    return rows;
}

/// What every change expects that knows the company by its link; `further` is what the kind
/// expects.
Rows with_link(Rows const& further)
{
    return joined({{"nothing", &T::nothing_happens, kApplied, ""},
                   {"company gone", &T::company_goes, kStale, kCompanyGone},
                   {"ignored", &T::person_says_ignore, kStale, kIgnored},
                   {"another tenant's", &T::link_becomes_another_tenants, kStale, kLinkOfAnother},
                   {"a name", &T::link_becomes_a_name, kStale, kLinkIsName},
                   {"no link", &T::link_is_removed, kStale, kNoLink},
                   {"no properties", &T::properties_become_null, kStale, kNoLink}},
                  further);
}

/// The same of a tenant that is there, and of one that is gone.
Rows of_a_customer(Rows const& further)
{
    return joined(with_link({{"tenant gone", &T::tenant_goes, kStale, kTenantGone}}), further);
}
Rows of_an_orphan(Rows const& further)
{
    return joined(with_link({{"tenant back", &T::tenant_comes_back, kStale, kTenantThere}}),
                  further);
}

/// Of a change that knows the company by its name and by what its link reads.
Rows as_read(Rows const& further)
{
    std::string const read = "expected the link to read \"Tenant {n}\", found ";
    return joined(
        {{"nothing", &T::nothing_happens, kApplied, ""},
         {"company gone", &T::company_goes, kStale, kCompanyGone},
         {"another tenant's", &T::link_becomes_another_tenants, kStale,
          read + "\"00000000-0000-4000-8000-000000000900\""},
         {"another name", &T::link_becomes_a_name, kStale, read + "\"Somebody else\""},
         {"no link", &T::link_is_removed, kStale, read + "nothing"},
         {"no properties", &T::properties_become_null, kStale, read + "nothing"},
         {"renamed", &T::person_renames, kStale,
          "expected the company's name to be \"Tenant {n}\", found \"A name of a person\""}},
        further);
}

TEST_P(BatchPremisesTest, EachKindOfChangeHasATable)
{
    auto const tables = tests_of_this_suite();
    for (auto const& change : blank_changes()) {
        bool const is_of_undo = as<Restore>(change);  // its pieces have tests of their own
        EXPECT_NE(tables.contains(name_of_table(name_of(change))), is_of_undo) << name_of(change);
    }
}

TEST_P(BatchPremisesTest, OfCreate)
{
    expect_table(&T::create,
                 {{"nothing", &T::nothing_happens, kApplied, ""},
                  {"tenant gone", &T::tenant_goes, kStale, kTenantGone},
                  {"name taken", &T::name_becomes_anothers, kStale,
                   "expected name and id to be free, found company \"Tenant {n}\" "
                   "(c0000000-0000-4000-8000-00000000070{n})"},
                  {"address taken", &T::address_becomes_anothers, kApplied,
                   "made without contact: admin{n}@t.example is another contact's by now"}});
    expect_neighbour_is_served(&T::create, &T::tenant_goes, kStale);
}

TEST_P(BatchPremisesTest, OfAdopt)
{
    expect_table(&T::adopt, as_read({{"tenant gone", &T::tenant_goes, kStale, kTenantGone},
                                     {"ignored", &T::person_says_ignore, kStale, kIgnored},
                                     {"done", &T::link_becomes_the_tenants, kPresent,
                                      "the link is the tenant's id already"}}));
    expect_neighbour_is_served(&T::adopt, &T::link_is_removed, kStale);
}

TEST_P(BatchPremisesTest, OfLink)
{
    expect_table(&T::link, as_read({{"tenant gone", &T::tenant_goes, kStale, kTenantGone},
                                    {"done", &T::link_becomes_the_tenants, kPresent,
                                     "the link is the tenant's id already"}}));
}

TEST_P(BatchPremisesTest, OfIgnore)
{
    expect_table(
        &T::ignore,
        as_read(
            {{"tenant gone: it is about the company alone", &T::tenant_goes, kApplied, ""},
             {"done", &T::person_says_ignore, kPresent, "its properties say \"ignore\" already"}}));
    expect_neighbour_is_served(&T::ignore, &T::link_is_removed, kStale);
}

TEST_P(BatchPremisesTest, OfRepairTag)
{
    expect_table(&T::repair_tag,
                 of_a_customer(
                     {{"renamed: the link tells whose it is", &T::person_renames, kApplied, ""},
                      {"done", &T::person_tags, kPresent, "the company carries the tag already"}}));
    expect_neighbour_is_served(&T::repair_tag, &T::link_is_removed, kStale);
}

TEST_P(BatchPremisesTest, OfRepairContact)
{
    expect_table(
        &T::repair_contact,
        of_a_customer({{"renamed: the link tells whose it is", &T::person_renames, kApplied, ""},
                       {"done", &T::person_adds_the_contact, kPresent,
                        "the company has that contact already"},
                       {"address taken", &T::address_becomes_anothers, kStale,
                        "expected admin{n}@t.example to be free, found it another contact's"}}));
    expect_neighbour_is_served(&T::repair_contact, &T::address_becomes_anothers, kStale);
}

TEST_P(BatchPremisesTest, OfChangeContact)
{
    expect_table(
        &T::change_contact,
        of_a_customer(
            {{"edited", &T::person_edits_the_contact, kStale,
              "expected the contact to be \"Ada Admin\" with the address admin{n}@t.example, found "
              "\"The boss\" with admin{n}@t.example"},
             {"moved", &T::person_moves_the_contact, kStale,
              "expected the contact to be \"Ada Admin\" with the address admin{n}@t.example, found "
              "\"Ada Admin\" with boss{n}@t.example"},
             {"taken out", &T::person_takes_the_contact_out, kStale,
              "expected the contact to be the company's, found it gone"},
             {"inactive", &T::person_deactivates_the_contact, kStale,
              "expected the contact to be active, found it inactive"},
             {"address taken", &T::new_address_becomes_anothers, kStale,
              "expected new-admin{n}@t.example to be free, found it another contact's"},
             {"additional address", &T::new_address_becomes_an_additional_one, kStale,
              "expected new-admin{n}@t.example to be free, found it another contact's"}}));
    expect_neighbour_is_served(&T::change_contact, &T::new_address_becomes_anothers, kStale);
}

TEST_P(BatchPremisesTest, OfRetireContact)
{
    std::string const changed = "expected the contact to be active and as it was, found it is not";
    expect_table(&T::retire_contact,
                 of_a_customer({{"moved", &T::person_moves_the_contact, kStale, changed},
                                {"taken out", &T::person_takes_the_contact_out, kStale, changed},
                                {"done", &T::person_deactivates_the_contact, kStale, changed}}));
    expect_neighbour_is_served(&T::retire_contact, &T::person_moves_the_contact, kStale);
}

TEST_P(BatchPremisesTest, OfReactivateThatTakesBack)
{
    expect_table(&T::take_back, of_a_customer({}));
    expect_neighbour_is_served(&T::take_back, &T::person_says_ignore, kStale);
}

TEST_P(BatchPremisesTest, OfRename)
{
    expect_table(
        &T::rename,
        of_a_customer(
            {{"renamed by a person", &T::person_renames, kStale,
              "expected the name to be \"Company {n}\", found \"A name of a person\""},
             {"done", &T::person_gives_the_name, kPresent, "the company has that name already"},
             {"name taken", &T::name_becomes_anothers, kStale,
              "expected the name \"Tenant {n}\" to be free, found it taken"}}));
    expect_neighbour_is_served(&T::rename, &T::name_becomes_anothers, kStale);
}

TEST_P(BatchPremisesTest, OfReactivate)
{
    expect_table(
        &T::reactivate,
        of_a_customer({{"renamed: the link tells whose it is", &T::person_renames, kApplied, ""}}));
    expect_neighbour_is_served(&T::reactivate, &T::person_says_ignore, kStale);
}

TEST_P(BatchPremisesTest, OfCleanUp)
{
    expect_table(&T::clean_up, of_an_orphan({{"done", &T::person_deactivates, kPresent,
                                              "the company is inactive already"}}));
    expect_neighbour_is_served(&T::clean_up, &T::tenant_comes_back, kStale);
}

TEST_P(BatchPremisesTest, OfUntag)
{
    expect_table(&T::untag, of_an_orphan({{"done", &T::person_takes_the_tags_off, kPresent,
                                           "the company carries none of the tags any more"}}));
    expect_neighbour_is_served(&T::untag, &T::tenant_comes_back, kStale);
}

TEST_P(BatchPremisesTest, OfDelete)
{
    database.execute_file("soft_references.sql");
    auto const found = [](std::string const& rows) {
        return "expected that nothing else refers to the company, found " + rows;
    };
    expect_table(
        &T::delete_customer,
        of_an_orphan(
            {{"renamed by a person", &T::person_renames, kStale,
              "expected the company's name to be \"Tenant {n}\", found \"A name of a person\""},
             {"invoice", &T::invoice_comes_up, kStale, found("1 row of invoices")},
             {"document", &T::document_comes_up, kStale, found("1 row of document_associations")},
             {"mapping", &T::mapping_of_another_system_comes_up, kStale,
              found("1 row of tenant_external_entity_mappings")},
             {"document of the contact", &T::document_of_the_contact_comes_up, kStale,
              found("1 row of document_associations")},
             {"contact", &T::person_adds_another_contact, kStale, found("1 row of contacts")},
             {"tag", &T::tag_of_a_person_comes_up, kStale, found("1 row of tag_mappings")}}));
    expect_neighbour_is_served(&T::delete_customer, &T::invoice_comes_up, kStale);
}

// The management database holds old rows of tenants, from when it was the only database.
TEST_P(BatchPremisesTest, TenantsAreThoseOfTheSource)
{
    testing::TestDatabase elsewhere{GetParam()};
    testing::World{elsewhere}.tenant({.n = 2, .name = "There"});
    Database source{login(elsewhere.dsn())};
    std::vector const repair{repair_tag(1)};
    std::vector const clean_up_of_a_living{clean_up(2)};

    EXPECT_EQ(store_of(owner, source).write(repair).front().reason, kTenantGone);
    EXPECT_EQ(store_of(owner, source).write(clean_up_of_a_living).front().reason, kTenantThere);
}

}  // namespace
}  // namespace tracking::models
