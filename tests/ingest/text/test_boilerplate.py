import pytest

from ingest.text.boilerplate import cut_boilerplate, why_not_story

STORY = [
    "The minister resigned on Monday after a long crisis, officials in the capital said.",
    "His deputy, who has been in parliament since 2011, takes over until a vote is held.",
    "The opposition called for an election; the president said that there would be none.",
]
HEADLINES = ["Floods close schools in the north", "Will the vote be held in May?"]


@pytest.mark.parametrize(
    ("paragraph", "reason"),
    [
        ("Stay tuned to our channel for the latest news!", "promotion"),
        ("Subscribe to the Daily Brief, our morning newsletter.", "promotion"),
        ("Please follow us on Facebook and Twitter", "promotion"),
        ("Follow @example on X for breaking news", "promotion"),
        ("Click here to read the full story", "promotion"),
        ("For all the latest World News, download our app", "promotion"),
        ("Got a news tip? Email us at tips@example.com", "promotion"),
        ("If you enjoyed this story, share it with your friends on Facebook", "promotion"),
        ("If you enjoyed it, please consider supporting our work.", "promotion"),
        ("Watch the full report in the video player above.", "promotion"),
        ("ALSO: Floods close schools in the north", "pointer to other stories"),
        ("Read more: Floods close schools in the north", "pointer to other stories"),
        ("Related stories", "pointer to other stories"),
        ("You may also like", "pointer to other stories"),
        ("Lesen Sie auch: Hochwasser im Norden", "pointer to other stories"),
        ("Share this article", "share bar"),
        ("Facebook Twitter WhatsApp Email", "share bar"),
        ("© 2021 Example Press. All rights reserved.", "copyright line"),
        ("ADVERTISEMENT", "notice of the page"),
        ("Story continues below advertisement", "notice of the page"),
        ("This story has been updated with additional information.", "notice of the page"),
        ("This live blog is now closed.", "notice of the page"),
        ("Follow BBC Leeds on Facebook, X (formerly Twitter) and Instagram.", "promotion"),
        ("Your support makes our journalism possible. Please consider a donation.", "promotion"),
        ("Do you have a story for us? Email newsdesk@herald.example", "promotion"),
        ("Do you know more? Get in touch in confidence.", "promotion"),
        ("Join the conversation in the comments.", "promotion"),
        ("Leave a reply", "promotion"),
        ("READ MORE – Floods close schools in the north", "pointer to other stories"),
        ("Most popular on Herald.example", "pointer to other stories"),
        ("Tags: libraries, budget, council", "pointer to other stories"),
        ("Subscribe to continue reading", "notice of the page"),
        ("Already a subscriber? Log in", "notice of the page"),
        ("Story continues", "notice of the page"),
        ("View comments (14)", "notice of the page"),
        ("Back to top", "notice of the page"),
        ("Photo: Reuters", "notice of the page"),
        ("(Reporting by Jane Doe in Leeds; Editing by John Roe)", "notice of the page"),
        ("By signing up, you agree to our terms of use and privacy policy.", "notice of the page"),
    ],
)
def test_what_a_page_adds_is_recognised(paragraph: str, reason: str) -> None:
    assert why_not_story(paragraph) == reason


@pytest.mark.parametrize(
    "paragraph",
    [
        "Publicité",
        "Tous droits réservés.",
        "Lire aussi : Le budget adopté en commission",
        "Abonnez-vous à notre newsletter pour recevoir l’actualité chaque matin.",
        "Anzeige",
        "Alle Rechte vorbehalten.",
        "Folgen Sie uns auf Facebook und Instagram.",
        "Wir verwenden Cookies, um Ihr Erlebnis zu verbessern.",
        "Compartir en Facebook",
        "SÍGUENOS EN FACEBOOK Y TWITTER",
        "Leia também: Orçamento aprovado",
        "Condividi su Facebook",
        "Schrijf je in voor onze nieuwsbrief",
        "Läs mer: Budgeten antagen",
        "Bizi Facebook’ta takip edin",
    ],
)
def test_what_a_page_adds_is_recognised_in_other_languages(paragraph: str) -> None:
    assert why_not_story(paragraph)


