#include "job/text/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace tracking::job {

std::string base64(std::string_view bytes)
{
    // One more byte, for the terminator that OpenSSL writes.
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                    reinterpret_cast<unsigned char const*>(bytes.data()),
                    static_cast<int>(bytes.size()));
    text.pop_back();
    return text;
}

std::string base64url(std::string_view bytes)
{
    auto text = base64(bytes);
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    text.resize(std::min(text.find('='), text.size()));
    return text;
}

}  // namespace tracking::job
