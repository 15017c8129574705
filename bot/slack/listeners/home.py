"""The Home tab, the button there that removes an article, and the prompts in the messages tab."""

import logging
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NoSuchArticleError
from bot.slack.archive import Archive
from bot.slack.client import error_code
from bot.slack.inbox import Work
from bot.slack.permission import Permission
from bot.slack.rendering import home_view, suggested_prompts
from bot.slack.threads import Threads

log = logging.getLogger(__name__)


class Home:
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
        shown = home_view(
            view.listings,
            covered=view.covered,
            total=view.total,
            may_remove=await self._permission.allows(person),
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
