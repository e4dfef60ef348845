"""A picture and a sentence of one's own, as a visitor brings them; colour pictures through time."""

import io
import struct
import zlib
from contextlib import closing

import numpy as np
import pytest
from PIL import Image

from core.picture import unpack
from core.udm.forward import LONGEST
from tests.browser.visitor import FLAGS, chromium

FORWARD, PLANE = "udm_forward", "udm_plane"
RED, BLUE = (200, 20, 20), (20, 20, 200)


def file(image: Image.Image, kind: str, **more) -> bytes:
    held = io.BytesIO()
    image.save(held, kind, **more)
    return held.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def vast() -> bytes:
    """A valid black PNG of 30 000 x 30 000 points in about 110 kB."""
    side = 30_000
    rows = zlib.compress(bytes(side * (1 + side // 8)), 9)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def heads() -> dict[str, bytes]:
    """How files of 30 000 x 30 000 points (16 000 for the WebP kinds that end there) begin; nothing of the rest is there."""
    side, rest = 30_000, bytes(64)
    start = file(Image.new("RGB", (8, 8)), "JPEG")
    at = start.index(b"\xff\xc0") + 5
    webp = b"RIFF\0\0\0\0WEBP"
    return {
        "jpeg": start[:at] + struct.pack(">HH", side, side) + start[at + 4 :],
        "gif": b"GIF89a" + struct.pack("<HH", side, side) + rest,
        "bmp": b"BM" + bytes(16) + struct.pack("<ii", side, -side) + rest,
        "webp": webp + b"VP8X" + bytes(8) + (side - 1).to_bytes(3, "little") * 2 + rest,
        "webp, lossless": webp + b"VP8L" + bytes(5) + (15_999 | 15_999 << 14).to_bytes(4, "little") + rest,
        "webp, plain": webp + b"VP8 " + bytes(10) + struct.pack("<HH", 16_000, 16_000) + rest,
    }


def bring(visitor, name: str, kind: str, body: bytes) -> None:
    place = visitor.page.locator(f"#{FORWARD} .photo input[type=file]")
    place.set_input_files({"name": name, "mimeType": kind, "buffer": body})


def changed(visitor, before: str) -> np.ndarray:
    """The picture that the page computes with, once it is another one."""
    visitor.page.wait_for_function(
        "([place, old]) => ![undefined, old].includes(JSON.parse(document.querySelector(place).dataset.tag).own_picture)",
        arg=[f"#{FORWARD} .report", before],
    )
    return unpack(visitor.tag(f"#{FORWARD} .report")["own_picture"]).astype(int)


@pytest.fixture
def own(visitor) -> str:
    """At the page with a picture of one's own; its letters."""
    visitor.arrive(f"?experiment={FORWARD}&picture=own", f"#{FORWARD} .report")
    visitor.sees(f"#{FORWARD} .report", picture="own")
    visitor.page.locator(f"#{FORWARD} .photo canvas:visible").wait_for()
    return visitor.tag(f"#{FORWARD} .report")["own_picture"]


def test_a_photo_is_made_small_in_the_browser_and_dissolves(visitor, own):
    """Left half red, right half blue, wide: the middle square is taken."""
    photo = Image.new("RGB", (900, 600), RED)
    photo.paste(BLUE, (450, 0, 900, 600))
    bring(visitor, "photo.jpg", "image/jpeg", file(photo, "JPEG", quality=95))
    points = changed(visitor, own)
    assert np.abs(points[:, :28] - RED).mean() < 12 and np.abs(points[:, 36:] - BLUE).mean() < 12
    visitor.sees(f"#{FORWARD} .dissolve canvas", picture="own")
    link = visitor.page.locator(f"#{FORWARD} .handouts .link")
    link.click()
    area = visitor.page.locator(f"#{FORWARD} .parcel textarea")
    area.wait_for()
    assert len(area.input_value()) < 8000


@pytest.mark.parametrize(
    ("name", "kind", "body", "colour"),
    [
        ("one.png", "image/png", file(Image.new("RGB", (1, 1), RED), "PNG"), RED),
        ("clear.png", "image/png", file(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"), (255, 255, 255)),
        (
            "moving.gif",
            "image/gif",
            file(Image.new("RGB", (40, 40), RED), "GIF", save_all=True, append_images=[Image.new("RGB", (40, 40), BLUE)]),
            RED,
        ),
        ("long.png", "image/png", file(Image.new("RGB", (4000, 3), BLUE), "PNG"), BLUE),
    ],
    ids=["one pixel", "transparent", "animated", "a line"],
)
def test_odd_pictures_are_pictures(visitor, own, name, kind, body, colour):
    bring(visitor, name, kind, body)
    assert np.abs(changed(visitor, own) - colour).mean() < 8
    assert not visitor.page.locator(f"#{FORWARD} .photo .fault").is_visible()


@pytest.mark.parametrize(
    ("name", "kind", "body", "said"),
    [
        ("words.txt", "text/plain", b"not a picture", "not a picture that this browser can read"),
        ("words.png", "image/png", b"not a picture", "not a picture that this browser can read"),
        ("cut.png", "image/png", file(Image.new("RGB", (90, 90), RED), "PNG")[:60], "not a picture that this browser can read"),
        ("vast.png", "image/png", vast(), "more than 64 million points"),
    ],
    ids=["text", "another file", "corrupt", "30000 x 30000"],
)
def test_what_cannot_be_shown_is_answered_in_words(visitor, own, name, kind, body, said):
    bring(visitor, name, kind, body)
    visitor.page.locator(f"#{FORWARD} .photo .fault", has_text=said).wait_for()
    assert visitor.tag(f"#{FORWARD} .report")["own_picture"] == own


def test_vast_pictures_of_every_kind_are_refused_by_their_heads(visitor, own):
    for name, body in heads().items():
        bring(visitor, name, f"image/{name.split(',')[0]}", body)
        visitor.page.locator(f"#{FORWARD} .photo .fault", has_text="more than 64 million points").wait_for()
        bring(visitor, "words.txt", "text/plain", b"not a picture")
        visitor.page.locator(f"#{FORWARD} .photo .fault", has_text="not a picture").wait_for()


def test_a_picture_can_be_drawn_and_taken_back(visitor, own):
    visitor.page.locator(f"#{FORWARD} .photo button[data-key=clear]").click()
    white = changed(visitor, own)
    assert white.min() > 250
    letters = visitor.tag(f"#{FORWARD} .report")["own_picture"]
    box = visitor.grip(visitor.page.locator(f"#{FORWARD} .photo canvas"), (40, 100))
    visitor.page.mouse.move(box["x"] + 160, box["y"] + 100, steps=6)
    visitor.page.mouse.up()
    drawn = changed(visitor, letters)
    assert drawn[31:34, 20:45].mean() < 180 < drawn[5, 5].mean()
    visitor.page.locator(f"#{FORWARD} .photo button[data-key=back]").click()
    visitor.sees(f"#{FORWARD} .report", own_picture=own)


def test_without_a_camera_there_is_a_sentence(visitor, own):
    visitor.page.locator(f"#{FORWARD} .photo button[data-key=camera]").click()
    visitor.page.locator(f"#{FORWARD} .photo .fault", has_text="gives no camera").wait_for()


def test_a_camera_gives_the_picture(browser, address):
    """Chromium's own test picture stands for a face."""
    fake = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    with closing(browser.browser_type.launch(executable_path=chromium(), args=[*FLAGS, *fake])) as seeing:
        page = seeing.new_page(locale="en-GB")
        page.goto(f"{address}?experiment={FORWARD}&picture=own")
        page.wait_for_selector(f"#{FORWARD} .report[data-tag*='\"own\"']", state="attached")
        before = page.locator(f"#{FORWARD} .report").get_attribute("data-tag")
        button = page.locator(f"#{FORWARD} .photo button[data-key=camera]")
        button.click()
        page.wait_for_function(f"document.querySelector('#{FORWARD} .photo video').videoWidth > 0")
        button.click()
        page.wait_for_function(
            "([place, before]) => { const now = JSON.parse(document.querySelector(place).dataset.tag);"
            " return now.picture === 'own' && now.own_picture !== JSON.parse(before).own_picture; }",
            arg=[f"#{FORWARD} .report", before],
        )


def test_a_sentence_is_edited_and_a_wrong_one_answered_in_words(visitor):
    visitor.arrive(f"?experiment={FORWARD}&t=0.5", f"#{FORWARD} .report")
    visitor.sees(f"#{FORWARD} .report", t=0.5)
    place = visitor.control(FORWARD, "sentence").locator("textarea, input").first
    place.fill("白日依山尽👨‍👩‍👧‍👦")
    visitor.sees(f"#{FORWARD} .lines", sentence="白日依山尽👨‍👩‍👧‍👦")
    assert visitor.page.locator(f"#{FORWARD} .lines .hole").all_inner_texts() != []
    assert sum(map(len, visitor.page.locator(f"#{FORWARD} .lines .hole").all_inner_texts())) == 3  # of six characters
    for wrong, said in (("", "write at least one character"), ("x" * 10_000, f"at most {LONGEST} characters")):
        place.fill(wrong)
        visitor.page.locator(f"#{FORWARD} .report .fault", has_text=said).wait_for()
    place.fill("@t <b>")
    visitor.sees(f"#{FORWARD} .lines", sentence="@t <b>")
    assert visitor.page.locator(f"#{FORWARD} .lines p").first.inner_text() == "@t <b>"


def test_the_twins_dissolve_through_time(visitor):
    visitor.arrive(f"?experiment={FORWARD}", f"#{FORWARD} .report")
    canvas, player = f"#{FORWARD} .twins canvas", visitor.page.locator(f"#{FORWARD} .twins .player")
    visitor.sees(canvas, picture="flower")
    part = "place => [...document.querySelector(place).getContext('2d').getImageData(20, 20, 60, 60).data]"
    player.locator("input").fill("0")
    start = np.array(visitor.page.evaluate(part, canvas)).reshape(-1, 4)
    player.locator("input").fill("8")
    end = np.array(visitor.page.evaluate(part, canvas)).reshape(-1, 4)
    assert start[:, :3].std(0).max() > 20 and end[:, :3].std(0).max() < 3


def test_a_rule_heals_the_means(visitor):
    visitor.arrive(f"?experiment={PLANE}", f"#{PLANE} .report")
    visitor.page.locator(f"#{PLANE}").get_by_role("button", name="DDIM", exact=True).click()
    visitor.sees(f"#{PLANE} .report", rule="invertible")
    visitor.sees(f"#{PLANE} .stage canvas", rule="invertible")
    visitor.choose(PLANE, "rule", "Partial: share s of new noise")
    visitor.page.locator(f"#{PLANE}-fresh:visible").wait_for()
    visitor.sees(f"#{PLANE} .report", rule="partial", fresh=0.5)


@pytest.mark.parametrize("visitor", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_a_phone_scrolls_one_way(visitor):
    visitor.arrive(f"?experiment={FORWARD}&picture=own&sentence={'W' * LONGEST}", f"#{FORWARD} .report")
    visitor.sees(f"#{FORWARD} .lines", picture="own")
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("visitor", [{"timezone_id": "Etc/GMT+2"}], indirect=True)  # a process of its own is counted
def test_nothing_grows_over_identical_updates(visitor):
    """Pictures arrive as new files and sentences as new elements; the old ones must go."""
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("Performance.enable")
    visitor.arrive(f"?experiment={FORWARD}&t=0.5&seed=1", f"#{FORWARD} .report")

    def nodes(updates: int) -> int:
        for i in range(updates):
            visitor.press("ArrowRight" if i % 2 else "ArrowLeft", FORWARD, "t")
            visitor.sees(f"#{FORWARD} .dissolve canvas", t=0.5 if i % 2 else 0.49)
        visitor.sees(f"#{FORWARD} .spectrum .plot", t=0.5)
        session.send("HeapProfiler.collectGarbage")
        return next(m["value"] for m in session.send("Performance.getMetrics")["metrics"] if m["name"] == "Nodes")

    before = nodes(10)
    assert nodes(40) <= 1.01 * before + 20
