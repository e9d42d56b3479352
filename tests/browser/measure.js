// What a learner could not read, or would have to scroll for, in a page. `measure` returns facts; the tests judge them.
"use strict";
(() => {
  const parse = (colour) => {
    const numbers = colour.match(/-?[\d.]+(?:e-?\d+)?/g);
    if (!colour.startsWith("rgb") || !numbers) return null;
    const [red, green, blue, alpha = 1] = numbers.map(Number);
    return { red, green, blue, alpha };
  };
  const over = (front, back) => {
    const mix = (channel) => front[channel] * front.alpha + back[channel] * (1 - front.alpha);
    return { red: mix("red"), green: mix("green"), blue: mix("blue"), alpha: 1 };
  };
  const luminance = ({ red, green, blue }) => {
    const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const ancestors = function* (element) {
    for (let each = element; each; each = each.parentElement) yield each;
  };
  const hidden = (element) => {
    for (const each of ancestors(element)) {
      const style = getComputedStyle(each);
      if (style.display === "none" || Number(style.opacity) === 0) return true;
    }
    return getComputedStyle(element).visibility !== "visible";
  };
  // The colour behind an element, from the nearest layers to the canvas; null where there is a picture behind it.
  const background = (element, pseudo) => {
    const layers = [];
    const styles = [...(pseudo ? [getComputedStyle(element, pseudo)] : []), ...Array.from(ancestors(element), (each) => getComputedStyle(each))];
    for (const style of styles) {
      if (style.backgroundImage !== "none") return null;
      const colour = parse(style.backgroundColor);
      if (!colour) return null;
      layers.push(colour);
      if (colour.alpha === 1) break;
    }
    return layers.reverse().reduce((back, front) => over(front, back), { red: 255, green: 255, blue: 255, alpha: 1 });
  };
  const opacity = (element) => Array.from(ancestors(element)).reduce((all, each) => all * Number(getComputedStyle(each).opacity), 1);

  const texts = function* () {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) {
        const element = node.parentElement;
        if (node.data.trim() && !["STYLE", "SCRIPT"].includes(element.tagName)) yield { element, pseudo: null, text: node.data.trim() };
        continue;
      }
      if (node.matches("input:not([type=checkbox]), textarea")) yield { element: node, pseudo: null, text: `${node.tagName} ${node.type}` };
      for (const pseudo of ["::before", "::after"]) {
        const content = getComputedStyle(node, pseudo).content;
        if (/"[^"]*\S[^"]*"/.test(content)) yield { element: node, pseudo, text: content };
      }
    }
  };
  const visible = (element) => element.getClientRects().length > 0 && !hidden(element);

  const illegible = (least) => {
    const found = [];
    let measured = 0;
    for (const { element, pseudo, text } of texts()) {
      if (!visible(element)) continue;
      measured += 1;
      const behind = background(element, pseudo);
      const style = getComputedStyle(element, pseudo);
      const colour = parse(element.closest("svg") ? style.fill : style.color);
      const place = `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""}${pseudo ?? ""}`;
      if (!behind || !colour) {
        found.push(`${place} ${text.slice(0, 40)}: colours that cannot be told`);
        continue;
      }
      const ratio = contrast(over({ ...colour, alpha: colour.alpha * opacity(element) }, behind), behind);
      if (ratio < least) found.push(`${place} ${text.slice(0, 40)}: ${ratio.toFixed(2)}`);
    }
    return { illegible: found, measured };
  };
  const clipped = () =>
    Array.from(document.querySelectorAll("img, video, audio, svg, canvas, pre, table, input"))
      .filter((element) => visible(element) && !element.closest("mjx-container"))
      .filter((element) => {
        const box = element.getBoundingClientRect();
        return box.left < -0.5 || box.right > document.documentElement.clientWidth + 0.5;
      })
      .map((element) => element.tagName.toLowerCase());
  // How far the masks of an image occlusion lie from its picture, in pixels.
  const astray = () => {
    const [picture, canvas] = ["img", "canvas"].map((name) => document.querySelector(`#image-occlusion-container ${name}`));
    if (!canvas) return 0;
    const [one, other] = [picture, canvas].map((each) => each.getBoundingClientRect());
    return Math.round(Math.max(...["left", "top", "right", "bottom"].map((edge) => Math.abs(one[edge] - other[edge]))));
  };
  const formulas = () => {
    const all = Array.from(document.querySelectorAll("mjx-container"));
    const drawn = all.filter(
      (each) => (hidden(each) || each.getBoundingClientRect().height > 4) && each.querySelector("mjx-math")?.children.length,
    );
    const errors = Array.from(document.querySelectorAll("mjx-merror, [data-mjx-error]"), (each) => each.getAttribute("data-mjx-error") ?? each.textContent);
    return { formulas: drawn.length, formula_errors: errors };
  };
  window.measure = (least) => ({
    sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    clipped: clipped(),
    astray: astray(),
    ...illegible(least),
    ...formulas(),
    text: document.body.innerText,
  });
})();
