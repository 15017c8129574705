"""Answers quoted straight from the articles: no model, no key."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from bot.answers import (
    Answer,
    AnswerRequest,
    Citation,
    Event,
    Headline,
    Sentence,
    events_of,
)
from bot.questions.words import stem
from bot.relevance import Candidate, rank
from vectorstore.models import Hit, Span

QUOTED_SENTENCES = 3

COVERED = 0.45
NEARBY = 0.3
ENOUGH = 0.69
"""An answer is found if the cosine of its best sentence, plus 0.45 of the share of the question
that it covers, plus 0.3 of the mean cosine of the three nearest hits come to `ENOUGH`. None of
them depends on how large the archive is: of SQuAD questions asked of their paragraph alone 3% are
refused, of a paragraph on something else all.

On SQuAD paragraphs (benchmarks/quality.py), 0.67 refuses 90% of the ClapNQ questions, which have
no answer there, and 1.1% of those that have one; 0.69 92% and 1.3%; 0.71 94% and 1.8%. Without
`NEARBY`, 92% cost 1.8%."""

FAR_BEHIND = 7.0
"""Log-odds below the best sentence at which others are left out. On SQuAD, 0.1 points fewer answers
hold what was asked for; at 5 it is 0.4 points."""

TIE = 1.0
"""Log-odds within which neither of two articles answers better: the newer one comes first."""

LATEST_TIE = 3.0
"""The same, where the question asks for the latest, and for sentences too."""

SAME_SHARE = 0.8
"""Near-identical sentences share at least so many of their words, the shorter one all of its own.
Those that differ in a word, "rose" and "fell", are not the same."""

HEADLINES = 3
"""How many articles are named where no answer was found."""

_DENIALS = frozenset(
    map(stem, ("not", "no", "never", "nor", "neither", "without", "denied", "denies"))
)


class QuotedAnswerer:
    """Answers with sentences of the hits."""

    def events(self, request: AnswerRequest) -> Iterator[Event]:
        yield from events_of(quote(request))

    def warm(self) -> None:
        """There is nothing to load."""


def quote(request: AnswerRequest) -> Answer:
    """Answer a request with quoted sentences."""
    return answer_from_hits(
        request.question,
        request.hits,
        max_sentences=request.max_sentences or QUOTED_SENTENCES,
        newest_first=request.newest_first,
    )


def answer_from_hits(
    question: str, hits: Sequence[Hit], *, max_sentences: int = 3, newest_first: bool = False
) -> Answer:
    """Quote the sentences of the hits that answer best, in reading order; or find nothing.

    With `newest_first` the newest article comes first, unless it answers far worse.
    """
    candidates = rank(question, hits)
    if not candidates or not is_enough(candidates[0], hits):
        return Answer(question, question, found=False, mode="quoted", nearest=nearest(hits))
    best = candidates[0].score
    close = [candidate for candidate in candidates if candidate.score > best - FAR_BEHIND]
    if newest_first:
        close = newest_of_the_good(close)
    chosen = in_reading_order(
        without_copies(close, max_sentences), tie=LATEST_TIE if newest_first else TIE
    )
    return Answer(
        question,
        question,
        found=True,
        mode="quoted",
        sentences=tuple(Sentence(c.text, (number,)) for number, c in enumerate(chosen, 1)),
        citations=tuple(cite(number, c.hit, c.span, c.text) for number, c in enumerate(chosen, 1)),
    )


def is_answered(question: str, hits: Sequence[Hit]) -> bool:
    """Tell whether the hits answer a question at all."""
    candidates = rank(question, hits)
    return bool(candidates) and is_enough(candidates[0], hits)


def is_enough(best: Candidate, hits: Sequence[Hit]) -> bool:
    """Tell whether the best sentence answers the question, rather than being the least bad."""
    nearest_hits = sorted(max(hit.sentence_cosines or (hit.cosine,)) for hit in hits)[-3:]
    nearby = sum(nearest_hits) / len(nearest_hits)
    return best.cosine + COVERED * best.covered + NEARBY * nearby >= ENOUGH


def newest_of_the_good(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Order those that answer about as well as the first by date, the newest first."""
    enough = candidates[0].score - LATEST_TIE
    good = [candidate for candidate in candidates if candidate.score >= enough]
    rest = candidates[len(good) :]
    return [*sorted(good, key=_published, reverse=True), *rest]


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


def in_reading_order(chosen: Sequence[Candidate], *, tie: float = TIE) -> list[Candidate]:
    """Order the articles, the best first but the newest among equals; within each, by place."""
    articles: dict[str, list[Candidate]] = {}
    for candidate in chosen:
        articles.setdefault(candidate.hit.passage.article_id, []).append(candidate)
    top = max((candidate.score for candidate in chosen), default=0.0)
    groups = sorted(articles.values(), key=lambda group: _published(group[0]), reverse=True)
    groups.sort(key=lambda group: min(best_score(group), top - tie), reverse=True)
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


def cite(number: int, hit: Hit, span: Span, quote: str) -> Citation:
    """Return the citation of a quote that stands at `span` of the article of a hit."""
    start, end = span
    return Citation(
        number=number,
        quote=quote,
        title=hit.title,
        source=hit.source,
        url=hit.url,
        published_at=hit.published_at,
        article_id=hit.passage.article_id,
        passage_id=hit.passage.passage_id,
        start=start,
        end=end,
        also_in=hit.others_with(span),
    )


def _published(candidate: Candidate) -> str:
    return candidate.hit.published_at or ""
