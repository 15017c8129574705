"""A server on loopback that speaks OpenAI's chat protocol as its script says, well or badly."""

import json
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[["Handler"], None]


@dataclass
class ChatServer:
    """Plays its script, a reply a request; the last one again and again."""

    url: str = ""
    script: list[Reply] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def plays(self, *script: Reply) -> None:
        self.script = list(script)
        self.asked.clear()

    def prompt(self, number: int = -1) -> str:
        """All that a request said to the model."""
        return "\n".join(message["content"] for message in self.asked[number]["messages"])


class Handler(BaseHTTPRequestHandler):
    """One request; the replies below write to it."""

    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        self.begin(content_type="application/json")
        models = [{"id": "m", "object": "model", "created": 1, "owned_by": "test"}]
        self.wfile.write(json.dumps({"object": "list", "data": models}).encode())
        self.close_connection = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        chat = self.server.chat
        reply = chat.script[min(len(chat.asked), len(chat.script) - 1)]
        chat.asked.append(json.loads(body))
        self.close_connection = True
        with suppress(OSError):  # the client has gone
            reply(self)

    def begin(
        self, status: int = 200, content_type: str = "text/event-stream", **more: str
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Connection", "close")
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def chunk(self, choices: list[dict[str, Any]], **more: Any) -> None:
        value = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        self.wfile.write(b"data: " + json.dumps(value | {"choices": choices} | more).encode())
        self.wfile.write(b"\n\n")
        self.wfile.flush()

    def piece(self, text: str, finish: str | None = None) -> None:
        delta = {"role": "assistant", "content": text} if text else {}
        self.chunk([{"index": 0, "delta": delta, "finish_reason": finish}])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass


class _Server(ThreadingHTTPServer):
    chat: ChatServer


def says(
    *pieces: str,
    finish: str | None = "stop",
    pause: float = 0.0,
    usage: tuple[int, int] | None = (100, 20),
) -> Reply:
    """Stream the pieces, a pause before each, and end as a model that is done."""

    def reply(handler: Handler) -> None:
        handler.begin()
        for piece in pieces:
            if pause and handler.server.chat.stopping.wait(pause):
                return
            handler.piece(piece)
        if finish:
            handler.piece("", finish)
        if usage:
            tokens = {"prompt_tokens": usage[0], "completion_tokens": usage[1]}
            handler.chunk([], usage=tokens | {"total_tokens": sum(usage)})
        handler.wfile.write(b"data: [DONE]\n\n")

    return reply


def fails(status: int, code: str | None = None, **headers: str) -> Reply:
    """Refuse, with an error body as OpenAI's."""

    def reply(handler: Handler) -> None:
        handler.begin(status, "application/json", **headers)
        error = {"message": f"no: {code or status}", "type": "error", "code": code}
        handler.wfile.write(json.dumps({"error": error}).encode())

    return reply


def sends(body: bytes, content_type: str = "text/event-stream") -> Reply:
    """Answer 200 with just these bytes."""

    def reply(handler: Handler) -> None:
        handler.begin(content_type=content_type)
        handler.wfile.write(body)

    return reply


def hangs() -> Reply:
    """Take the request and say nothing."""

    def reply(handler: Handler) -> None:
        handler.server.chat.stopping.wait(30)

    return reply


def breaks_off(*pieces: str) -> Reply:
    """Stream some pieces, then close the connection within the next one."""

    def reply(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        for piece in pieces:
            handler.piece(piece)
        handler.connection.shutdown(socket.SHUT_RDWR)

    return reply


def words(text: str, *, size: int = 4) -> Sequence[str]:
    """A text as a model sends it, a few characters at a time."""
    return [text[start : start + size] for start in range(0, len(text), size)]


@contextmanager
def chat_server() -> Iterator[ChatServer]:
    chat = ChatServer()
    with _Server(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        http.chat = chat
        chat.url = f"http://127.0.0.1:{http.server_port}/v1"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield chat
        chat.stopping.set()
        http.shutdown()
        thread.join()
