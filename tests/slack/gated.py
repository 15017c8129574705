"""An archive whose answers wait until they are let through."""

from collections.abc import Sequence
from threading import Event, Semaphore

from tests.archive import WordEmbedder
from vectorstore.models import Vectors


class GatedEmbedder(WordEmbedder):
    """Embeds a question only when the gate is open; `asked` counts those that came to it."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = Event()
        self.gate.set()
        self.asked = Semaphore(0)

    def embed(self, texts: Sequence[str]) -> Vectors:
        if len(texts) == 1:
            self.asked.release()
            if not self.gate.wait(timeout=30):
                raise TimeoutError("the gate stayed closed")
        return super().embed(texts)
