"""The pictures of cards in docs/ are made small, and look as before."""

from __future__ import annotations

import base64

import pytest

pytest.importorskip(
    "playwright.sync_api", reason="NO PICTURE WAS MADE SMALL: pip install playwright"
)

from playwright.sync_api import Browser, Page

from small_png import shrink

PIXEL = """async ([content, x, y]) => {
  const answer = await fetch(`data:image/png;base64,${content}`);
  const bitmap = await createImageBitmap(await answer.blob());
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
  context.drawImage(bitmap, 0, 0);
  return [bitmap.width, bitmap.height, ...context.getImageData(x, y, 1, 1).data];
}"""


def pixel(page: Page, content: bytes, x: int, y: int) -> list[int]:
    """The size of a picture, and the channels of one of its pixels."""
    return list(page.evaluate(PIXEL, [base64.b64encode(content).decode(), x, y]))


def test_size_frequent_colours_and_transparency_stay_and_the_bytes_get_fewer(
    browser: Browser,
) -> None:
    page = browser.new_page(viewport={"width": 300, "height": 200})
    words = " ".join(
        f'<b style="color: hsl({hue}, 90%, 40%)">{hue}</b>' for hue in range(0, 360, 5)
    )
    page.set_content(
        f'<body style="margin: 0"><div style="background: #f4f5f7; width: 200px; height: '
        f'200px">{words}</div>'
    )
    content = page.screenshot(omit_background=True)
    small = shrink(page, content)
    assert len(small) < len(content)
    for x, y, channels in ((199, 199, [0xF4, 0xF5, 0xF7, 255]), (299, 199, [0, 0, 0, 0])):
        assert pixel(page, small, x, y) == pixel(page, content, x, y) == [300, 200, *channels]
    page.close()
