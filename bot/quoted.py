"""Answers quoted from the articles: the sentences that answer a question best, word for word."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from bot.questions.words import (
    Kind,
    content_words,
    has_kind,
    is_slip,
    is_stop_word,
    kind_of,
    stem,
    words_of,
)
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

# Fitted on the 4,371 answerable SQuAD questions as the log-odds that a sentence holds the answer,
# then rounded; fitted on half of the articles they do as well on the other half. In brackets, how
# many points fewer of the best sentences, and of the best three, hold it without the one weight.
PASSAGE = 1.7
"""A step of the passage's fused score. [0.5, 0.9]"""
PASSAGE_COSINE = 5.0
"""The passage's cosine to the question. [0.1, 0.2]"""
COSINE = 6.5
"""The sentence's own. [2.7, 1.9]"""
COVERAGE = 5.0
"""Weighted share of the question's content words that are in the sentence. [5.6, 2.1]"""
EXACT_COVERAGE = 2.0
"""... in the very form of the question. [0.5, 0.4]"""
COVERAGE_BEFORE = 2.75
"""... only in the sentence before it, which introduces "he" and "the company". [0.2, 0.4]"""
COVERAGE_BY_TITLE = 7.0
"""... only in the title. Fitted it is 8.5, which prefers sentences that leave out the title's
words. [0.6, 0.5]"""
KIND_WEIGHTS = {
    Kind.YEAR: 5.0,
    Kind.DATE: 2.0,
    Kind.NUMBER: 3.0,
    Kind.PERSON: 1.5,
    Kind.PLACE: 1.0,
    Kind.NAME: 1.5,
    Kind.ANYTHING: 0.0,
}
"""The sentence has a date where the question asks for one, and so on. [1.0, 0.4 together]"""
OTHER_YEAR = -2.0
"""The sentence names a year, and the question another. [0.1, 0.1]"""

_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may be quoted."""

    hit: Hit
    span: Span
    text: str
    stems: frozenset[str]
    score: float
    """Log-odds against the other sentences of the same question."""
    cosine: float
    """Of the question and the sentence; of the passage where the sentence's is not known."""
    covered: float
    """Share of the question that the sentence, the one before it or the title says."""


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
    """Whether the hits answer a question at all."""
    candidates = rank(question, hits)
    return bool(candidates) and is_enough(candidates[0], hits)


def is_enough(best: Candidate, hits: Sequence[Hit]) -> bool:
    """Whether the best sentence answers the question, rather than being the least bad."""
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
        corrected_at=hit.corrected_at,
    )


def _published(candidate: Candidate) -> str:
    return candidate.hit.published_at or ""


@dataclass(frozen=True, slots=True)
class _ReadHit:
    """A hit with the words and stems of its sentences."""

    hit: Hit
    texts: tuple[str, ...]
    words: tuple[list[str], ...]
    stems: tuple[frozenset[str], ...]
    title: frozenset[str]


def rank(question: str, hits: Sequence[Hit]) -> list[Candidate]:
    """Return the sentences of the hits, the likeliest answer first; none for an empty question."""
    reads = [_read_hit(hit) for hit in hits if hit.passage.sentences]
    if not reads or not words_of(question):
        return []
    words = _QuestionWords.of(question, reads)
    candidates = [candidate for read in reads for candidate in _candidates(words, read)]
    return sorted(candidates, key=lambda candidate: -candidate.score)


@dataclass(frozen=True, slots=True)
class _QuestionWords:
    shares: Mapping[str, float]
    """The weight of each content stem of the question; together 1."""
    forms: Mapping[str, str]
    """Each content word, lower-cased, with its stem."""
    stems: frozenset[str]
    kind: Kind
    years: frozenset[str]

    @classmethod
    def of(cls, question: str, reads: Sequence[_ReadHit]) -> "_QuestionWords":
        """Weigh the stems by how rare they are among the sentences of the hits.

        Among the hits, not in the archive: measured to choose as well, and it does not depend
        on how large the archive is.
        """
        forms = _with_typos_corrected(
            {word.lower(): stem(word) for word in content_words(question)}, reads
        )
        sentences = [stems for read in reads for stems in read.stems]
        rarity = {
            word_stem: math.log(1 + len(sentences) / (sum(word_stem in s for s in sentences) + 0.5))
            for word_stem in forms.values()
        }
        total = sum(rarity.values())
        return cls(
            shares={word_stem: value / total for word_stem, value in rarity.items()},
            forms=forms,
            stems=frozenset(map(stem, words_of(question))),
            kind=kind_of(question),
            years=frozenset(_YEAR.findall(question)),
        )

    def share(self, stems: Iterable[str]) -> float:
        return sum(self.shares[word_stem] for word_stem in stems)

    def share_in_form(self, words: Iterable[str]) -> float:
        same = self.forms.keys() & {word.lower() for word in words}
        return self.share({self.forms[word] for word in same})


def _with_typos_corrected(forms: dict[str, str], reads: Sequence[_ReadHit]) -> dict[str, str]:
    """Replace words that no hit has by one a typo away that they have.

    Of SQuAD questions with a typo in one word, 3 in 100 more are answered by the best sentence.
    """
    stems = frozenset[str]().union(*(read.title.union(*read.stems) for read in reads))
    strange = [word for word, word_stem in forms.items() if word_stem not in stems]
    if not strange:
        return forms
    words = dict.fromkeys(w.lower() for read in reads for line in read.words for w in line)
    corrected = {word: _correction(word, words) for word in strange}
    return {word: stem(word) for word in (corrected.get(word, word) for word in forms)}


def _correction(word: str, words: Iterable[str]) -> str:
    return next((w for w in words if is_slip(word, w) and not is_stop_word(w)), word)


def _read_hit(hit: Hit) -> _ReadHit:
    passage = hit.passage
    texts = tuple(
        passage.text[start - passage.start : end - passage.start]
        for start, end in passage.sentences
    )
    words = tuple(map(words_of, texts))
    stems = tuple(frozenset(map(stem, sentence)) for sentence in words)
    return _ReadHit(hit, texts, words, stems, frozenset(map(stem, words_of(hit.title))))


def _candidates(question: _QuestionWords, read: _ReadHit) -> Iterator[Candidate]:
    cosines = read.hit.sentence_cosines or (read.hit.cosine,) * len(read.texts)
    titled = read.title & question.shares.keys()
    before: frozenset[str] = frozenset()
    for index, stems in enumerate(read.stems):
        here = stems & question.shares.keys()
        years = frozenset(_YEAR.findall(read.texts[index])) if question.years else frozenset()
        score = (
            PASSAGE * read.hit.score
            + PASSAGE_COSINE * read.hit.cosine
            + COSINE * cosines[index]
            + COVERAGE * question.share(here)
            + EXACT_COVERAGE * (question.share_in_form(read.words[index]) if here else 0.0)
            + COVERAGE_BEFORE * question.share(before - here)
            + COVERAGE_BY_TITLE * question.share(titled - here)
            + KIND_WEIGHTS[question.kind]
            * has_kind(question.kind, read.words[index], question.stems)
            + OTHER_YEAR * bool(years and not years & question.years)
        )
        yield Candidate(
            hit=read.hit,
            span=read.hit.passage.sentences[index],
            text=read.texts[index],
            stems=stems,
            score=score,
            cosine=cosines[index],
            covered=question.share(here | before | titled),
        )
        before = here
