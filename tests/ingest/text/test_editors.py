"""What is written for editors is no part of the article."""

import pytest

from ingest.text.clean import clean

STORY = (
    "Bridge opens in Aalborg\n\nThe new bridge opened on Thursday.\n\nIt took two years to build."
)


@pytest.mark.parametrize(
    "notes",
    [
        "Notes to editors\n\n1. The bridge is 300 m long.\n\n2. The mayor is on holiday.",
        "-ENDS-\n\nThe foundation has funded bridges since 1990.",
        "###\n\nAbout the foundation.",
        "Note to editors: the mayor's name is spelled Jensen.",
        "Eds: a photo is on its way.",
        "Media contact: Ann Lee, ann@example.org",
        "For more information, please contact Ann Lee on +45 12 34 56 78.",
        "Contacts\n\nAnn Lee, ann@example.org\n\nTel. 12 34 56 78",
        "NOT FOR PUBLICATION\n\nThe witness is Ann Lee.",
        "[NOT FOR PUBLICATION: the witness is Ann Lee]",
    ],
)
def test_notes_are_cut(notes: str) -> None:
    cleaned = clean(f"{STORY}\n\n{notes}")
    assert cleaned.text == clean(STORY).text
    assert cleaned.removed


def test_what_stands_behind_a_block_that_is_not_for_publication_is_kept() -> None:
    block = "NOT FOR PUBLICATION\n\nThe witness is Ann Lee.\n\nEND OF NOT FOR PUBLICATION"
    cleaned = clean(f"{STORY}\n\n{block}\n\nThe mayor cut the ribbon.")
    assert cleaned.text == clean(f"{STORY}\n\nThe mayor cut the ribbon.").text


@pytest.mark.parametrize(
    "sentence",
    [
        "Contact with the ferry was lost on Wednesday.",
        "Editors met in Stockholm to talk about the press.",
        "The report was not for publication, the minister said.",
        "It ends a dispute of ten years.",
        "For more information on the talks the ministers had to wait until Friday.",
    ],
)
def test_sentences_of_the_story_stay(sentence: str) -> None:
    assert sentence in clean(f"{STORY}\n\n{sentence}\n\nThe end was near.").text
