"""Whatever states and audiences articles have, nobody is shown what they may not see.

Each article holds a word that stands nowhere else. NEWSDESK_LEAK_QUESTIONS sets how many questions
are asked (`make drill`: 2,000).
"""

import json
import os
import random
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from bot.newsdesk import Newsdesk
from bot.slack.home import Archive
from ingest.pipeline import Pipeline
from tests.archive import open_library
from vectorstore.models import Filters

QUESTIONS = int(os.environ.get("NEWSDESK_LEAK_QUESTIONS", "60"))
QUESTIONS_A_STATE = 10
ARTICLES = 8
PLACES = ("harbour", "bridge", "market", "school", "ferry", "council")
CONVERSATIONS = ("C1", "C2")
STATED: tuple[dict[str, Any], ...] = (
    {},
    {},
    {},
    {"status": "publish"},
    {"status": "draft"},
    {"status": "killed"},
    {"embargo": "2091-01-01T00:00:00Z"},
    {"embargo": "2021-01-01T00:00:00Z"},
    {"embargo": "tomorrow"},
    {"expires": "2021-01-01T00:00:00Z"},
    {"expires": "2091-01-01T00:00:00Z"},
)
PUBLISHED: tuple[dict[str, Any], ...] = ({}, {"status": "publish"}, STATED[7], STATED[10])


class World:
    """An archive, and for each secret word the conversations that may be shown it."""

    def __init__(self, home: Path, chance: random.Random) -> None:
        home.mkdir()
        self.home = home
        self.chance = chance
        self.library = open_library(home)
        self.newsdesk = Newsdesk(self.library, home=home, max_article_bytes=1_000_000)
        self.published: dict[str, bool] = {}
        self.audience: dict[str, str] = {}
        self.words: dict[str, str] = {}
        self.answers: list[tuple[str, str | None]] = []

    def give(self, number: int) -> None:
        """Add an article or change one, for everyone or for a conversation."""
        place, stated = self.chance.choice(PLACES), self.chance.choice(STATED)
        article_id, word = f"a{number}", f"zq{self.chance.randrange(10**9)}x"
        audience = self.audience.setdefault(
            article_id, self.chance.choice(("", "", *CONVERSATIONS))
        )
        text = f"The {place} opened on Monday. Its secret was {word}. The {place} is {word} again."
        record = {"id": article_id, "title": f"News of the {place} {word}", "text": text}
        file = self.home / "give.jsonl"
        file.write_text(json.dumps({**record, "source": self.chance.choice("AB"), **stated}))
        Pipeline(self.library, max_bytes=1_000_000).run(
            [str(file)], audience=frozenset(audience.split())
        )
        (stored,) = [a for a in self.library.ledger.articles(unpublished=True) if word in a.text]
        self.words[stored.article_id] = word
        self.audience[stored.article_id] = audience
        self.published[stored.article_id] = stated in PUBLISHED

    def decide(self) -> None:
        """Hold, kill, supersede or remove an article, as a person does."""
        article_id = self.chance.choice(sorted(self.words))
        what = self.chance.choice(("hold", "kill", "supersede", "remove"))
        if what == "remove":
            self.newsdesk.remove([article_id])
        elif what == "supersede":
            if article_id == (by := self.chance.choice(sorted(self.words))):
                return
            self.newsdesk.supersede(article_id, by)
        elif what == "hold":
            self.newsdesk.hold(article_id)
        else:
            self.newsdesk.kill(article_id)
        self.published[article_id] = False
        if what == "remove":
            del self.words[article_id]

    def may_see(self, conversation: str | None) -> set[str]:
        return {
            word
            for article_id, word in self.words.items()
            if self.published[article_id] and self.audience[article_id] in ("", conversation)
        }

    def shown(self, conversation: str | None) -> str:
        """All that a question shows, on every path that a person has."""
        word = self.chance.choice(sorted(self.words.values()))
        question = f"What is the secret of the {self.chance.choice(PLACES)} {word}?"
        filters = Filters(conversations=frozenset({conversation} if conversation else ()))
        answer = self.newsdesk.ask(question, filters=filters)
        hits = self.newsdesk.search(question, limit=20, filters=filters)
        archive = Archive(self.newsdesk)
        view = archive.view(conversation)
        parts: list[Any] = [{**answer.as_json(), "question": "", "standalone_question": ""}]
        parts += [[asdict(hit) for hit in hits], [asdict(one) for one in view.listings]]
        assert view.total == len(self.may_see(conversation))
        if conversation is None:
            parts.append(list(self.newsdesk.export()))
        answer_id = self.newsdesk.answer_log.add(answer, conversation=conversation or "terminal")
        self.answers.append((answer_id, conversation))
        for given, asked_in in self.answers:
            logged = self.newsdesk.answer_log.get(given)
            if logged and asked_in == conversation:
                cited = [asdict(p) for p in archive.passages(logged)]
                parts.append([p for p in cited if p["before"] or p["after"]])
        return json.dumps(parts, default=str)


@pytest.mark.timeout(120 + QUESTIONS)
def test_nothing_private_or_unpublished_is_shown(tmp_path: Path) -> None:
    asked = 0
    seed = int(os.environ.get("NEWSDESK_LEAK_SEED", "12"))
    while asked < QUESTIONS:
        seed += 1
        world = World(tmp_path / f"home{seed}", random.Random(seed))
        for number in range(ARTICLES):
            world.give(number)
        for _ in range(QUESTIONS_A_STATE):
            if world.chance.random() < 0.4:
                world.decide()
            conversation = world.chance.choice((None, *CONVERSATIONS))
            if not world.may_see(conversation):
                continue
            asked += 1
            shown = world.shown(conversation)
            allowed = world.may_see(conversation)
            for word in world.words.values():
                assert word in allowed or word not in shown, (seed, conversation, word)
        world.newsdesk.close()