@pytest.mark.parametrize(
    "paragraph",
    [
        "Suivez-nous, a lancé le guide aux touristes restés sur le quai.",
        "Publicité mensongère : le tribunal condamne la marque",
        "Partager le pouvoir, voilà ce que le parti refuse.",
        "À lire : Le Roman de la mer, aux éditions du Nord",
        "Folgen Sie uns, sagten die Beamten zu den Reportern von Facebook.",
        "Anzeige erstattete die Frau erst im Mai.",
        "Recibe amenazas en redes sociales tras votar contra la ley.",
        "Compartir piso ya cuesta 500 euros en Madrid.",
        "Lees meer boeken, zegt de minister.",
        "Läs mer böcker, säger ministern.",
    ],
)
def test_story_that_sounds_so_in_other_languages_is_left(paragraph: str) -> None:
    assert why_not_story(paragraph) == ""


@pytest.mark.parametrize(
    ("paragraph", "reason"),
    [
        (
            "We use cookies and other technologies to improve your experience on our site, to show "
            "you content and ads of your choice, and to learn where our audience is coming from. "
            "To find out more, please read our Cookie Policy.",
            "notice of the page",
        ),
        (
            "Copyright 2024 Example Press. All rights reserved. This material may not be used, "
            "broadcast, rewritten, or redistributed without permission. Our company is registered "
            "in England and Wales, company number 0123456, at 1 High Street.",
            "copyright line",
        ),
        (
            "Sign up for The Morning newsletter. Our morning briefing breaks down the key stories "
            "of the day, telling you what’s happening and why it matters. Privacy Notice: "
            "Newsletters may contain content that is paid for by outside parties.",
            "promotion",
        ),
        ("Sign up for our newsletter. " + " ".join(STORY[:2]), ""),
        ("Copyright 2024 Example Press. All rights reserved. " + " ".join(STORY[:2]), ""),
    ],
    ids=["cookies", "copyright", "newsletter", "newsletter and story", "copyright and story"],
)
def test_long_paragraph_is_cut_only_if_all_of_it_is_for_readers(
    paragraph: str, reason: str
) -> None:
    assert why_not_story(paragraph) == reason


@pytest.mark.parametrize(
    "paragraph",
    [
        "“Share this article.”",
        "« Suivez-nous sur Facebook ! »",
        "Follow us on Twitter. The council votes on the plan today.",
        "Follow the money, he said.",
        "Join us, the rebels said, or die.",
        "“Follow us,” the soldiers ordered.",
        "Read my lips: no new taxes.",
        "Share prices fell sharply on Friday.",
        "Facebook and Twitter fell 3% each.",
        "Like Facebook, Twitter has cut jobs.",
        "Related charges were dropped on Monday.",
        "Copyright law was changed in 2021.",
        "Send us weapons, president urges",
        "Stay home, minister urges on Facebook",
        "Watch what we do, not what we say to us.",
        "For the people of the north, the war is not over.",
        "More on the economy: output rose 2%.",
        "Like our parents, we love stories.",
        "Like others before him, he posted it on Facebook.",
        "Support for independent journalism fell to its lowest level.",
        "Share buttons on Facebook help spread lies.",
        "This article has been updated to correct the number of the dead: it is 12, not 21.",
        "This story is developing into a crisis.",
        "This article may not be popular, but it is true.",
        "Tap the three dots at the top right and choose “Block”.",
        "Sign in to the online service with your National Insurance number.",
        "Click on the link and the malware, which posed as a parcel notice, empties the account.",
        "Visit https://www.nhs.example/vaccines to book, or call 119.",
        "Download the NHS app and turn on notifications",
        "Send your application to the passport office at renewals@passport.example.",
        "Check out the latest rates before you fix your mortgage.",
        "Sign up for the scheme, which began on Monday, has been slower than ministers hoped.",
        "Contact us at any time, the note on the door read.",
        "Check out our village before it drowns, the sign at the edge of Holme reads.",
        "Visit our website and you might never know that the firm had gone bust in May.",
        "If you see our dog, call us on 0113 496 0000, the poster on every lamp post reads.",
        "Stay informed: flood warnings are on the agency’s map and on local radio.",
        "No comment.",
        "0 comments were left on the council’s page in its first week.",
        "We use cookies to bribe the dog, he laughed.",
        "We use cookies to improve our dough, the baker says.",
        "Copyright 2021 was the year’s most fought-over law.",
        "All rights reserved for the crown in the charter of 1215 were given up.",
        "X and Facebook",
        "Watch: police dog Rex retires after nine years",
        "In case you missed it: the sun shone on Thursday",
        "More from the budget: fuel duty frozen, beer up 2p",
    ],
)
def test_story_that_sounds_like_a_promotion_is_left(paragraph: str) -> None:
    assert why_not_story(paragraph) == ""


