"""A web server on loopback whose pages a test writes, well or badly behaved."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ingest.web.fetch import Web
from ingest.web.guard import AddressGuard

Answer = tuple[int, Mapping[str, str], bytes]
Say = Callable[[BaseHTTPRequestHandler], Answer | None]
"""Returns the answer, or None when it has written one itself."""


def page(body: str | bytes, media_type: str = "text/html; charset=utf-8", **headers: str) -> Answer:
    """A good answer; a header's name is given with _ for -."""
    data = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return 200, {"Content-Type": media_type} | named, data


def status(number: int, **headers: str) -> Answer:
    return number, {name.replace("_", "-"): value for name, value in headers.items()}, b""


def raw(data: bytes) -> Say:
    """These bytes, and then no more."""

    def say(to: BaseHTTPRequestHandler) -> None:
        to.wfile.write(data)

    return say


@dataclass
class Website:
    """Answers 404 where nothing was put; remembers who asked for what."""

    port: int = 0
    pages: dict[str, Answer | Say] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def guard(self) -> AddressGuard:
        return AddressGuard([f"127.0.0.1:{self.port}"])

    def web(self, **options: object) -> Web:
        """What fetches from here and from nowhere else inside, without waiting."""
        quick = {"guard": self.guard, "pause_seconds": 0, "backoff_seconds": 0.01} | options
        return Web(**quick)  # type: ignore[arg-type]


@contextmanager
def website() -> Iterator[Website]:
    site = Website()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            site.headers.append(dict(self.headers.items()))
            put = site.pages.get(self.path, status(404))
            answer = put(self) if callable(put) else put
            if answer is None:
                return
            number, headers, body = answer
            self.send_response(number)
            for name, value in ({"Content-Length": str(len(body))} | dict(headers)).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            pass

        def handle(self) -> None:
            # Whoever asked may have heard enough.
            with suppress(ConnectionError):
                super().handle()

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        site.port = http.server_port
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield site
        http.shutdown()
        thread.join()
