import pytest

from ingest.errors import ReadError
from tests.ingest.html.hiding import MARKED, SECRET, is_seen, is_seen_as, left_of

WITHIN = f"<div class='w'><div><p>First.</p>{MARKED}</div></div>"


@pytest.mark.parametrize(
    "selector",
    [
        "[data-kind]",
        "[data-kind^=no]",
        "p[class='x']",
        "[DATA-KIND=NOTE i]",
        ".x:not(.y)",
        ":where(.w) .x",
        ":root .x",
        ".w > div > .x",
        "p + .x",
        "p ~ .x",
        "p:nth-of-type(2).x",
        ".x:nth-child(2n)",
        ".x:last-child",
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
        (
            "".join(f".x:not(.a{n}){{opacity:.5}}" for n in range(20_000)),
            "more CSS than can be applied",
        ),
        ("".join(f"p{{opacity:.5{n}}}" for n in range(20_000)), "more CSS than can be applied"),
        (":is(" * 3_000 + ".x" + ")" * 3_000 + "{display:none}", "nested too deep"),
        (".x{" * 3_000 + "display:none", "nested too deep"),
        (".x{width:" + "9" * 6_000 + "px}", "cannot be read"),
        (" " * 5_000_001, "more CSS than can be applied"),
    ],
)
def test_css_made_to_do_harm_is_refused_not_passed_over(css: str, reason: str) -> None:
    with pytest.raises(ReadError, match=reason):
        is_seen(css, MARKED * 1_000)


HIDE = ".x{display:none}"


@pytest.mark.parametrize(
    "style",
    [
        "font-size:0;font-size:bogus",
        "opacity:0;opacity:bogus",
        "color:white;color:bogus",
        "color:white;background:bogus",
        "visibility:hidden;visibility:visible foo",
        "position:absolute;left:-9999px;left:bogus",
        "display:none;display:revert-layer",
        "display:none;display:inline-foo;;",
        "background:url(a;b.png);display:none",
        "--a:';display:block';display:none",
        "di\\73play:none",
        "display:/**/none",
    ],
)
def test_a_value_that_a_browser_passes_over_undoes_nothing(style: str) -> None:
    assert not is_seen_as(style)


@pytest.mark.parametrize(
    "head",
    [
        f"<style>{HIDE}.x{{display:bogus}}</style>",
        f"<style>{HIDE}</style><style media=print>.x{{display:block}}</style>",
        f"<style>{HIDE}</style><style type=text/plain>.x{{display:block}}</style>",
        f"<style>{HIDE}</style><noscript><style>.x{{display:block}}</style></noscript>",
        f"<style>{HIDE}</style><template><style>.x{{display:block}}</style></template>",
        f"<style>{HIDE}.x:bogus,.x{{display:block}}</style>",
        f"<style>{HIDE}@container (min-width:1px){{.x{{display:block}}}}</style>",
        "<style>.x{display:none!important}#one{display:block}</style>",
        f"<style>@layer a{{.x{{display:block}}}}{HIDE}</style>",
        f"<style>{HIDE}div>.x{{display:block}}</style>",
        f"<style>{HIDE}</style><style title=old>.y{{}}</style>",
        f"<style><!-- {HIDE} --></style>",
        f"<style>.y{{content:'}}'}}{HIDE}</style>",
        "<style>" + "".join(f".a{n}{{color:#000}}" for n in range(6_000)) + HIDE + "</style>",
    ],
)
def test_what_hides_stands_until_a_browser_would_undo_it(head: str) -> None:
    assert SECRET not in left_of(f"<p>Before.</p>{MARKED}<p>After.</p>", head)


@pytest.mark.parametrize(
    "head",
    [
        f"<style media=print>{HIDE}</style>",
        f"<style media='(max-width:600px)'>{HIDE}</style>",
        f"<style type=text/template>{HIDE}</style>",
        f"<noscript><style>{HIDE}</style></noscript>",
        f"<link rel='alternate stylesheet' href='data:text/css,{HIDE}'>",
        f"<style>{HIDE}#one{{display:block}}</style>",
        f"<style>{HIDE}.x{{display:block!important}}</style>",
        "<style>:root{--ground:#111;--ink:#fff}"
        "body{background:var(--ground);color:var(--ink)}</style>",
        "<style>.x{opacity:0;animation:in 1s forwards}@keyframes in{to{opacity:1}}</style>",
    ],
)
def test_what_a_browser_does_not_apply_hides_nothing(head: str) -> None:
    assert SECRET in left_of(f"<p>Before.</p>{MARKED}<p>After.</p>", head)


@pytest.mark.parametrize(
    "css",
    [
        ":root{--d:none}.x{display:var(--d)}",
        ".x{display:var(--zz,none)}",
        ":root{--c:#fff}.x{color:var(--c)}",
        ":root{--c:255,255,255}.x{color:rgb(var(--c))}",
        "body{--c:var(--d);--d:white}.x{--d:black;color:var(--c)}",
        ".x{background:var(--none);color:white}",
    ],
)
def test_variables_come_to_what_they_come_to_in_a_browser(css: str) -> None:
    assert not is_seen(css)
