// Draws the shapes of an image occlusion over its picture, which is a script of Anki's in Anki.
"use strict";
{
  const SVG = "http://www.w3.org/2000/svg";
  const COLOURS = { cloze: "#ff8e8e", "cloze-inactive": "#ffeba2", "cloze-highlight": "#ff8e8e00" };
  const element = (name, attributes) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const number = (value, fallback = 0) => (Number.isFinite(parseFloat(value)) ? parseFloat(value) : fallback);

  const shape = (data, { width, height }) => {
    const [left, top] = [number(data.left) * width, number(data.top) * height];
    const [wide, high] = [number(data.width) * width, number(data.height) * height];
    switch (data.shape) {
      case "rect":
        return element("rect", { x: left, y: top, width: wide, height: high });
      case "ellipse": {
        const [rx, ry] = [number(data.rx) * width, number(data.ry) * height];
        return element("ellipse", { cx: left + rx, cy: top + ry, rx, ry });
      }
      case "polygon": {
        const points = (data.points ?? "").split(" ").map((point) => point.split(","));
        return element("polygon", { points: points.map(([x, y]) => `${number(x) * width},${number(y) * height}`).join(" ") });
      }
      case "text": {
        const text = element("text", { x: left, y: top, "dominant-baseline": "hanging", "font-size": number(data.fontSize, 0.04) * height });
        text.textContent = data.text ?? "";
        return text;
      }
      default:
        return null;
    }
  };

  window.drawOcclusion = () => {
    const container = document.getElementById("image-occlusion-container");
    const picture = container?.querySelector("img");
    if (!picture) return;
    const draw = () => {
      const size = { width: picture.naturalWidth || 1, height: picture.naturalHeight || 1 };
      container.querySelector(":scope > svg")?.remove();
      const drawing = element("svg", { viewBox: `0 0 ${size.width} ${size.height}`, "aria-hidden": "true" });
      for (const mask of document.querySelectorAll(Object.keys(COLOURS).map((name) => `.${name}[data-shape]`).join())) {
        const drawn = shape(mask.dataset, size);
        const name = mask.classList[0];
        // Where not all shapes hide, only the one that is asked for does.
        if (!drawn || (name === "cloze-inactive" && mask.dataset.occludeinactive !== "1" && mask.dataset.shape !== "text")) continue;
        if (mask.dataset.angle) drawn.setAttribute("transform", `rotate(${number(mask.dataset.angle)} ${number(mask.dataset.left) * size.width} ${number(mask.dataset.top) * size.height})`);
        if (mask.dataset.shape !== "text") {
          drawn.setAttribute("fill", COLOURS[name]);
          drawn.setAttribute("stroke", name === "cloze-highlight" ? "#ff8e8e" : "#212121");
          drawn.setAttribute("vector-effect", "non-scaling-stroke");
        }
        drawing.append(drawn);
      }
      container.append(drawing);
    };
    if (picture.complete) draw();
    else picture.addEventListener("load", draw, { once: true });
  };
}
