"""A server on loopback that speaks OpenAI's embedding protocol, well or badly."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = tuple[int, str, bytes]
"""Status, content type, body."""


def good_answer(texts: list[str]) -> Answer:
    """One vector a text: (length of the text, 1, 0)."""
    data = [
        {"object": "embedding", "index": place, "embedding": [float(len(text)), 1.0, 0.0]}
        for place, text in enumerate(texts)
    ]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return json_answer({"object": "list", "model": "m", "data": data, "usage": usage})


def json_answer(value: object, status: int = 200) -> Answer:
    return status, "application/json", json.dumps(value).encode()


@dataclass
class EmbeddingServer:
    """Answers as `answer` says, and remembers what it was asked."""

    url: str = ""
    answer: Callable[[list[str]], Answer] = good_answer
    asked: list[list[str]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@contextmanager
def embedding_server() -> Iterator[EmbeddingServer]:
    server = EmbeddingServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.asked.append(json.loads(body)["input"])
            server.keys.append(self.headers["Authorization"].removeprefix("Bearer "))
            status, content_type, content = server.answer(server.asked[-1])
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server.url = f"http://127.0.0.1:{http.server_port}/v1"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        http.shutdown()
        thread.join()
