import pytest

from tests.ingest.html.hiding import is_seen_as

OUT_OF_SIGHT = """
position:absolute;inset:-9999px
position:absolute;inset-inline-start:-9999px
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
margin-inline-start:-9999px
margin-left:9999px
text-indent:-100vw
translate:-9999px
translate:0 -200vh
transform:translateX(9999px)
transform:translate3d(-9999px,0,0)
transform:matrix(0,0,0,0,0,0)
transform:scale3d(0,0,0)
transform:rotateY(90deg)
rotate:x 90deg
scale:0
clip-path:inset(0 100% 0 0)
clip-path:inset(50%)
clip-path:polygon(0 0,0 0,0 0)
clip-path:circle(1px)
clip-path:ellipse(0 0)
clip-path:xywh(0 0 0 0)
-webkit-clip-path:inset(100%)
position:absolute;clip:rect(2px,2px,2px,2px)
mask-image:linear-gradient(transparent,transparent)
height:0;overflow:auto
block-size:0;overflow:hidden
height:0;contain:strict
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
transform:matrix(1,0,0,1,0,0)
transform:matrix(0,1,-1,0,0,0)
transform:scale(.95)
clip-path:inset(0 round 8px)
clip-path:circle(50%)
clip-path:polygon(0 0,100% 0,100% 100%)
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
