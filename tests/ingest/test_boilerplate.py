import pytest

from ingest.boilerplate import cut_boilerplate, why_not_story

STORY = [
    "The minister resigned on Monday after a long crisis, officials in the capital said.",
    "His deputy, who has been in parliament since 2011, takes over until a vote is held.",
    "The opposition called for an election; the president said that there would be none.",
]
HEADLINES = ["Floods close schools in the north", "Will the vote be held in May?"]


@pytest.mark.parametrize(
    ("paragraph", "reason"),
    [
        ("Stay tuned to our channel for the latest news!", "promotion"),
        ("Subscribe to the Daily Brief, our morning newsletter.", "promotion"),
        ("Please follow us on Facebook and Twitter", "promotion"),
        ("Follow @example on X for breaking news", "promotion"),
        ("Click here to read the full story", "promotion"),
        ("For all the latest World News, download our app", "promotion"),
        ("Got a news tip? Email us at tips@example.com", "promotion"),
        ("If you enjoyed this story, share it with your friends on Facebook", "promotion"),
        ("If you enjoyed it, please consider supporting our work.", "promotion"),
        ("Watch the full report in the video player above.", "promotion"),
        ("ALSO: Floods close schools in the north", "pointer to other stories"),
        ("Read more: Floods close schools in the north", "pointer to other stories"),
        ("Related stories", "pointer to other stories"),
        ("You may also like", "pointer to other stories"),
        ("Lesen Sie auch: Hochwasser im Norden", "pointer to other stories"),
        ("Share this article", "share bar"),
        ("Facebook Twitter WhatsApp Email", "share bar"),
        ("© 2021 Example Press. All rights reserved.", "copyright line"),
        ("ADVERTISEMENT", "notice of the page"),
        ("Story continues below advertisement", "notice of the page"),
        ("This story has been updated with additional information.", "notice of the page"),
        ("This live blog is now closed.", "notice of the page"),
    ],
)
def test_what_a_page_adds_is_recognised(paragraph: str, reason: str) -> None:
    assert why_not_story(paragraph) == reason


@pytest.mark.parametrize(
    "paragraph",
    [
        "Follow the money, he said.",
        "Join us, the rebels said, or die.",
        "“Follow us,” the soldiers ordered.",
        "Read my lips: no new taxes.",
        "Share prices fell sharply on Friday.",
        "Facebook and Twitter fell 3% each.",
        "Like Facebook, Twitter has cut jobs.",
        "Related charges were dropped on Monday.",
        "Copyright law was changed in 2021.",
        "Send us weapons, president urges",
        "Stay home, minister urges on Facebook",
        "Watch what we do, not what we say to us.",
        "For the people of the north, the war is not over.",
        "More on the economy: output rose 2%.",
        "Like our parents, we love stories.",
        "Like others before him, he posted it on Facebook.",
        "Support for independent journalism fell to its lowest level.",
        "Share buttons on Facebook help spread lies.",
        "This article has been updated to correct the number of the dead: it is 12, not 21.",
        "This story is developing into a crisis.",
        "This article may not be popular, but it is true.",
    ],
)
def test_story_that_sounds_like_a_promotion_is_left(paragraph: str) -> None:
    assert why_not_story(paragraph) == ""


@pytest.mark.parametrize(
    "repeated",
    "Do you drive? |please and also |for the north, |if you do, |for more |share 1 x |follow @"
    "|read the full story |to us on |A, |see ".split("|"),
)
def test_text_that_fits_a_rule_again_and_again_is_judged_at_once(repeated: str) -> None:
    paragraph = (repeated * 180)[:180] + "The forms ask it all, each year."
    assert why_not_story(paragraph) in ("", "promotion")


def removed_from(paragraphs: list[str]) -> list[str]:
    kept, removed = cut_boilerplate(paragraphs)
    cut = [piece.text for piece in removed]
    assert kept == [paragraph for paragraph in paragraphs if paragraph not in cut]
    return cut


def test_headlines_behind_a_promotion_at_the_end_go_with_it() -> None:
    assert removed_from([*STORY, "Follow us on Twitter", *HEADLINES]) == [
        "Follow us on Twitter",
        *HEADLINES,
    ]


def test_story_behind_a_promotion_stays() -> None:
    assert removed_from([STORY[0], "Read more: Floods", "A subheading", *STORY[1:]]) == [
        "Read more: Floods"
    ]


def test_short_lines_at_the_end_stay_without_a_promotion_before_them() -> None:
    assert removed_from([*STORY, *HEADLINES]) == []


def test_headlines_that_would_be_much_of_the_text_stay() -> None:
    assert removed_from([STORY[0], "Follow us on Twitter", *HEADLINES, *HEADLINES]) == [
        "Follow us on Twitter"
    ]


def test_lines_of_a_text_without_full_stops_stay() -> None:
    lines = [paragraph.rstrip(".") for paragraph in STORY]
    assert removed_from([*lines, "Follow us on Twitter", *HEADLINES]) == ["Follow us on Twitter"]


def test_promotion_at_the_end_of_the_last_paragraph_is_cut_off_it() -> None:
    last = f"{STORY[2]} Stay tuned for more updates! {HEADLINES[0]}"
    kept, removed = cut_boilerplate([*STORY[:2], last])
    assert kept == STORY
    assert [cut.text for cut in removed] == [f"Stay tuned for more updates! {HEADLINES[0]}"]


def test_text_that_is_nothing_but_a_promotion_stays() -> None:
    assert removed_from(["Subscribe to our newsletter"]) == []
