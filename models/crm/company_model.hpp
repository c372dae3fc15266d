#pragma once

#include "models/pg/database.hpp"
#include "models/rules/company_rules.hpp"
#include "models/rules/id.hpp"
#include "models/schema/schema.hpp"

#include <future>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tracking::models {

struct NewCompany
{
    CompanyId id;
    CompanyRecord record;
    std::string properties = "{}";  ///< a JSON object; `website` is added where there is a url
};

/// A company row with the columns that this program may change.
struct CompanyRow
{
    CompanyId id;
    std::string name;
    std::optional<std::string> link_text;  ///< JSON where it is no text
    bool link_is_text = true;
    bool inactive = false;
    bool can_carry_link = true;  ///< its properties are an object, or can become one
    bool ignored = false;        ///< properties.reconcile has a value: a person protects it
    std::string word{};          ///< that value, which should be "ignore"
    /// Of a locked row, a JSON object: name, is_inactive, and properties (none: a JSON null).
    std::string image;

    /// The tenant whose id the link holds, in any spelling.
    std::optional<TenantId> link() const
    {
        return link_text && link_is_text ? TenantId::parse(*link_text) : std::nullopt;
    }
};

struct CompanyName
{
    CompanyId id;
    std::string name;
};

/// A patch of a company's `properties`: a JSON object whose keys replace the present ones.
struct PropertiesPatch
{
    CompanyId id;
    std::string patch;
};

/// How keys of a company's `properties` were before.
struct FormerProperties
{
    CompanyId id;
    std::string patch;              ///< JSON object: the keys with another value
    std::vector<std::string> gone;  ///< the keys that were not there
    bool had_none = false;          ///< it held no object: `patch` is what it held, empty for NULL
};

enum class Activity
{
    Active,
    Inactive,
    Unset  ///< NULL, which counts as active: restores what was NULL
};

/// The value of the column `is_inactive` for this activity.
std::optional<std::string> inactive_flag(Activity activity);

/// Companies of one owner (the tenant whose CRM this is). Every call is one batch in the caller's
/// transaction; for one company, pass a batch of one. Functions return the ids of the rows they
/// wrote. All throw StatementFailed and ConnectionLost.
class CompanyModel
{
public:
    CompanyModel(SchemaProfile const& profile, TenantId owner);

    std::string id_column() const { return profile_.fill("{company_id}"); }
    std::string name_column() const { return profile_.fill("{company_name}"); }

    /// The table of companies, by the name that people use.
    std::string table() const { return profile_.name("{companies}"); }
    SchemaProfile const& profile() const { return profile_; }
    /// The member of CompanyRow::image that holds this column.
    std::string_view in_image(std::string_view column) const
    {
        return column == name_column() ? "name" : column;
    }

    /// Inserts the companies whose id and name are free, each with what its schema requires
    /// (clients: the default billing profile). With Inserting::OrFailing one taken id or name fails
    /// the whole call: SQLSTATE 23505.
    std::vector<CompanyId> create(Transaction& tx, std::span<NewCompany const> companies) const;

    /// The same without waiting, for Inserting::OrFailing: what the schema requires is inserted for
    /// all of them, whatever the server will answer. get() waits.
    std::future<std::vector<CompanyId>> ask_to_create(Transaction& tx,
                                                      std::span<NewCompany const> companies) const;

    /// Locks the rows until the transaction ends. It locks them in order of id, so that two writers
    /// never wait for each other. Ids without a row are left out. The images have these keys of the
    /// properties, and no others.
    std::vector<CompanyRow> lock(Transaction& tx, std::span<CompanyId const> companies,
                                 std::span<std::string const> keys = {}) const;

    /// How many bytes the properties have: whoever changes a row may have to write all of them.
    /// Locks nothing. Ids without a row or with NULL are left out.
    std::unordered_map<CompanyId, std::size_t> sizes(Transaction& tx,
                                                     std::span<CompanyId const> companies) const;

    std::vector<CompanyRow> find_named(Transaction& tx, std::span<std::string const> names) const;

    /// The company with that id, and those with exactly that name. Locks nothing.
    std::vector<CompanyRow> find(Transaction& tx, std::string const& id_or_name) const;

    /// Companies whose link is the id of one of the tenants, except those that a person protects.
    std::vector<CompanyRow> linked_to(Transaction& tx, std::span<TenantId const> tenants) const;

    /// Skips rows whose properties are an array or a scalar, since the patch would destroy these.
    std::vector<CompanyId> patch_properties(Transaction& tx,
                                            std::span<PropertiesPatch const> patches) const;

    /// All other keys stay. Skips rows whose properties are an array or a scalar.
    std::vector<CompanyId> restore_properties(Transaction& tx,
                                              std::span<FormerProperties const> properties) const;

    /// Skips names that another company holds and keeps. The companies, which the caller has
    /// locked, may pass names on among themselves.
    std::vector<CompanyId> rename(Transaction& tx, std::span<CompanyName const> names) const;

    std::vector<CompanyId> set_activity(Transaction& tx, std::span<CompanyId const> companies,
                                        Activity activity) const;

private:
    std::future<std::vector<CompanyId>> ask_to_insert(Transaction& tx,
                                                      std::span<NewCompany const> companies) const;
    void ask_to_give_profiles(Transaction& tx, std::span<NewCompany const> companies) const;

    SchemaProfile profile_;
    TenantId owner_;
};

}  // namespace tracking::models
