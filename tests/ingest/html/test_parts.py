import pytest

from tests.ingest.html.hiding import SECRET, left_of

STORY = "".join(
    f"<p>The ferry to island {n} leaves at noon, the operator said.</p>" for n in range(9)
)


@pytest.mark.parametrize(
    "body",
    [
        f"<div style='visibility:hidden'>{STORY}</div>",
        f"<div style='opacity:0'>{STORY}</div>",
        f"<div hidden id='S:0'>{STORY}</div>",
        f"<main aria-hidden=true class=blurred>{STORY}</main>",
        f"<div class=hidden>{STORY}</div>",
        f"<ul>{'<li>News, sport and weather from the islands</li>' * 40}</ul>"
        f"<div style='opacity:0'>{STORY}</div>",
        f"<style>body{{visibility:hidden}}</style>{STORY}",
        f"<style>p{{opacity:0}}</style>{STORY}",
    ],
)
def test_a_page_hidden_until_its_script_has_run_is_read(body: str) -> None:
    left = left_of(body + f"<p hidden>{SECRET}</p>")
    assert left.count("The ferry to island") == 9
    assert SECRET not in left


@pytest.mark.parametrize(
    "hiding", ["hidden", "style='opacity:0'", "style='visibility:hidden'", "aria-hidden=true"]
)
def test_hidden_paragraphs_beside_a_story_are_no_page(hiding: str) -> None:
    assert "Ignore" not in left_of(STORY + f"<div {hiding}>{f'<p>{SECRET}</p>' * 9}</div>")


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("<p><span aria-hidden=true>T</span>he ferry</p>", "The ferry"),
        (
            "<p><span aria-hidden=true>T</span><span class=sr-only>T</span>he ferry</p>",
            "The ferry",
        ),
        (
            "<p><span class=sr-only>The</span><span aria-hidden=true><b>T</b>he</span> ferry</p>",
            "The ferry",
        ),
        ("<p>Read <span aria-hidden=true>the</span> more</p>", "Read more"),
        ("<p><i aria-hidden=true>add</i> more</p>", "more"),
    ],
)
def test_a_drop_cap_is_part_of_its_word_once(body: str, left: str) -> None:
    assert left_of(body) == left


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("<p>The bank<svg></svg>, which", "The bank, which"),
        ("<p>cen<span hidden>x</span>tral", "central"),
        ("<p>one<svg></svg>two", "one two"),
        ("<div>one<div hidden>x</div>two</div>", "one two"),
        ("<p>one<!-- x -->two", "onetwo"),
    ],
)
def test_words_stay_apart_or_together_as_they_are_seen(body: str, left: str) -> None:
    assert left_of(body) == left
