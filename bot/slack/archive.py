"""What of the archive those in a conversation may see, or everyone if it is none."""

from dataclasses import dataclass

from bot.answers import Citation
from bot.memory import Given
from bot.newsdesk import Newsdesk
from bot.slack.rendering import CitedPassage
from vectorstore.models import Filters, Listing

SURROUNDING_CHARACTERS = 700
NEWEST = 25


@dataclass(frozen=True, slots=True)
class View:
    """The newest articles, how many there are, and the dates they cover."""

    listings: tuple[Listing, ...]
    total: int
    covered: tuple[str, str] | None


class Archive:
    """Reads the archive with the eyes of a conversation."""

    def __init__(self, newsdesk: Newsdesk) -> None:
        self._newsdesk = newsdesk
        self._ledger = newsdesk.library.ledger

    def view(self, conversation: str | None) -> View:
        filters = _seen_from(conversation)
        return View(
            tuple(self._ledger.listings(filters, limit=NEWEST)),
            self._ledger.counts(filters)["articles"],
            self._ledger.dates_covered(filters),
        )

    def passages(self, given: Given) -> list[CitedPassage]:
        """The quotes of an answer in the text around them, as far as that is still there."""
        return [self._passage(citation, given) for citation in given.answer.citations]

    def remove(self, article_id: str) -> None:
        """Remove an article; raises `NoSuchArticleError`."""
        self._newsdesk.remove([article_id])

    def _passage(self, citation: Citation, given: Given) -> CitedPassage:
        article = self._ledger.article(citation.article_id)
        start, end = citation.start, citation.end
        # The article may be removed since, or say something else at this place.
        if (
            article is None
            or (article.audience and given.conversation not in article.audience)
            or article.text[start:end] != citation.quote
        ):
            return CitedPassage(citation, "", "")
        before = article.text[max(0, start - SURROUNDING_CHARACTERS - 1) : start]
        return CitedPassage(citation, before, article.text[end : end + SURROUNDING_CHARACTERS + 1])


def _seen_from(conversation: str | None) -> Filters:
    return Filters(conversations=frozenset({conversation} if conversation else ()))
