#pragma once

#include <array>
#include <cstddef>
#include <streambuf>
#include <string_view>

namespace tracking::job {

/// Gathers what is written to a stream, and passes it on in large portions.
class OutputBuffer : public std::streambuf
{
protected:
    OutputBuffer() { clear(); }

    virtual void pass_on(std::string_view portion) = 0;

    int_type overflow(int_type c) override
    {
        sync();
        if (!traits_type::eq_int_type(c, traits_type::eof()))
            sputc(traits_type::to_char_type(c));
        return traits_type::not_eof(c);
    }

    int sync() override
    {
        pass_on({pbase(), static_cast<std::size_t>(pptr() - pbase())});
        clear();
        return 0;
    }

private:
    void clear() { setp(buffer_.data(), buffer_.data() + buffer_.size()); }

    std::array<char, 65536> buffer_{};
};

}  // namespace tracking::job
