import pytest

from tests.ingest.html.hiding import MARKED, SECRET, is_seen, is_seen_as, left_of

UNREADABLE = """
color:aliceblue
color:linen
color:#f0f0f0
color:rgb(100%,100%,100%)
color:hwb(0 100% 0%)
color:color(srgb 1 1 1)
color:hsl(0 0% 0%/0)
color:rgba(0,0,0,.05)
color:white;background:none
color:white;background:inherit
color:white;background:0 0
color:white;background-image:none
background:navy;color:navy
background:#111;color:#000
background:currentcolor
font-size:3px
font:1px/1px serif
opacity:1e-3
opacity:calc(0)
"""

READABLE = """
color:#ccc
color:yellow
color:rgba(0,0,0,.6)
background:navy;color:white
background:linear-gradient(#000,#222);color:#fff
background:url(a.jpg);color:#fff
background:linear-gradient(90deg,#f00,#00f);background-clip:text;color:transparent
font-size:calc(14px + .2vw)
font-size:max(1px,16px)
font-size:2vmin
font-size:1pc
font:1 1rem a
font-size:var(--none)
opacity:var(--none)
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


OUT_OF_SIGHT = """
position:absolute;inset:-9999px
position:absolute;left:calc(-9999px)
position:absolute;left:-5e3px
position:absolute;left:100vw
position:absolute;left:5000px
position:absolute;right:100%
position:absolute;bottom:200vh
position:fixed;top:100%
position:fixed;bottom:100%
position:relative;left:9999px
margin:0 0 0 -9999px
margin-left:9999px
text-indent:-100vw
translate:-9999px
translate:0 -200vh
transform:translateX(9999px)
transform:translate3d(-9999px,0,0)
transform:scale3d(0,0,0)
scale:0
clip-path:inset(0 100% 0 0)
clip-path:inset(50%)
clip-path:circle(1px)
-webkit-clip-path:inset(100%)
position:absolute;clip:rect(2px,2px,2px,2px)
height:0;overflow:auto
max-width:0;overflow:clip
display:table-column
"""

IN_SIGHT = """
margin:0 -15px
margin-left:calc(50% - 50vw)
margin-top:-1000px;padding-top:1000px
margin-bottom:-9999px;padding-bottom:9999px
position:absolute;top:8000px
position:relative;bottom:-900px
position:relative;left:-50vw;margin-left:50%
transform:translate(-50%,-50%)
transform:rotate(90deg)
transform:scale(.95)
clip-path:inset(0 round 8px)
clip-path:circle(50%)
position:absolute;clip:auto
height:0
height:0;min-height:100vh;overflow:hidden
height:0;padding-bottom:56%;overflow:hidden
width:0;min-width:100%;overflow:hidden
width:0;flex:1;overflow:hidden
max-height:none;overflow:hidden
display:none;display:block
"""


@pytest.mark.parametrize("style", OUT_OF_SIGHT.split("\n")[1:-1])
def test_what_is_moved_cut_or_shrunk_away_is_hidden(style: str) -> None:
    assert not is_seen_as(style)


@pytest.mark.parametrize("style", IN_SIGHT.split("\n")[1:-1])
def test_ways_to_lay_out_a_page_hide_nothing(style: str) -> None:
    assert is_seen_as(style)
