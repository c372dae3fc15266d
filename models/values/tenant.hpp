#pragma once

#include "models/rules/id.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tracking::models {

/// The code of the product that a tenant has: `psa`, `algadesk`, or one that only a later platform
/// knows. Every tenant has one, and they are few: each code is stored once, for the whole process.
class Product
{
public:
    Product() : Product{std::string_view{}} {}
    Product(std::string_view code);
    Product(char const* code) : Product{std::string_view{code}} {}
    Product(std::string const& code) : Product{std::string_view{code}} {}

    std::string const& code() const { return *code_; }

    friend bool operator==(Product const& one, Product const& other)
    {
        return one.code_ == other.code_;
    }

private:
    std::string const* code_;
};

/// The person who administers a tenant: whom to write to.
struct Admin
{
    std::string email;      ///< trimmed and lower-cased
    std::string full_name;  ///< never empty
    UserId user{};
};

/// Which of a tenant's admins count.
enum class Admins
{
    First,
    All,
};

/// A row of `tenants` with its admin: the earliest active internal user who has the Admin role of
/// the platform's own side. While a tenant is being created, it often has no admin.
struct Tenant
{
    TenantId id;
    std::string name;
    std::string email;  ///< the admin's address when the tenant was made; trimmed, lower-cased
    Product product;
    std::optional<Admin> admin;
    std::vector<Admin> further_admins{};  ///< the others, by the same rule; only where asked for
    bool suspended = false;
    bool has_name_for_index = true;  ///< false: too long for the unique index of names (54000)
    std::optional<std::chrono::seconds> age;  ///< by the server's clock; old rows have none.
                                              ///< Below zero: made in the future
};

/// Tenants in ascending order of id, each once.
class TenantStream
{
public:
    virtual ~TenantStream() = default;

    /// False at the end; `into` is then left as it was.
    virtual bool next(Tenant& into) = 0;

    /// How long this stream has waited for the server so far.
    virtual std::chrono::nanoseconds waited() const { return {}; }
};

}  // namespace tracking::models
