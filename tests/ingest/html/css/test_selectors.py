import pytest

from ingest.errors import ReadError
from tests.ingest.html.hiding import MARKED, is_seen

WITHIN = f"<div class='w'><div><p>First.</p>{MARKED}</div></div>"


@pytest.mark.parametrize(
    "selector",
    [
        "[data-kind]",
        "[data-kind^=no]",
        "p[class='x']",
        "[DATA-KIND=NOTE i]",
        ".x:not(.y)",
        ":is(.x,:bogus)",
        ":where(.w) .x",
        ":root .x",
        ".w > div > .x",
        "p + .x",
        "p ~ .x",
        "p:nth-of-type(2).x",
        ".x:nth-child(2n)",
        ".x:last-child",
        ".x:nth-last-child(1 of p)",
        ".w:has(.x)",
        "div:has(> p + p) .x",
        "\\.y,.x",
        ".x::-webkit-bogus,.x",
        "P.x",
        "#on\\65",
    ],
)
def test_a_rule_hides_what_its_selector_is_for(selector: str) -> None:
    assert not is_seen(f"{selector}{{display:none}}", WITHIN)


@pytest.mark.parametrize(
    "selector",
    [
        ".w > .x",
        ".x .w",
        ".x:first-child",
        ".x:hover",
        ".x::before",
        ".x:not(.w .x)",
        "p:nth-of-type(3)",
        ".w:has(+ .x) .x",
        ".y,.x:bogus",
        ".gone:bogus,.x",
        "[data-kind=not]",
    ],
)
def test_a_rule_hides_nothing_else(selector: str) -> None:
    assert is_seen(f"{selector}{{display:none}}", WITHIN)


@pytest.mark.parametrize(
    "css",
    [
        ".w{.x{display:none}}",
        ".w{color:red;& .x{display:none}}",
        "p{&.x{display:none}}",
        ".w{@media screen{.x{display:none}}}",
        ".w{@media screen{display:none}}",
        "@scope (.w){.x{display:none}}",
        "#one{&.x{display:none}} .w .x.x{display:block}",
    ],
)
def test_rules_may_stand_in_rules(css: str) -> None:
    assert not is_seen(css, WITHIN)


DEEP = "<div>" * 200 + MARKED + "</div>" * 200


@pytest.mark.parametrize(
    ("css", "body"),
    [
        (".q" + " *" * 12 + "{display:none}", DEEP),
        ("".join(f".q{n} .r{n} p{{color:red}}" for n in range(2_000)), MARKED * 1_000),
        ("p:nth-of-type(2n+9999){display:none}.q~*~*~p{color:red}", MARKED * 5_000),
        (
            ".x{--z0:1px;"
            + "".join(f"--z{n + 1}:var(--z{n})var(--z{n});" for n in range(60))
            + "}",
            MARKED,
        ),
        (f".x{{color:a{' ' * 40_000}b}}{'a' * 40_000}", MARKED),
    ],
)
def test_css_that_grows_without_bound_elsewhere_is_read(css: str, body: str) -> None:
    assert is_seen(css, body)


@pytest.mark.parametrize(
    ("css", "reason"),
    [
        (
            "".join(f":has(.a{n}) p{{color:red}}" for n in range(9_000)),
            "more CSS than can be applied",
        ),
        (":is(" * 3_000 + ".x" + ")" * 3_000 + "{display:none}", "nested too deep"),
        (".x{" * 3_000, "nested too deep"),
        (".x{width:" + "9" * 6_000 + "px}", "cannot be read"),
        (" " * 5_000_001, "more CSS than can be applied"),
    ],
)
def test_css_made_to_do_harm_is_refused_not_passed_over(css: str, reason: str) -> None:
    with pytest.raises(ReadError, match=reason):
        is_seen(css, MARKED * 1_000)
