import pytest

from ingest.readers.mail import email_paragraphs

RULE = "_" * 47


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("One.\r\n\r\nTwo.\r\n", ["One.", "Two."]),
        ("Yes.\n\nHe wrote:\n> No.\n>\n> > Maybe.\n", ["Yes.", "He wrote:", "No.", "Maybe."]),
        ("Yes.\n-- \nJane\nThe Example\n", ["Yes."]),
        ("Yes.\n\n-- \nJane\n\nThe story.\n", ["Yes.", "The story."]),
        ("Yes.\n\n-- \nJane\n> The story.\n", ["Yes.", "The story."]),
        ("> No.\n> -- \n> Bob\n\nYes.", ["No.", "Yes."]),
        (
            "Yes.\n\n-- \n" + "A story under it. " * 40,
            ["Yes.", ("A story under it. " * 40).strip()],
        ),
        (f"Yes.\n\n{RULE}\nDesk mailing list\ndesk@x.example\n", ["Yes."]),
        (f"Yes.\n\n{RULE}\nThe story.", ["Yes.", "The story."]),
        ("Yes.\n\n# # #\n", ["Yes."]),
        ("To unsubscribe is easy, she said.", ["To unsubscribe is easy, she said."]),
    ],
)
def test_letter_is_without_marks_signatures_and_rules(text: str, paragraphs: list[str]) -> None:
    assert email_paragraphs(text) == paragraphs


def test_quotation_is_joined_where_it_was_wrapped() -> None:
    own = "I can add that the opposition voted against it, which nobody has reported so far in the"
    wrapped = (
        f"{own} city, and which Schmidt did not mention when she spoke to the reporters there.\n\n"
        "> The city council voted to close the old bridge over the river Elbe near\n"
        "> Dresden for repairs that will last eighteen months, and the mayor Anna\n"
        "> Schmidt did not object.\n"
    )
    assert email_paragraphs(wrapped)[1:] == [
        "The city council voted to close the old bridge over the river Elbe near Dresden for "
        "repairs that will last eighteen months, and the mayor Anna Schmidt did not object."
    ]
