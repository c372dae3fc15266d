#pragma once

#include <memory>
#include <utility>

namespace tracking::models {

/// A value on the heap, for an alternative of a variant that is much larger than the others. Copies
/// are deep. Two are equal where their values are. A moved-from one may only be assigned to or
/// destroyed.
template <class T>
class Boxed
{
public:
    Boxed() : Boxed{T{}} {}
    Boxed(T value) : value_{std::make_unique<T>(std::move(value))} {}
    Boxed(Boxed const& other) : Boxed{*other.value_} {}
    Boxed(Boxed&&) noexcept = default;
    Boxed& operator=(Boxed const& other) { return *this = Boxed{other}; }
    Boxed& operator=(Boxed&&) noexcept = default;
    ~Boxed() = default;

    operator T&() { return *value_; }
    operator T const&() const { return *value_; }

    friend bool operator==(Boxed const& a, Boxed const& b) { return *a.value_ == *b.value_; }

private:
    std::unique_ptr<T> value_;
};

template <class T>
T const& unboxed(T const& value)
{
    return value;
}

template <class T>
T const& unboxed(Boxed<T> const& value)
{
    return value;
}

template <class T>
T& unboxed(T& value)
{
    return value;
}

template <class T>
T& unboxed(Boxed<T>& value)
{
    return value;
}

}  // namespace tracking::models
