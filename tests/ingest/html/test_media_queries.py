import pytest

from tests.ingest.html.hiding import is_seen


@pytest.mark.parametrize(
    "condition",
    [
        "@media all",
        "@media screen, print",
        "@media only screen and (min-width: 600px)",
        "@media (width >= 600px)",
        "@media (min-width: 10em) and (max-width: 200em)",
        "@media not print",
        "@media not (hover: none)",
        "@media (prefers-color-scheme: light)",
        "@supports (display: grid)",
        "@supports (display: bogus) or (position: sticky)",
        "@supports selector(:has(a))",
        "@layer a",
    ],
)
def test_a_condition_holds_that_holds_in_a_desktop_window(condition: str) -> None:
    assert not is_seen(f"{condition}{{.x{{display:none}}}}")


@pytest.mark.parametrize(
    "condition",
    [
        "@media print",
        "@media speech",
        "@media not screen",
        "@media not all",
        "@media (max-width: 600px)",
        "@media (width < 768px)",
        "@media (max-width: calc(768px - 1px))",
        "@media only screen and (max-device-width: 480px)",
        "@media (max-height: 400px)",
        "@media (orientation: portrait)",
        "@media (hover: none)",
        "@media (pointer: coarse)",
        "@media (prefers-color-scheme: dark)",
        "@media (prefers-reduced-motion)",
        "@media (min-resolution: 2dppx)",
        "@media (bogus)",
        "@media not (bogus)",
        "@supports not (display: grid)",
        "@supports (-ms-ime-align: auto)",
        "@container (max-width: 300px)",
        "@bogus",
    ],
)
def test_a_condition_does_not_hold_that_does_not_or_cannot_be_judged(condition: str) -> None:
    assert is_seen(f"{condition}{{.x{{display:none}}}}")
    assert not is_seen(f".x{{display:none}}{condition}{{.x{{display:block}}}}")
