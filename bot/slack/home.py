"""The Home tab, the button there that removes an article, and the prompts in the messages tab."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers import Citation
from bot.errors import NoSuchArticleError
from bot.history import LoggedAnswer
from bot.newsdesk import Newsdesk
from bot.phrasing import unpublished_in_words
from bot.slack.client import Threads, error_code
from bot.slack.ingest import Permission
from bot.slack.queue import Work
from bot.slack.views import CitedPassage, home_view, suggested_prompts
from vectorstore.models import Filters, Listing

log = logging.getLogger(__name__)

SURROUNDING_CHARACTERS = 700

NEWEST = 25


@dataclass(frozen=True, slots=True)
class ArchiveView:
    """The newest articles, how many there are, and the dates they cover."""

    listings: tuple[Listing, ...]
    total: int
    covered: tuple[str, str] | None


class Archive:
    """Reads the archive with the eyes of a conversation."""

    def __init__(self, newsdesk: Newsdesk) -> None:
        self._newsdesk = newsdesk
        self._ledger = newsdesk.library.ledger

    def view(self, conversation: str | None) -> ArchiveView:
        filters = _seen_from(conversation)
        return ArchiveView(
            tuple(self._ledger.listings(filters, limit=NEWEST)),
            self._ledger.counts(filters)["articles"],
            self._ledger.dates_covered(filters),
        )

    def unpublished(self) -> list[str]:
        """How many articles for everyone are not published, and why."""
        return unpublished_in_words(self._ledger.unpublished(for_everyone=True))

    def passages(self, given: LoggedAnswer) -> list[CitedPassage]:
        """The quotes of an answer in the text around them, as far as that is still there."""
        return [self._passage(citation, given) for citation in given.answer.citations]

    def remove(self, article_id: str) -> None:
        """Remove an article; raises `NoSuchArticleError`."""
        self._newsdesk.remove([article_id])

    def _passage(self, citation: Citation, given: LoggedAnswer) -> CitedPassage:
        article = self._ledger.article(citation.article_id)
        start, end = citation.start, citation.end
        # The article may have been removed since, or changed at this place.
        if (
            article is None
            or (article.audience and given.conversation not in article.audience)
            or article.text[start:end] != citation.quote
        ):
            return CitedPassage(citation, "", "")
        before = article.text[max(0, start - SURROUNDING_CHARACTERS - 1) : start]
        return CitedPassage(citation, before, article.text[end : end + SURROUNDING_CHARACTERS + 1])


class HomeTab:
    def __init__(
        self, client: AsyncWebClient, archive: Archive, permission: Permission, threads: Threads
    ) -> None:
        self._client = client
        self._archive = archive
        self._permission = permission
        self._threads = threads

    def register(self, app: AsyncApp) -> None:
        app.action("remove_article")(self.removed)

    async def __call__(self, work: Work) -> None:
        if work.body["tab"] == "messages":
            await self._suggest(work)
        else:
            await self._publish(work.person)

    async def removed(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        await ack()
        person, article_id = body["user"]["id"], body["actions"][0]["value"]
        if await self._permission.asked(person, f"remove {article_id}"):
            await self._threads.run(self._remove, person, article_id)
        await self._publish(person)

    async def _publish(self, person: str) -> None:
        # The tab belongs to no conversation: it shows what everyone may see.
        view = await self._threads.run(self._archive.view, None)
        may_remove = await self._permission.allows(person)
        unpublished = await self._threads.run(self._archive.unpublished) if may_remove else ()
        shown = home_view(
            view.listings,
            covered=view.covered,
            total=view.total,
            may_remove=may_remove,
            unpublished=unpublished,
        )
        await self._client.views_publish(user_id=person, view=shown)

    async def _suggest(self, work: Work) -> None:
        view = await self._threads.run(self._archive.view, work.conversation)
        prompts = suggested_prompts(view.listings)
        if not prompts:
            return
        try:
            await self._client.assistant_threads_setSuggestedPrompts(
                channel_id=work.conversation, prompts=prompts
            )
        except SlackApiError as error:
            log.info("No suggested prompts: %s", error_code(error))

    def _remove(self, person: str, article_id: str) -> None:
        try:
            self._archive.remove(article_id)
        except NoSuchArticleError:
            return
        log.info("%s removed the article %s", person, article_id)


def _seen_from(conversation: str | None) -> Filters:
    return Filters(conversations=frozenset({conversation} if conversation else ()))
