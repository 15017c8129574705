"""Hypothesis strategies: answers made of text that wants to be markup."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from bot.answers import Answer, Citation, Headline, Sentence
from bot.slack.views import CitedPassage
from ingest.report import STATUSES, SourceReport
from vectorstore.models import Listing

unhurried = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""For tests on whole answers, which take their time to make up."""

ATTACKS = (
    "<!channel>",
    "<!here|x>",
    "<@U1>",
    "<!date^1392734382^{date}|x>",
    "<https://evil.example|bbc.co.uk>",
    "[bbc](https://evil.example)",
    "![x](//evil.example)",
    "[1]: http://evil.example",
    "*ADMIN*",
    "__x__ ~~y~~ `z`",
    ":white_check_mark:",
    "✅",
    "@channel",
    "www.evil.example",
    "a@evil.example",
    "\n# Heading\n- item\n1. item\n> quote\n    code\n---\n| a | b |\n| - | - |\n===\n",
    "\u202eevil\u2066\u200b\U000e0041\x1b[31m\x00",
    "&lt;!channel&gt;",
    "```\n<!channel>\n```",
)


class Brief(str):
    """A text that hypothesis prints the beginning of: it refuses to print very long examples."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{str(self)[:60]!r}..." if len(self) > 60 else str.__repr__(self)


texts = st.lists(
    st.sampled_from(ATTACKS)
    | st.text(max_size=40)
    | st.text("*_~`[]()!<>#:|+-=.@\\&; \na1", max_size=40),
    max_size=8,
).map(lambda parts: Brief(" ".join(parts)))

long_texts = texts | st.builds(lambda text, times: Brief(text * times), texts, st.integers(1, 30))

urls = st.none() | st.sampled_from(
    [
        "https://www.bbc.co.uk/news/1?a=1&b=2",
        "http://example.com/a|b>c<d e",
        Brief("https://example.com/" + "x" * 3_000),
        "javascript:alert(1)",
        "https://user@evil.example/",
        "https://пример.рф/ж",
    ]
)
dates = st.none() | st.sampled_from(["2021-12-03", "1963-05-01T10:00:00Z", "<!channel>"])

citations = st.builds(
    Citation,
    number=st.integers(1, 99),
    quote=long_texts,
    title=long_texts,
    source=texts,
    url=urls,
    published_at=dates,
    article_id=st.sampled_from([f"article-{n}" for n in range(30)]),
    passage_id=st.just("p"),
    start=st.just(0),
    end=st.just(1),
)
found = st.builds(
    Answer,
    question=long_texts,
    standalone_question=texts,
    found=st.just(True),
    note=st.none() | long_texts,
    mode=st.sampled_from(["quoted", "generated"]),
    sentences=st.lists(
        st.builds(Sentence, long_texts, st.lists(st.integers(1, 99), max_size=4).map(tuple)),
        max_size=12,
    ).map(tuple),
    citations=st.lists(citations, max_size=40).map(tuple),
)
not_found = st.builds(
    Answer,
    question=long_texts,
    standalone_question=texts,
    found=st.just(False),
    mode=st.just("quoted"),
    nearest=st.lists(st.builds(Headline, st.just("id"), long_texts, texts, dates), max_size=15).map(
        tuple
    ),
    note=st.none() | long_texts,
    covered=st.none() | st.tuples(dates.filter(bool), dates.filter(bool)),
)
answers = found | not_found

listings = st.lists(
    st.builds(
        Listing,
        article_id=st.sampled_from(["", "a", Brief("x" * 3_000)]),
        title=long_texts,
        source=texts,
        url=urls,
        published_at=dates,
        passages=st.just(1),
        version=st.just(1),
    ),
    max_size=40,
)
reports = st.lists(
    st.builds(
        SourceReport,
        source=long_texts,
        status=st.sampled_from(STATUSES),
        article_id=st.none(),
        reason=st.none() | long_texts,
    ),
    max_size=40,
)
passages = st.lists(st.builds(CitedPassage, citations, long_texts, long_texts), max_size=5)
