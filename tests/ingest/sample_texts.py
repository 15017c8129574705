"""Made-up texts: of any characters, and of what sentence, date and promotion rules look at."""

from hypothesis import strategies as st

_PIECES = [
    *("The", "minister", "said", "U.S.", "Mr.", "p.m.", "No.", "5", "1.", "half-", "By", "Jane"),
    *("Dec 3, 2021:", "3 December 2021", "Dec. 3", "2021", "Updated", "|", "-", "•"),
    *("“", "”", '"', "''", "``", "'", "(", ")", ".", "...", "…", "!", "?", ",", ";", ":"),
    *("\n", "\n\n", "\r\n", "\t", " ", "  ", "\xa0", "\u2028"),
    *("Follow us on Twitter", "Subscribe to our newsletter", "Share", "Read more:", "Stay tuned!"),
    *("A headline without end", "word " * 40, "x" * 700, "美国" * 200),
    *(
        "。",
        "「",
        "」",
        "？",
        "؟",
        "العربية",
        "ประเทศไทย " * 12,
        "😀",
        "👩\u200d💻",
        "é",
        "e\u0301",
    ),
    *("\u200b", "\u200d", "\ufe0f", "\u202e", "\U000e0041", "\ud800", "\0", "\x1b[31m"),
]

TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(_PIECES), max_size=30).map("".join),
    st.lists(st.sampled_from(_PIECES), max_size=30).map(" ".join),
    st.lists(st.sampled_from(_PIECES), max_size=20).map("\n".join),
)
