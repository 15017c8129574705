from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from ingest.web.politeness import retry_after


def test_pause_is_asked_for_in_seconds_or_until_a_date() -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert retry_after("120") == 120
    assert retry_after(format_datetime(tomorrow)) == pytest.approx(86_400, abs=60)
    assert retry_after("Mon, 01 Jan 2024 00:00:00 GMT") == 0


@pytest.mark.parametrize(
    "header",
    [
        *(None, "", "-5", "soon", "1.5"),
        "Mon, 01 Jan 99999999999999 00:00:00 GMT",
        "Mon, 01 Jan 2024 00:00:00 +99999999999999999999",
        "Mon, 99999999999999999999 Jan 2024 00:00:00 GMT",
    ],
)
def test_pause_that_cannot_be_understood_is_none(header: str | None) -> None:
    assert retry_after(header) is None
