"""Recognises what is shown in place of a story: a cookie notice, a check for robots, an error."""

import re
from collections.abc import Sequence

from ingest.errors import ReadError

_LONGEST_CHARS = 900
"""Of all its text: what is longer is a story, even if of such a page."""

_THING = r"(?:page|article|story|content|link)"
_INTERSTITIALS = {
    "a cookie notice": (
        r"we(?: and our .{1,40})? (?:value|care about|respect) your privacy",
        r"before you continue to\b",
        r".{0,120}\b(?:store and/or access information|use cookies and similar technologies)\b",
    ),
    "a check for robots": (
        r"just a moment\b|attention required!",
        r"(?:verify|verifying|confirm|prove|checking)\b.{0,60}\b(?:human|browser|robot)\b",
        r"are you a (?:robot|human)",
        r".{0,80}\bunusual (?:traffic|activity) from your\b",
        r"please (?:complete|solve) the (?:security check|captcha)",
    ),
    "a page that needs JavaScript": (
        r"(?:please |you need to )?(?:enable|turn on|activate) javascript",
        r"javascript is (?:disabled|required)",
        r"this (?:site|page|app|website) (?:requires|needs|works best with) javascript",
        r"loading ?(?:\.\.\.|…)?$",
    ),
    "a refusal": (
        r"access (?:to this page )?(?:has been )?denied|(?:403 )?forbidden$",
        r"you (?:do not|don['’]t) have (?:permission|access)",
        r".{0,60}\b(?:not available|unavailable) (?:in your (?:country|region|location)"
        r"|(?:for|due to) legal reasons)\b",
    ),
    "an error page": (
        r"(?:error )?404(?:\W+(?:error|not found|page)\b|\W*$)",
        rf"{_THING} (?:was |is |could )?not (?:be )?found$",
        rf"(?:sorry,? )?(?:the|this|that) {_THING}\b.{{0,60}}\b(?:can['’]t be found|cannot be found"
        r"|could not be found|not found|(?:does not|doesn['’]t) exist|no longer (?:exists"
        r"|available)|has been (?:moved|removed|deleted))",
        r"(?:500 )?internal server error|service (?:temporarily )?unavailable|bad gateway",
    ),
    "a page that leads on": (
        r"(?:if )?you(?: are|['’]re) (?:not )?(?:being |automatically )?redirected|redirecting\b",
    ),
    "a page to sign in": (
        r"(?:log|sign) ?in(?: to (?:continue|read|your account)| or (?:register|create|sign up)|$)",
        r"(?:subscribe|register|create (?:an|your free) account) to (?:continue|keep) reading",
    ),
    "a list of files": (r"index of /",),
}
_PATTERNS = {
    what: re.compile(rf"\W*(?:{'|'.join(words)})", re.IGNORECASE)
    for what, words in _INTERSTITIALS.items()
}


def refuse_interstitial(title: str | None, story: Sequence[str]) -> None:
    """Raise ReadError where the title, or how a short paragraph begins, shows one."""
    if sum(map(len, story)) > _LONGEST_CHARS:
        return
    for what, pattern in _PATTERNS.items():
        if any(pattern.match(line) for line in (title or "", *story)):
            raise ReadError(f"no story found on the page, but {what}")
