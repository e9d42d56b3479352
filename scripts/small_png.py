"""Pictures of cards as small PNGs: a palette of their most frequent colours, which takes a third of
the bytes.

Text on a plain ground has some hundred shades, of which nearly all are seldom; a seldom one becomes
the nearest frequent one.
"""

from __future__ import annotations

import base64
import struct
import zlib

from playwright.sync_api import Page

# Chromium decodes its own picture: the palette as [red, green, blue, alpha] each, and a byte for
# every pixel.
_PALETTE = """async (content) => {
  const file = await fetch(`data:image/png;base64,${content}`);
  const bitmap = await createImageBitmap(await file.blob());
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const bytes = context.getImageData(0, 0, bitmap.width, bitmap.height).data;
  const pixels = new Uint32Array(bytes.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const channels = (pixel) => [0, 8, 16, 24].map((shift) => (pixel >>> shift) & 255);
  const byCount = (a, b) => counts.get(b) - counts.get(a) || a - b;
  const frequent = [...counts.keys()].sort(byCount).slice(0, 256).map(channels);
  const distance = (one, other) =>
    one.reduce((all, value, index) => all + (value - other[index]) ** 2, 0);
  const nearest = new Map();
  for (const pixel of counts.keys()) {
    const distances = frequent.map((each) => distance(each, channels(pixel)));
    nearest.set(pixel, distances.indexOf(Math.min(...distances)));
  }
  let indices = "";
  for (const pixel of pixels) indices += String.fromCharCode(nearest.get(pixel));
  return { width: bitmap.width, height: bitmap.height, palette: frequent, indices: btoa(indices) };
}"""


def shrink(page: Page, content: bytes) -> bytes:
    """A PNG with at most 256 colours that looks like this one. The page is one that Chromium has
    open, of any content.
    """
    found = page.evaluate(_PALETTE, base64.b64encode(content).decode())
    width, height, palette = found["width"], found["height"], found["palette"]
    indices = base64.b64decode(found["indices"])
    rows = b"".join(
        b"\0" + indices[start : start + width] for start in range(0, width * height, width)
    )
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", bytes(value for colour in palette for value in colour[:3])),
        (b"tRNS", bytes(colour[3] for colour in palette)),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    framed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)
