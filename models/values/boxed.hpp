#pragma once

#include <memory>
#include <utility>

namespace tracking::models {

/// A value that is kept apart, where it would take much more room than what else may stand in its
/// place. Copies are deep, and equality is that of the values. What was moved from may only be
/// assigned to.
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
