"""What was said before a question, in its thread or conversation."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a person and what Newsdesk answered; a thread is turns, the oldest first."""

    question: str
    standalone_question: str = ""
    """The question as it was understood; "" where nobody knows."""

    answer: str = ""
    """The text of the answer; "" where nobody knows, as in a list of questions."""

    @property
    def understood(self) -> str:
        """The question with its topic, as far as it is known."""
        return self.standalone_question or self.question
