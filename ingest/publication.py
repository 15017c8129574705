"""Reads whether an article may be shown: from what its record states, and from its first lines."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from itertools import islice

from ingest.dates.moments import Unclear, read_moment
from ingest.drafts import Draft
from vectorstore.models import NO_STORY, Notice, NoticeKind, Publication, Status

_STATUSES: Mapping[Status, frozenset[str]] = {
    "published": frozenset(
        "publish published public live usable final active released online ok success done"
        " complete updated corrected true yes 1 200 sent".split()
    ),
    "embargoed": frozenset("embargo embargoed scheduled future".split()) | {"under embargo"},
    "killed": frozenset("kill killed withdrawn retracted cancelled canceled retraction".split()),
    "superseded": frozenset("superseded replaced obsolete".split()),
}
"""What records call their status; what is none of these is held: nobody knows what it means."""

_POSTS = frozenset(("", "post", "posts", "article", "articles", "story", "news"))
_NO = frozenset("false no 0 none null never off n".split()) | {""}
_YES = frozenset("true yes 1 on y".split())
_PUBLIC = frozenset(("", "public", "published", "everyone", "all"))
_WORST: tuple[Status, ...] = ("killed", "superseded", "held", "embargoed")

_LINES_READ = 6
_LONGEST_LINE_CHARS = 200
_EMBARGO = re.compile(
    r"\W*(?:(?:strict(?:ly)?|under|press|media|news|still)\s+)*embargo(?:ed)?\b(?P<rest>.*)",
    re.IGNORECASE,
)
_NOT_BEFORE = re.compile(
    r"\W*(?:(?:strictly\s+)?not\s+for\s+(?:publication|release|broadcast|distribution|use)"
    r"(?:\s+or\s+\w+)?|do\s+not\s+(?:publish|use|release)|hold(?:\s+for\s+release)?"
    r"|for\s+release)(?P<rest>(?:\s+(?:before|until|till|prior\s+to|at|on|after)\b|\s*[:—–-]).*)",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"[\W_]*(?:(?:for\s+(?:release|publication|use|broadcast)|until|till|til|to|before|prior\s+to"
    r"|after|at|on|for|by|not\s+for\s+(?:publication|release|use))\b[\W_]*)*",
    re.IGNORECASE,
)
_SAYS_UNTIL = re.compile(r"[\W_]*(?:(?:for|not|release|publication)\s+)*(?:until|till|til)\b", re.I)
_HELD_LINE = re.compile(
    r"\W*(?:(?:strictly\s+)?not\s+for\s+(?:publication|release|broadcast)"
    r"|(?:draft\W+)?do\s+not\s+publish|draft\W+not\s+for\s+publication"
    r"|(?-i:DRAFT|HOLD|ON HOLD|WITHHELD|HOLD FOR RELEASE))\W*",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"\W*(?:(?:BULLETIN|URGENT|MANDATORY|ATTENTION|ADVISORY|EDS|EDITORS)\b\W*)*"
    r"(?P<word>kill(?:ed)?|withdraw(?:n|al)?|correct(?:ion|ed|s)|corrective)\b(?P<rest>.*)",
    re.IGNORECASE,
)
_LEADS_ON = re.compile(r"\s*(?::|[—–-]+|\(|\.\.)\s*(?P<name>.*)")
_SLUG = re.compile(r"\s+\w+(?:[-_./]+\w+)+\W*")
_SENTENCE_END = re.compile(r"[.!?][\"'”’)]*$")


@dataclass(frozen=True, slots=True)
class ReadPublication:
    """Whether an article may be shown, and its text without the lines that say so."""

    publication: Publication
    notice: Notice | None
    text: str


@dataclass(frozen=True, slots=True)
class _Line:
    """What a first line says: a status, or a notice."""

    publication: Publication | None = None
    notice: Notice | None = None
    is_apart: bool = True
    """Whether the line is no part of the article, not even its headline."""

    lines: int = 1
    may_stand_alone: bool = False
    """Whether a notice is an article like others where its story is not here."""


def read_publication(draft: Draft, *, zone: tzinfo | None) -> ReadPublication:
    """Read a draft; moments without a zone are those of `zone`, and unclear without one."""
    found = list(_stated(draft, zone))
    notice = None
    stated = draft.stated
    for line in _first_lines(draft, zone):
        if line.publication:
            found.append(line.publication)
        if line.notice and not (notice or line.may_stand_alone or "status" in stated):
            # Until its story is found, when it is stored.
            found.append(Publication("held", NO_STORY[line.notice.kind]))
        notice = notice or line.notice
    publication = _strictest(found)
    expires = next((p.expires for p in found if p.expires), None)
    return ReadPublication(
        Publication(
            publication.status,
            stated.get("status_reason") or publication.reason,
            publication.until,
            expires,
            stated.get("superseded_by"),
        ),
        notice,
        _without_lines(draft.text, zone),
    )


def is_withheld(stated: Mapping[str, str]) -> bool:
    """Whether a record states that its article is not published, or not yet."""
    draft = Draft(text="", origin="", container="", source="", stated=stated)
    return _strictest(list(_stated(draft, None))).status != "published"


def _strictest(found: list[Publication]) -> Publication:
    for status in _WORST:
        of_status = [one for one in found if one.status == status]
        if of_status:
            return max(of_status, key=lambda one: one.until or "")
    return Publication()


def _stated(draft: Draft, zone: tzinfo | None) -> Iterator[Publication]:
    """Yield what each field of a record makes of its article."""
    stated = draft.stated
    status = _plain(stated.get("status", ""))
    if status:
        yield _of_status(status, draft, zone)
    if _plain(stated.get("draft", "")) not in _NO:
        yield Publication("held", "draft")
    if "is_published" in stated and _plain(stated["is_published"]) in _NO:
        yield Publication("held", "not published yet")
    if (visibility := _plain(stated.get("visibility", ""))) not in _PUBLIC:
        yield Publication("held", visibility)
    if (kind := _plain(stated.get("post_type", ""))) not in _POSTS:
        yield Publication("held", f"a {kind}, not a post")
    if _plain(stated.get("password", "")) not in _NO:
        yield Publication("held", "protected by a password")
    embargo, expires = stated.get("embargo", ""), stated.get("expires", "")
    if _plain(embargo) not in _NO:
        yield _until(embargo, zone)
    if _plain(expires) not in _NO:
        yield _expiring(expires, zone)


def _of_status(status: str, draft: Draft, zone: tzinfo | None) -> Publication:
    for known, names in _STATUSES.items():
        if status in names and known == "embargoed":
            if _plain(draft.stated.get("embargo", "")) not in _NO:
                return Publication()  # the moment is in a field of its own
            if status in ("scheduled", "future") and draft.published_at:
                return _until(draft.published_at, zone)
            return Publication("held", f"{status}, without a moment")
        if status in names:
            return Publication(known, None if known == "published" else f"status “{status}”")
    return Publication("held", status[:100])


def _until(written: str, zone: tzinfo | None) -> Publication:
    moment = read_moment(written, zone)
    if isinstance(moment, Unclear):
        return Publication("held", f"embargoed until “{_short(written)}”, which {moment.reason}")
    return Publication("embargoed", "embargo", until=moment)


def _expiring(written: str, zone: tzinfo | None) -> Publication:
    moment = read_moment(written, zone)
    if isinstance(moment, Unclear):
        return Publication("held", f"expires “{_short(written)}”, which {moment.reason}")
    return Publication(expires=moment)


def _first_lines(draft: Draft, zone: tzinfo | None) -> Iterator[_Line]:
    """Yield what the headline and the first lines say of the article."""
    title = " ".join((draft.title or "").split())
    lines = _lines(draft.text)
    if title and (found := _read_line(title, lines[0] if lines else "", zone, title="")):
        yield found
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else ""
        if found := _read_line(line, following, zone, title=title):
            yield found


def _lines(text: str) -> list[str]:
    every = (line.strip() for line in text[:20_000].splitlines())
    return list(islice((line for line in every if line), _LINES_READ))


def _read_line(line: str, following: str, zone: tzinfo | None, *, title: str) -> _Line | None:
    if len(line) > _LONGEST_LINE_CHARS:
        return None
    return _embargo(line, following, zone) or _held(line) or _notice(line, following, title)


def _embargo(line: str, following: str, zone: tzinfo | None) -> _Line | None:
    match = _EMBARGO.fullmatch(line) or _NOT_BEFORE.fullmatch(line)
    if not match:
        return None
    written = match["rest"]
    lead = _UNTIL.match(written)
    wanted = written[lead.end() :] if lead else written
    for moment_in, lines in ((wanted, 1), (f"{wanted} {following}", 2)):
        moment = read_moment(moment_in, zone) if len(moment_in) < _LONGEST_LINE_CHARS else None
        if isinstance(moment, str):
            return _Line(Publication("embargoed", "embargo", until=moment), lines=lines)
    in_capitals = line[: match.start("rest")].isupper()
    is_alone = not wanted.strip(" .:*—–-")
    says_so = is_alone or written.lstrip()[:1] in ":—–-(*" or _SAYS_UNTIL.match(written)
    if not (says_so and in_capitals) and not _SAYS_UNTIL.match(written) and not is_alone:
        return None
    return _Line(_until(wanted.strip() or "…", zone))


def _held(line: str) -> _Line | None:
    if not _HELD_LINE.fullmatch(line):
        return None
    return _Line(Publication("held", f"“{_short(line)}” stands at its top"))


def _notice(line: str, following: str, title: str) -> _Line | None:
    """Read a notice: its word alone, in capitals, or before a colon or dash, or a slug."""
    match = _NOTICE.fullmatch(line)
    if not match:
        return None
    in_capitals, rest = match["word"].isupper(), match["rest"]
    leads_on = _LEADS_ON.fullmatch(rest)
    if leads_on:
        concerns = leads_on["name"].strip(" .)")
    elif not rest.strip(" .!*") and in_capitals:
        concerns = ""
    elif _SLUG.fullmatch(rest) and in_capitals:
        concerns = rest.strip(" .)")
    else:
        return None
    if not in_capitals and (not rest.lstrip().startswith(":") or _SENTENCE_END.search(line)):
        return None
    kind: NoticeKind = "correction" if match["word"].lower().startswith("correct") else "kill"
    is_headline = bool(concerns) and not _SLUG.fullmatch(f" {concerns}")
    notice = Notice(kind, concerns or title or following)
    return _Line(notice=notice, is_apart=not is_headline, may_stand_alone=not in_capitals)


def _without_lines(text: str, zone: tzinfo | None) -> str:
    """Return the text without the lines at its top that say whether it may be shown."""
    kept: list[str] = []
    every = text.splitlines(keepends=True)
    read = at = 0
    while at < len(every) and read < _LINES_READ:
        line = every[at].strip()
        if not line:
            kept.append(every[at])
            at += 1
            continue
        read += 1
        following = next((other.strip() for other in every[at + 1 : at + 4] if other.strip()), "")
        found = _read_line(line, following, zone, title="")
        if found is None or not found.is_apart:
            kept.append(every[at])
            at += 1
            continue
        at += 1
        if found.lines == 2:
            while at < len(every) and not every[at].strip():
                at += 1
            at += 1
    return "".join([*kept, *every[at:]])


def _plain(written: str) -> str:
    words = " ".join(written.replace("_", " ").replace("-", " ").split()).casefold()
    return words.removeprefix("stat:")


def _short(written: str) -> str:
    line = " ".join(written.split())
    return line if len(line) <= 60 else f"{line[:59]}…"