@pytest.mark.parametrize(
    "repeated",
    "Do you drive? |please and also |for the north, |if you do, |for more |share 1 x |follow @"
    "|read the full story |to us on |A, |see ".split("|"),
)
def test_text_that_fits_a_rule_again_and_again_is_judged_at_once(repeated: str) -> None:
    paragraph = (repeated * 360)[:360] + "The forms ask it all, each year."
    assert why_not_story(paragraph) in ("", "promotion")


def removed_from(paragraphs: list[str]) -> list[str]:
    kept, removed = cut_boilerplate(paragraphs)
    cut = [piece.text for piece in removed]
    assert kept == [paragraph for paragraph in paragraphs if paragraph not in cut]
    return cut


def test_headlines_behind_a_promotion_at_the_end_go_with_it() -> None:
    assert removed_from([*STORY, "Follow us on Twitter", *HEADLINES]) == [
        "Follow us on Twitter",
        *HEADLINES,
    ]


def test_headline_that_begins_as_prose_goes_among_others() -> None:
    behind = ["Read more", HEADLINES[0], "The book that an empire feared", HEADLINES[1]]
    long_story = STORY * 2
    assert removed_from([*long_story, *behind]) == behind


@pytest.mark.parametrize("added", ["ADVERTISEMENT", "Share this article", "View comments (14)"])
def test_headlines_behind_an_advertisement_stay(added: str) -> None:
    assert removed_from([*STORY, added, *HEADLINES]) == [added]


@pytest.mark.parametrize(
    "ending",
    [
        ["“It’s a disgrace!”", "“What are we supposed to do now?”"],
        ["Leeds 2-1 Hull", "Manchester United 2-1 Leeds United"],
        ["– Harehills closes on 3 March", "– Beeston closes on 10 March"],
        ["The books are shut, the doors are barred", "And I am left to read the yard"],
        ["Margaret Hale, Leeds"],
        ["The council will meet again on 3 March to decide on the two that remain"],
        ["Q: And what if they close the school?", "A: Then I go home and stay there"],
        ["„Wir haben das alles schon vor Jahren gesagt.“"],
        ["「これ以上は待てない。」"],
        ["اجلاس منگل کو دوبارہ ہوگا۔"],
    ],
)
@pytest.mark.parametrize("added", ["Follow us on Twitter", "Read more: Floods", "ADVERTISEMENT"])
def test_story_that_ends_without_a_full_stop_stays(ending: list[str], added: str) -> None:
    assert removed_from([*STORY, added, *ending]) == [added]


def test_story_behind_a_promotion_stays() -> None:
    assert removed_from([STORY[0], "Read more: Floods", "A subheading", *STORY[1:]]) == [
        "Read more: Floods"
    ]


def test_short_lines_at_the_end_stay_without_a_promotion_before_them() -> None:
    assert removed_from([*STORY, *HEADLINES]) == []


def test_headlines_that_would_be_much_of_the_text_stay() -> None:
    assert removed_from([STORY[0], "Follow us on Twitter", *HEADLINES, *HEADLINES]) == [
        "Follow us on Twitter"
    ]


def test_lines_of_a_text_without_full_stops_stay() -> None:
    lines = [paragraph.rstrip(".") for paragraph in STORY]
    assert removed_from([*lines, "Follow us on Twitter", *HEADLINES]) == ["Follow us on Twitter"]


def test_promotion_at_the_end_of_the_last_paragraph_is_cut_off_it() -> None:
    last = f"{STORY[2]} Stay tuned for more updates! {HEADLINES[0]}"
    kept, removed = cut_boilerplate([*STORY[:2], last])
    assert kept == STORY
    assert [cut.text for cut in removed] == [f"Stay tuned for more updates! {HEADLINES[0]}"]


@pytest.mark.parametrize(
    "end",
    [
        "Share prices fell. Facebook and Twitter",
        "He had one message for voters. Get in touch with your anger",
        "She had one word for her children. Share.",
    ],
)
def test_last_sentence_of_a_story_is_not_cut_off(end: str) -> None:
    paragraphs = [*STORY[:2], f"{STORY[2]} {end}"]
    assert cut_boilerplate(paragraphs) == (paragraphs, [])


def test_text_that_is_nothing_but_a_promotion_stays() -> None:
    assert removed_from(["Subscribe to our newsletter"]) == []
