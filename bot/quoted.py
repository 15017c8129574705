"""Answers quoted from the articles: the sentences that answer a question best, word for word."""

import logging
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from threading import Thread
from typing import TYPE_CHECKING

from bot.answers import (
    Answer,
    AnswerRequest,
    Citation,
    Event,
    Headline,
    MarkedWords,
    Sentence,
    events_of,
)
from bot.errors import ReaderDamagedError
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

if TYPE_CHECKING:
    from bot.passage_reading import Choice
    from bot.reader import Reader

log = logging.getLogger(__name__)

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

SURE_ENOUGH = 0.15
"""How sure the reader must be, besides what `is_enough` asks for. On reading/dev this refuses 0.48
of the questions that their passage does not answer, where `is_enough` alone refuses 0.27, and costs
1.1 points more of the answerable ones."""

SURE_ALONE = 0.85
"""So sure, the reader needs no `is_enough`, to which "deployed" is not "deployment"."""

CLOSE = 1.5
"""Log-odds below the best sentence at which the reader's others are left out: on SQuAD answers have
37 words then, and hold what was asked for in 0.88; at 2 it is 39 and 0.89."""

READ_SENTENCES = 2
CONSIDERED = 4
"""How many close sentences are looked through for another answer than the first one's."""

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

_BEGINS_WITH_PRONOUN = re.compile(r"[\"“‘']*(?:He|She|They|It|His|Her|Their|Its)\b")
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
    """Share of the question's words in the sentence, the one before it or the title."""

    answer: Span | None = None
    """The words that answer, in the text of the article, where the reader chose them."""

    is_context: bool = False

    @property
    def answer_text(self) -> str:
        """The words that answer; the whole sentence where nobody marked any."""
        if self.answer is None:
            return self.text
        start, end = self.answer
        return self.text[start - self.span[0] : end - self.span[0]]


class QuotedAnswerer:
    """Answers with sentences of the hits: those that the reader chooses, where there is one."""

    def __init__(self, reader: "Reader | None" = None) -> None:
        self._reader = reader

    def events(self, request: AnswerRequest) -> Iterator[Event]:
        yield from events_of(quote(request, self._reader))

    def warm(self) -> None:
        """Load the reader in the background."""
        if self._reader is not None:
            Thread(target=_load_quietly, args=(self._reader,), daemon=True).start()


def quote(request: AnswerRequest, reader: "Reader | None" = None) -> Answer:
    """Answer with quoted sentences, chosen by features alone where the reader is damaged."""
    candidates = rank(request.question, request.hits)
    if reader is not None and candidates:
        from bot.passage_reading import choose

        try:
            choice = choose(reader, request.question, request.hits, candidates)
        except ReaderDamagedError as error:
            log.warning("Answers are chosen without the reader: %s", error)
        else:
            return answer_read(request, choice, candidates[0])
    return answer_from_hits(
        request.question,
        request.hits,
        max_sentences=request.max_sentences or QUOTED_SENTENCES,
        newest_first=request.newest_first,
    )


def answer_read(request: AnswerRequest, choice: "Choice", by_features: Candidate) -> Answer:
    """Quote the sentence that the reader chose first, then those that add another answer.

    With `newest_first` the newest of those that answer about as well comes first.
    """
    question, hits = request.question, request.hits
    enough = is_enough(by_features, hits) or choice.sure >= SURE_ALONE
    if choice.sure < SURE_ENOUGH or not enough:
        return Answer(
            question, question, found=False, mode="quoted", nearest=nearest(hits), sure=choice.sure
        )
    best = choice.candidates[0].score
    close = [c for c in choice.candidates if c.score > best - CLOSE and not is_no_answer(c.text)]
    close = close or [choice.candidates[0]]
    if request.newest_first:
        close = newest_of_the_good(close)
    chosen = _adding(without_copies(close, CONSIDERED), request.max_sentences or READ_SENTENCES)
    introduction = _introduction(chosen[0])
    quotes = [*introduction, *(c for c in chosen if not any(is_copy(c, i) for i in introduction))]
    return Answer(
        question,
        question,
        found=True,
        mode="quoted",
        sentences=tuple(_sentence(number, c) for number, c in enumerate(quotes, 1)),
        citations=tuple(cite(number, c.hit, c.span, c.text) for number, c in enumerate(quotes, 1)),
        sure=choice.sure,
    )


def _adding(candidates: Sequence[Candidate], limit: int) -> list[Candidate]:
    """Those whose answer is another than that of the sentences before them."""
    chosen: list[Candidate] = []
    answers: set[str] = set()
    for candidate in candidates:
        words = " ".join(words_of(candidate.answer_text)).lower()
        if len(chosen) < limit and words not in answers:
            chosen.append(candidate)
            answers.add(words)
    return chosen


def _introduction(candidate: Candidate) -> list[Candidate]:
    """The sentence before one that begins with a pronoun, which it needs to be understood."""
    sentences = candidate.hit.passage.sentences
    place = sentences.index(candidate.span)
    if place == 0 or not _BEGINS_WITH_PRONOUN.match(candidate.text):
        return []
    span = sentences[place - 1]
    start = candidate.hit.passage.start
    text = candidate.hit.passage.text[span[0] - start : span[1] - start]
    stems = frozenset(map(stem, words_of(text)))
    return [replace(candidate, span=span, text=text, stems=stems, answer=None, is_context=True)]


def _sentence(number: int, candidate: Candidate) -> Sentence:
    answer = None
    if candidate.answer is not None:
        start, end = (place - candidate.span[0] for place in candidate.answer)
        answer = MarkedWords(candidate.text[start:end], start, end)
    return Sentence(candidate.text, (number,), answer=answer, context=candidate.is_context)


def is_no_answer(text: str) -> bool:
    """Whether a sentence answers nothing by itself: a question, or a label such as "Photo:"."""
    return text.rstrip("\"'”’) ").endswith(("?", ":"))


def _load_quietly(reader: "Reader") -> None:
    """Load ahead of time; whoever needs the reader meets the error itself."""
    with suppress(ReaderDamagedError):
        reader.load()


def answer_from_hits(
    question: str, hits: Sequence[Hit], *, max_sentences: int = 3, newest_first: bool = False
) -> Answer:
    """Quote the sentences of the hits that answer best by their features, or find nothing.

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
    return best.cosine + COVERED * best.covered + NEARBY * nearness(hits) >= ENOUGH


def nearness(hits: Sequence[Hit]) -> float:
    """The mean cosine of the three hits that are nearest to the question."""
    nearest_hits = sorted(max(hit.sentence_cosines or (hit.cosine,)) for hit in hits)[-3:]
    return sum(nearest_hits) / len(nearest_hits)


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
