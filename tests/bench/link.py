"""A network between a program and PostgreSQL: link.py SOCKET MILLISECONDS

Forwards a free port of 127.0.0.1, which it prints, to a unix socket, and keeps each byte back for so long, either
way. What is sent at once still arrives at once: a link has a delay, and no limit here.
"""

import asyncio
import selectors
import sys


async def forward(reader, writer, delay):
    loop = asyncio.get_running_loop()
    while data := await reader.read(1 << 18):
        loop.call_later(delay, writer.write, data)
        # A sender that is faster than the receiver waits, as it would for a full window.
        await writer.drain()
    await asyncio.sleep(delay)
    writer.close()


async def main(socket, delay):
    async def serve(reader, writer):
        far_reader, far_writer = await asyncio.open_unix_connection(socket)
        try:
            await asyncio.gather(forward(reader, far_writer, delay), forward(far_reader, writer, delay))
        except ConnectionError:
            pass
        finally:
            writer.close()
            far_writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    # epoll would round half a millisecond up to a whole one.
    loop = asyncio.SelectorEventLoop(selectors.SelectSelector())
    loop.run_until_complete(main(sys.argv[1], float(sys.argv[2]) / 1000))
