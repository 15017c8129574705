"""Answers quoted straight from the articles: no model, no key."""

from collections.abc import Iterable, Sequence
from itertools import islice

from bot.answers import Answer, Citation, Headline, Sentence
from bot.relevance import Candidate, rank
from bot.wording import stem
from vectorstore.models import Hit

ENOUGH = 0.51
COVERED_WEIGHT = 0.4
"""An answer is found if the cosine of its best sentence plus 0.4 of the share of the question
that it covers comes to `ENOUGH`. Neither depends on how large the archive is. On SQuAD, a higher
threshold refuses more foreign questions (ClapNQ: 91% at 0.51, 94% at 0.54, 96% at 0.58) and more
that have an answer (1.7%, 2.5%, 4.3%)."""

TIE = 1.0
"""Log-odds within which neither of two articles answers better: the newer one comes first."""

SAME_SHARE = 0.8
"""Near-identical sentences share at least so many of their words, the shorter one all of its own.
Those that differ in a word, "rose" and "fell", are not the same."""

HEADLINES = 3
"""How many articles are named where no answer was found."""

_DENIALS = frozenset(
    map(stem, ("not", "no", "never", "nor", "neither", "without", "denied", "denies"))
)


def answer_from_hits(question: str, hits: Sequence[Hit], *, max_sentences: int = 3) -> Answer:
    """Quote the sentences of the hits that answer best, in reading order; or find nothing."""
    candidates = rank(question, hits)
    if not candidates or not is_enough(candidates[0]):
        return Answer(question, question, found=False, mode="quoted", nearest=nearest(hits))
    chosen = in_reading_order(without_copies(candidates, max_sentences))
    return Answer(
        question,
        question,
        found=True,
        mode="quoted",
        sentences=tuple(Sentence(c.text, (number,)) for number, c in enumerate(chosen, 1)),
        citations=tuple(citation(number, c) for number, c in enumerate(chosen, 1)),
    )


def is_enough(best: Candidate) -> bool:
    return best.cosine + COVERED_WEIGHT * best.covered >= ENOUGH


def without_copies(candidates: Iterable[Candidate], limit: int) -> list[Candidate]:
    """Take the first `limit` candidates, of near-identical ones the most recently published."""
    chosen: list[Candidate] = []
    for candidate in candidates:
        same = next((i for i, other in enumerate(chosen) if is_copy(candidate, other)), None)
        if same is None and len(chosen) < limit:
            chosen.append(candidate)
        elif same is not None and _published(candidate) > _published(chosen[same]):
            chosen[same] = candidate
    return chosen


def is_copy(one: Candidate, other: Candidate) -> bool:
    shorter, longer = sorted((one.stems, other.stems), key=len)
    if not shorter <= longer or len(shorter) < SAME_SHARE * len(longer):
        return False
    return not any(word in _DENIALS or word[0].isdigit() for word in longer - shorter)


def in_reading_order(chosen: Sequence[Candidate]) -> list[Candidate]:
    """Order the articles, the best first but the newest among equals; within each, by place."""
    articles: dict[str, list[Candidate]] = {}
    for candidate in chosen:
        articles.setdefault(candidate.hit.passage.article_id, []).append(candidate)
    top = max((candidate.score for candidate in chosen), default=0.0)
    groups = sorted(articles.values(), key=lambda group: _published(group[0]), reverse=True)
    groups.sort(key=lambda group: min(best_score(group), top - TIE), reverse=True)
    return [candidate for group in groups for candidate in sorted(group, key=lambda c: c.span)]


def best_score(group: Sequence[Candidate]) -> float:
    return max(candidate.score for candidate in group)


def nearest(hits: Sequence[Hit]) -> tuple[Headline, ...]:
    """Return the articles of the hits as headlines, each once, the best first."""
    firsts: dict[str, Hit] = {}
    for hit in hits:
        firsts.setdefault(hit.passage.article_id, hit)
    return tuple(
        Headline(article_id, hit.title, hit.source, hit.published_at)
        for article_id, hit in islice(firsts.items(), HEADLINES)
    )


def citation(number: int, candidate: Candidate) -> Citation:
    hit = candidate.hit
    start, end = candidate.span
    return Citation(
        number=number,
        quote=candidate.text,
        title=hit.title,
        source=hit.source,
        url=hit.url,
        published_at=hit.published_at,
        article_id=hit.passage.article_id,
        passage_id=hit.passage.passage_id,
        start=start,
        end=end,
    )


def _published(candidate: Candidate) -> str:
    return candidate.hit.published_at or ""
