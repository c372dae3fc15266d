#include "models/pg/line.hpp"

#include "models/pg/abandonable.hpp"
#include "models/values/errors.hpp"

#include <libpq-fe.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace tracking::models {

void Line::FreeCancel::operator()(pg_cancel* cancel) const
{
    PQfreeCancel(cancel);
}

Line::Line(pg_conn* session)
    : socket_{fcntl(PQsocket(session), F_DUPFD_CLOEXEC, 0)}, cancel_{PQgetCancel(session)}
{
    if (socket_ < 0)
        throw ConnectionLost{"the session cannot be kept: " +
                             std::generic_category().message(errno)};
}

Line::~Line()
{
    close(socket_);
}

// PQcancel() opens a connection of its own and waits until the request is through.
void Line::cancel_statement() noexcept
{
    if (is_asking_.exchange(true))
        return;
    try {
        in_abandonable_thread([line = shared_from_this()] {
            std::array<char, 256> problem{};
            PQcancel(line->cancel_.get(), problem.data(), problem.size());
            line->is_asking_ = false;
        });
    } catch (std::exception const&) {
        // The server is not asked then. In the end its connection is shut.
    }
}

void Line::shut() noexcept
{
    is_shut_ = true;
    ::shutdown(socket_, SHUT_RDWR);
}

}  // namespace tracking::models
