"""As a Space is shown: inside a frame of another origin, with storage and clipboard denied."""

from playwright.sync_api import Page

from tests.browser.frames import DENY, framed


def test_it_works_in_a_foreign_frame_without_storage_or_clipboard(browser, address, tmp_path):
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 2100})
    context.add_init_script(DENY)
    page, broken = context.new_page(), []
    page.on("pageerror", lambda error: broken.append(str(error)))
    with framed(f"{address}?experiment=guidance_plane", tmp_path) as frame:
        page.goto(frame)
        used(page)
    context.close()
    assert not broken


def used(page: Page) -> None:
    """A slider, a link, the language."""
    inside = page.frame_locator("iframe")
    inside.locator("#guidance_plane canvas[data-tag]").wait_for(timeout=30_000)
    inside.locator("#guidance_plane-gamma input[type=range]").press("ArrowRight")
    inside.locator("#guidance_plane .report[data-tag*='\"gamma\":4.1']").wait_for(state="attached", timeout=30_000)
    inside.locator("#guidance_plane .handouts .link").click()
    inside.locator("#guidance_plane .parcel textarea").wait_for()
    inside.get_by_text("中文").click()
    inside.get_by_role("tab", name="条件引导").wait_for()
