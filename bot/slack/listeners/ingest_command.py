"""`/ingest url...`: read into the archive by those who may, with a receipt for them alone."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.slack.events import command
from bot.slack.inbox import Work
from bot.slack.intake import Gift, Intake
from bot.slack.notices import GIVING
from bot.slack.offers import read_offer
from bot.slack.receiving import Receiver
from bot.slack.responding import respond
from bot.slack.worker import Worker

READING = "Reading …"
HOW = "Type `/ingest https://...`, with one link or more."


class IngestCommand:
    """Takes the command in, and later sends the receipt to the address that came with it."""

    def __init__(self, intake: Intake, receiver: Receiver, worker: Worker) -> None:
        self._intake = intake
        self._receiver = receiver
        self._worker = worker

    def register(self, app: AsyncApp) -> None:
        app.command("/ingest")(self.taken)

    async def taken(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        offer = read_offer(body.get("text") or "")
        if not offer.links:
            await ack(text=f"{HOW} {GIVING}")
            return
        given = {"links": list(offer.links), "for_everyone": offer.for_everyone}
        await self._receiver.receive(command(body, "ingest", **given))
        await ack(text=READING)
        self._worker.wake()

    async def __call__(self, work: Work) -> None:
        links, for_everyone = tuple(work.body["links"]), work.body["for_everyone"]
        gift = Gift(work.person, work.conversation, links, for_everyone=for_everyone)
        refused = await self._intake.refusal(work.person)
        receipt = refused or await self._intake.receipt(gift)
        await respond(work.body["response_url"], [receipt])
