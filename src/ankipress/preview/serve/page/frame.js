// The inside of a card's frame. It has no origin: all that it can do is show what the page sends, and say what a learner does.
"use strict";
const qa = document.getElementById("qa");
const style = document.getElementById("style");
const home = new URL(document.baseURI).origin;
const say = (message) => parent.postMessage(message, home);
const MATHEMATICS = /\\\((.+?)\\\)|\\\[(.+?)\\\]/gs;
const ACTS = "a, button, input, select, textarea, label, summary, audio, video";
const KEYS = new Set([" ", "Enter", "ArrowLeft", "ArrowRight", "/", "?", "Escape", ..."abdejkw"]);

// What could connect out or take the frame elsewhere. No policy of a page stops a link that only connects.
const REACHING = "base, embed, fencedframe, frame, frameset, iframe, link, meta, script, template";
const WRAPPING = "form, object";
const SENDING = ["attributionsrc", "background", "formaction", "ping", "target"];

// HTML as nodes that reach nothing. It is read where nothing is loaded.
const inert = (html) => {
  const template = document.createElement("template");
  template.innerHTML = html ?? "";
  for (const each of template.content.querySelectorAll(REACHING)) each.remove();
  for (const each of template.content.querySelectorAll(WRAPPING)) each.replaceWith(...each.childNodes);
  for (const name of SENDING) for (const each of template.content.querySelectorAll(`[${name}]`)) each.removeAttribute(name);
  return template.content;
};

let shown = 0;
let height = 0;
let playing = null;

const measure = () => {
  const margin = parseFloat(getComputedStyle(document.body).marginBottom) || 0;
  const now = Math.ceil(document.body.getBoundingClientRect().bottom + window.scrollY + margin);
  if (now !== height) say({ height: (height = now), shown });
};
new ResizeObserver(measure).observe(document.body);
// What comes later may bring the body back to a size that the observer has seen.
for (const event of ["load", "error", "loadedmetadata", "toggle"]) document.addEventListener(event, measure, true);

// Formulas are drawn by the page, which keeps one MathJax for all frames.
const formulas = () => {
  const found = [];
  const walker = document.createTreeWalker(qa, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("code, pre, script, style, textarea")) texts.push(walker.currentNode);
  for (const text of texts) {
    const pieces = Array.from(text.data.matchAll(MATHEMATICS));
    for (const piece of pieces.reverse()) {
      const place = document.createElement("span");
      const rest = text.splitText(piece.index);
      rest.splitText(piece[0].length);
      rest.replaceWith(place);
      place.textContent = piece[0];
      found.push({ place, tex: piece[1] ?? piece[2], display: piece[1] === undefined });
    }
  }
  return found;
};
let waiting = [];

const compare = (html) => {
  const answer = document.getElementById("typed-answer");
  answer?.replaceChildren(inert(html));
};

const show = (card) => {
  shown = card.shown;
  playing?.pause();
  if (style.textContent !== card.css) style.textContent = card.css;
  document.documentElement.className = card.rootClasses;
  document.body.className = `${card.classes} turnable`;
  document.documentElement.style.colorScheme = card.dark ? "dark" : "light";
  qa.replaceChildren(inert(card.html));
  compare(card.answer);
  const box = document.querySelector("input#typeans");
  if (box) box.value = card.typed ?? "";
  for (const hint of document.querySelectorAll("a.hint")) hint.setAttribute("role", "button");
  window.drawOcclusion?.();
  waiting = formulas();
  if (waiting.length) say({ tex: waiting.map(({ tex, display }) => ({ tex, display })), shown });
  height = 0;
  measure();
  requestAnimationFrame(measure);
  say({ drawn: true, shown });
};

const draw = (svgs) => {
  svgs.forEach((svg, at) => {
    if (waiting[at]) waiting[at].place.replaceChildren(inert(svg));
  });
  waiting = [];
  measure();
};

addEventListener("message", ({ source, data }) => {
  if (source !== parent) return;
  if (data.html !== undefined) show(data);
  else if (data.shown !== shown) return;
  else if (data.svgs) draw(data.svgs);
  else if (data.answer !== undefined) (compare(data.answer), measure());
  else if (data.focus) (document.querySelector("input#typeans") ?? document.body).focus();
});

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const box = event.target.closest("input#typeans");
  if (box && event.key === "Enter") say({ flip: true, shown });
  else if (box && event.key === "Escape") say({ key: "Escape", shown });
  if (event.target.closest(ACTS) || !KEYS.has(event.key)) return;
  event.preventDefault();
  say({ key: event.key, shift: event.shiftKey, shown });
});

addEventListener("input", ({ target }) => {
  if (target.id === "typeans") say({ typed: target.value, shown });
});

const play = (button) => {
  playing?.pause();
  if (button.dataset.sound) {
    playing = new Audio(button.dataset.sound);
    playing.play().catch(() => say({ said: "this sound cannot be played", shown }));
  } else if (window.speechSynthesis) {
    speechSynthesis.cancel();
    const speech = new SpeechSynthesisUtterance(button.dataset.speech);
    Object.assign(speech, { lang: button.dataset.language, rate: Number(button.dataset.speed) || 1 });
    speechSynthesis.speak(speech);
  }
};

// What Anki's inline handlers do: those of a card do not run here.
const unfold = (hint) => {
  const text = document.getElementById((/getElementById\('(hint\w+)'\)/.exec(hint.getAttribute("onclick") ?? "") ?? [])[1]);
  if (!text) return;
  hint.style.display = "none";
  text.style.display = "block";
};

addEventListener("click", (event) => {
  const button = event.target.closest("[data-sound], [data-speech]");
  const link = event.target.closest("a");
  if (button || (link && !/^(https?|mailto):/.test(link.href)) || link?.getAttribute("href")?.startsWith("#")) event.preventDefault();
  if (event.target.closest("#toggle")) document.querySelector("#image-occlusion-container > svg")?.classList.toggle("hidden");
  if (button) play(button);
  else if (link?.matches("a.hint")) unfold(link);
  else if (!event.target.closest(ACTS) && String(getSelection()) === "") say({ flip: true, shown });
});

say({ ready: true });
