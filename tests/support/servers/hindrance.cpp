// Loaded into the job by LD_PRELOAD: what a machine may refuse, or never answer.

#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>

namespace {

std::atomic<int> threads_left{[] {
    auto const* const text = std::getenv("HINDRANCE_THREADS");
    return text ? std::atoi(text) : -1;  // -1: as many as are wanted
}()};

}  // namespace

extern "C" int pthread_create(pthread_t* thread, pthread_attr_t const* attributes,
                              void* (*start)(void*), void* argument) noexcept
{
    using Real = int (*)(pthread_t*, pthread_attr_t const*, void* (*)(void*), void*);
    static auto const real = reinterpret_cast<Real>(dlsym(RTLD_NEXT, "pthread_create"));
    if (threads_left == 0)
        return EAGAIN;
    --threads_left;
    return real(thread, attributes, start, argument);
}

extern "C" int getaddrinfo(char const* name, char const* service, addrinfo const* hints,
                           addrinfo** found)
{
    using Real = int (*)(char const*, char const*, addrinfo const*, addrinfo**);
    static auto const real = reinterpret_cast<Real>(dlsym(RTLD_NEXT, "getaddrinfo"));
    if (std::getenv("HINDRANCE_LOOK_UP"))
        sleep(3600);
    return real(name, service, hints, found);
}
