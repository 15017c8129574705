import pytest

from tests.ingest.html.hiding import MARKED, SECRET, is_seen, is_seen_as, left_of

UNREADABLE = """
color:aliceblue
color:linen
color:canvas
color:#f0f0f0
color:rgb(100%,100%,100%)
color:hwb(0 100% 0%)
color:lab(100% 0 0)
color:lch(100% 0 0)
color:oklch(1 0 0)
color:color(srgb 1 1 1)
color:color(xyz-d50 .9642 1 .8252)
color:color-mix(in srgb, white 95%, black)
color:rgb(from white r g b)
color:light-dark(white,black)
color:hsl(0 0% 0%/0)
color:rgba(0,0,0,.05)
color:white;background:none
color:white;background:inherit
color:white;background:0 0
color:white;background:url() white
color:white;background-image:none
color:white;background-image:url('data:,')
color:white;background:#fff url(x.png)
background:navy;color:navy
background:#111;color:#000
background:currentcolor
background:linear-gradient(#fff,#fff);color:#fff
-webkit-text-fill-color:transparent
-webkit-text-fill-color:#fff;color:#000
font-size:calc(1px * 0)
font-size:min(0px,1em)
font-size:3px
font:1px/1px serif
zoom:.01
letter-spacing:-1em
opacity:1e-3
opacity:calc(0)
filter:opacity(.01)
filter:blur(50px)
"""

READABLE = """
color:#ccc
color:yellow
color:rgba(0,0,0,.6)
background:navy;color:white
background:linear-gradient(#000,#222);color:#fff
background:url(a.jpg);color:#fff
background:linear-gradient(90deg,#f00,#00f);background-clip:text;color:transparent
filter:opacity(.9)
font-size:calc(14px + .2vw)
font-size:max(1px,16px)
font-size:2vmin
font-size:1pc
font:1 1rem a
font-size:var(--none)
opacity:var(--none)
letter-spacing:-.05em
"""


@pytest.mark.parametrize("style", UNREADABLE.split("\n")[1:-1])
def test_a_text_no_eye_makes_out_is_hidden(style: str) -> None:
    assert not is_seen_as(style)


@pytest.mark.parametrize("style", READABLE.split("\n")[1:-1])
def test_a_text_that_can_be_read_is_left(style: str) -> None:
    assert is_seen_as(style)


@pytest.mark.parametrize(
    "body",
    [
        "<div style='color:white'><p style='color:inherit'>{}</p></div>",
        "<div style='color:white'><p style='color:currentcolor'>{}</p></div>",
        "<div style='visibility:hidden'><p style='visibility:unset'>{}</p></div>",
        "<div style='font-size:0'><p style='font-size:200%'>{}</p></div>",
        "<div style='opacity:.2'><p style='opacity:.2'>{}</p></div>",
        "<font color=FFFFFF>{}</font>",
        "<div style='visibility:hidden'><font color='red;visibility:visible'>{}</font></div>",
        "<table><tr><td bgcolor=#000 style='color:#000'>{}</td></tr></table>",
    ],
)
def test_an_unreadable_text_stays_so_where_it_only_inherits(body: str) -> None:
    assert SECRET not in left_of(f"<p>Before.</p>{body.replace('{}', SECRET)}")


@pytest.mark.parametrize(
    "body",
    [
        "<table><tr><td bgcolor=black><p style='color:white'>{}</p></td></tr></table>",
        "<div style='background:#000'><p style='background:rgba(255,255,255,.1);color:#fff'>{}</p>",
    ],
)
def test_a_pale_text_on_a_dark_ground_is_left(body: str) -> None:
    assert SECRET in left_of(f"<p>Before.</p>{body.replace('{}', SECRET)}")


def test_the_ground_of_the_page_itself_counts() -> None:
    assert not is_seen(":root{background:#123;color:#fff}.x{color:#123}")
    assert is_seen("body{background:#123}.x{color:#fff}", MARKED)
