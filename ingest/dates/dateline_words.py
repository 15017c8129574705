"""What stands beside a date in a dateline: labels, bylines, names, and marks between them."""

import re

from ingest.dates.calendar import is_weekday

_PUBLISHED = (
    r"(?:first |originally )?(?:published|posted|issued|created|released|filed|dated?)"
    r"(?: date| time)?(?: on| at)?|(?:issue|publication|release|publish) date"
    r"|publié[es]*(?: le)?|(?:veröffentlicht|erstellt)(?: am)?|stand|publicad[oa]s?(?: el| em| a)?"
    r"|pubblicat[oa](?: il)?|(?:gepubliceerd|geplaatst)(?: op| om)?|publicera[dt]s?|publisert"
    r"|offentliggjort|udgivet|julkaistu|opublikowano|data publikacji|dodano|publikováno|vydáno"
    r"|közzétéve|publicat(?: la)?|yayınlanma(?: tarihi)?|yayın tarihi|giriş|опубликовано"
    r"|дата публикации|опубліковано|δημοσίευση|نشر في|تاريخ النشر|פורסם(?: ב)?|发布时间|发布于|日期"
    r"|公開日|投稿日|配信|입력|등록|승인|작성일|diterbitkan|dipublikasikan|terbit|đăng lúc"
    r"|เผยแพร่|प्रकाशित"
)
_UPDATED = (
    r"(?:last )?(?:updated|modified|edited|revised)(?: date| time)?(?: on| at)?"
    r"|mis[es]? à jour(?: le)?|modifié[es]*(?: le)?|aktualisiert(?: am| um)?|bijgewerkt(?: op| om)?"
    r"|actualizad[oa]s?(?: el| a las)?|atualizad[oa]s?(?: em| às)?|aggiornat[oa](?: il| alle)?"
    r"|uppdatera[dt]|oppdatert|opdateret|päivitetty|aktualizacja|aktualizováno|frissítve"
    r"|actualizat(?: la)?|güncell?eme(?: tarihi)?|обновлено|оновлено|ενημέρωση|آخر تحديث|עודכן"
    r"|更新时间|更新于|更新日|更新|수정|최종수정|diperbarui|cập nhật|อัปเดต"
)
LABEL = re.compile(
    rf"(?<!\w)(?:(?P<updated>{_UPDATED})|(?P<published>{_PUBLISHED}))(?!\w)", re.IGNORECASE
)
_NOTICE = re.compile(
    r"(?:\d{1,2}|one|two|three|four|five)[ -]min(?:ute)?s?(?: read)?|(?:for )?immediate release"
    r"|press release|communiqué de presse|pressemitteilung"
    r"|\([^\W\d]{2,12}\)|thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật"
    r"|(?:by|author|autor|source|reporter|来源|來源|记者|作者|文)\s*[:：]",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[|•·;,，、/()\[\]（）=]|[–—]|--+|\.-|(?<!\w)-|-(?!\w)")
_AFTER_NAME = re.compile(r"\w ?[:：]")
"""What a colon follows is a label; if it is none of ours, it may be a headline."""

BY = "by|von|par|por|di|door|av|af|от"
_BY = re.compile(rf"(?:{BY})(?: |$)", re.IGNORECASE)
_ARTICLES = frozenset("le den el il г года р r h uhr".split())
_WITHIN_NAMES = frozenset(
    "of the and de da do dos das del della di du la le el van von der den bin al und et en y i e"
    " og och".split()
)
_WORK = re.compile(
    r"(?:[^\W\d_]{1,20} ){0,3}(?:editor|correspondent|reporter|writer|columnist|staff)",
    re.IGNORECASE,
)
_TELLING = frozenset(
    "the on in at to since from until till after before born died am im ab seit bis zum vom dès"
    " depuis du desde hasta dal fino с со до по".split()
)
"""Where one of these leads to a date, a sentence begins."""

_MOST_WORDS = 4
_MOST_WORDS_IN_ALL = 10
_WIDEST_CASELESS = 16
"""In a script without capitals only its length tells a name from a headline."""


def frames_a_date(text: str) -> bool:
    """Tell whether a text, its dates cut out, is what a dateline has beside them.

    That is labels, bylines, and the names of places, agencies and sections: nothing that tells.
    """
    plain = LABEL.sub("|", _NOTICE.sub("|", text))
    if _AFTER_NAME.search(plain):
        return False
    pieces = [piece for piece in map(_name_in, _BETWEEN.split(plain)) if piece]
    words = sum(len(piece.split()) for piece in pieces)
    return words <= _MOST_WORDS_IN_ALL and all(map(_is_credit, pieces))


def names_something(text: str) -> bool:
    """Tell whether a text has more than labels, weekdays and marks."""
    return any(map(_name_in, _BETWEEN.split(LABEL.sub("|", text))))


def _name_in(piece: str) -> str:
    """Return a piece without the weekday or article that it ends or begins with."""
    words = piece.strip(" .:：\"'*").split()
    while words and _is_small(words[-1]):
        words.pop()
    while words and _is_small(words[0]):
        del words[0]
    return " ".join(words)


def _is_small(word: str) -> bool:
    return word.strip(".").casefold() in _ARTICLES or is_weekday(word)


def _is_credit(piece: str) -> bool:
    if by := _BY.match(piece):
        names = piece[by.end() :].split()
        return len(names) < 2 or all(map(_may_be_in_name, names))
    return _is_name(piece) or _WORK.fullmatch(piece) is not None


def _is_name(piece: str) -> bool:
    words = piece.split()
    telling = piece.casefold() in _TELLING or words[-1] in _WITHIN_NAMES
    if telling or len(words) > _MOST_WORDS or not all(map(_may_be_in_name, words)):
        return False
    cased = any(char.isupper() for char in piece)
    return cased or sum(2 if char > "⺀" else 1 for char in piece) <= _WIDEST_CASELESS


def _may_be_in_name(word: str) -> bool:
    if word in _WITHIN_NAMES:
        return True
    return word[0].isalpha() and not word[0].islower() and not any(map(str.isdigit, word))
