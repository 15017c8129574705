"""Follow-ups: which questions need the topic of their thread, and how they come by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import Turn
from bot.questions.followups import standalone
from bot.questions.noun_phrases import noun_phrases

SANCTIONS = "What sanctions were threatened against Russia?"


def thread(*questions: str, answer: str = "") -> list[Turn]:
    return [*map(Turn, questions[:-1]), Turn(questions[-1], answer=answer)]


@pytest.mark.parametrize(
    ("before", "question", "understood"),
    [
        (SANCTIONS, "Did it retaliate?", "Did Russia retaliate?"),
        (SANCTIONS, "What was its answer?", "What was Russia’s answer?"),
        (SANCTIONS, "Why did it threaten to retaliate?", "Why did Russia threaten to retaliate?"),
        ("What is the Geneva Convention?", "Who signed it?", "Who signed the Geneva Convention?"),
        ("Did Boris Johnson resign?", "Why did he go?", "Why did Boris Johnson go?"),
        ("where is bone marrow found", "what if it fails?", "what if bone marrow fails?"),
        ("how does a storm drain work", "who made it", "who made the storm drain"),
        ("Did Boris Johnson resign?", "Why?", "Why did Boris Johnson resign?"),
        ("When did Boris Johnson resign?", "and why?", "Why did Boris Johnson resign?"),
        ("What did the US threaten?", "When?", "When did the US threaten?"),
        (SANCTIONS, "Why?", "Why? (What sanctions were threatened against Russia)"),
        (SANCTIONS, "And in 2014?", f"{SANCTIONS[:-1]} in 2014?"),
        ("Who won the vote in 2012?", "and in 2016?", "Who won the vote in 2016?"),
        ("Who won the vote in 2012?", "In France?", "Who won the vote in 2012 in France?"),
        (SANCTIONS, "And before that?", f"And before that? ({SANCTIONS[:-1]})"),
        (SANCTIONS, "What about Germany?", "What about Germany? (sanctions, Russia)"),
        (SANCTIONS, "Putin?", "Putin? (sanctions, Russia)"),
        (SANCTIONS, "the gas pipeline", "the gas pipeline (sanctions, Russia)"),
        (
            SANCTIONS,
            "How did the company respond?",
            "How did the company respond? (sanctions, Russia)",
        ),
        (SANCTIONS, "When did that happen?", "When did that happen? (sanctions, Russia)"),
        (SANCTIONS, "Who resigned?", "Who resigned? (sanctions, Russia)"),
        (SANCTIONS, "Did he agree?", "Did he agree? (sanctions, Russia)"),
    ],
)
def test_follow_up_is_given_its_topic(before: str, question: str, understood: str) -> None:
    assert standalone(question, thread(before)) == understood


@pytest.mark.parametrize(
    "question",
    [
        "What did Biden say to Putin?",
        "Who is Sergei Lavrov?",
        "When was Nord Stream 2 built?",
        "What does the Kremlin say?",
        "How many troops are there?",
        "Is it safe to travel to Kyiv?",
        "What time is it in Kyiv?",
        "How long does it take to build a pipeline?",
        "Why did Biden say he would call Putin?",
        "If talks fail, will they be held again?",
        "Which ministers met this week?",
        "What is inflation?",
        "What did the president of France say?",
        "how do companies hire their employees",
        "Tell me about the pipeline and its owners",
        "Has Germany said that the law stands?",
        "Why did the United States pull out of the talks in Vienna, and what did Iran say?",
        "Thanks!",
        "ok great",
        " What did Biden  say to Putin? \n",
        "…",
        "",
    ],
)
def test_question_that_stands_alone_stays_to_the_letter(question: str) -> None:
    assert standalone(question, thread(SANCTIONS)) == question


def test_he_is_whom_the_answer_named() -> None:
    before = thread("Who is the coach of the Patriots?", answer="Bill Belichick is, since 2000.")
    assert standalone("When was he born?", before) == "When was Bill Belichick born?"


def test_topic_is_carried_through_the_thread() -> None:
    history = thread(SANCTIONS, "Did it retaliate?", "Why?")
    assert standalone("When did it do so?", history) == "When did Russia do so?"


def test_turn_already_understood_is_not_guessed_again() -> None:
    history = [Turn("And there?", standalone_question="What is built in Lubmin?")]
    assert "Lubmin" in standalone("Who pays for it?", history)


def test_topic_changes_with_the_last_question() -> None:
    history = thread(SANCTIONS, "When was Nord Stream 2 built?")
    assert standalone("Who owns it?", history) == "Who owns Nord Stream 2?"


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("where does the penobscot river start and end", ["penobscot river"]),
        ("What did Blinken tell Lavrov?", ["Blinken", "Lavrov"]),
        ("what is the defense of marriage act 1996", ["defense of marriage act 1996"]),
        ("Did Russia threaten to annex Crimea?", ["Russia", "Crimea"]),
        ("Can you tell me more?", []),
    ],
)
def test_phrases_are_what_a_question_names(question: str, named: list[str]) -> None:
    assert [phrase.text for phrase in noun_phrases(question)] == named


WORDS = st.sampled_from(
    """it its he her they that this there why and what about in 2014 the company Russia did is of
    who ? ( ) , 's ’ sanctions against one ones same was how x""".split()
)
QUESTIONS = st.lists(WORDS, max_size=8).map(" ".join) | st.text(max_size=40)


@given(QUESTIONS, st.lists(QUESTIONS, max_size=4), QUESTIONS)
def test_any_question_keeps_its_words_and_never_fails(
    question: str, before: list[str], answer: str
) -> None:
    assert standalone(question, []) == question
    turns = [Turn(each, answer=answer) for each in before]
    assert standalone(question, turns) or not question


def test_long_thread_and_long_questions_are_read_in_part() -> None:
    history = thread(*["Who owns " + "Nord Stream " * 4_000] * 500)
    assert len(standalone("Why?", history)) < 1_000
    assert standalone("it " * 20_000, history) == "it " * 20_000
