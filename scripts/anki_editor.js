// What stands behind the page of anki_editor.py: Anki's own editor with one field, and places in it to put the caret.
"use strict";
window.said = [];
window.bridgeCommand = window.pycmd = (command, answered) => {
  window.said.push(command);
  if (answered) answered(null);
  return false;
};

const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
const inTurn = () => new Promise((done) => setTimeout(done, 0));
const hosts = () => Array.from(document.querySelectorAll(".rich-text-editable"));
const shadow = () => hosts()[0].shadowRoot;
const editable = () => shadow().querySelector("anki-editable");

window.ready = async () => {
  setupEditor("browser", true);
  await require("anki/ui").loaded;
};

let number = 0;
// Show a field in the editor, with the caret at its start.
window.load = async (html) => {
  number += 1;
  setFields(["Field"], [html]);
  setIsImageOcclusion(false);
  setNotetypeMeta({ id: 1, modTime: 1 });
  setCollapsed([false]);
  setClozeFields([true]);
  setPlainTexts([false]);
  setDescriptions([""]);
  setFonts([["Arial", 20, false]]);
  setNoteId(number);
  setTags([]);
  setTagsCollapsed(true);
  setMathjaxEnabled(true);
  setShrinkImages(true);
  setCloseHTMLTags(true);
  triggerChanges();
  focusField(0);
  for (let tries = 0; tries < 200; tries += 1) {
    await inTurn();
    if (hosts().length && editable() && editable().isContentEditable && shadow().activeElement === editable()) break;
    if (tries > 20) editable()?.focus();
  }
  await painted();
  window.said.length = 0;
};

// What the editor gives Anki to save; null where nothing was edited.
window.saved = async () => {
  await painted();
  saveNow(true);
  await inTurn();
  const keys = window.said.filter((each) => each.startsWith(`key:0:${number}:`));
  return keys.length ? keys.at(-1).split(":").slice(3).join(":") : null;
};

const texts = (within, without) => {
  const walker = document.createTreeWalker(editable(), NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (parent.closest("anki-mathjax, anki-frame, frame-start, frame-end")) continue;
    if (without && parent.closest(without)) continue;
    if (within && !parent.closest(within)) continue;
    if (node.data.trim()) found.push(node);
  }
  return found;
};

const APART = /\[anki:.*?\[\/anki:\w+\]|\\\(.*?\\\)|\\\[.*?\\\]|\{\{c[\d,]+::|::[^:{}]*\}\}|\}\}|\[[a-z]+:[^\]]*\]|https?:\S+/gs;
const words = (within, without) =>
  texts(within, without).flatMap((node) => {
    const text = node.data.replace(APART, (found) => "\0".repeat(found.length));
    return Array.from(text.matchAll(/\p{L}{2,}/gu), (each) => [node, each.index, each.index + each[0].length]);
  });

const PROSE = "pre, code, kbd, script, style, ruby, summary, figcaption";
const ends = (selector) =>
  Array.from(editable().querySelectorAll(selector)).filter((each) => each.textContent.trim() && !each.closest("pre"));
const chosen = (list, part) => list[Math.floor(part * list.length)];
const put = (from, start, to, end) => {
  shadow().getSelection().setBaseAndExtent(from, start, to, end);
  return true;
};
const range = (node, collapse) => {
  const made = document.createRange();
  made.selectNodeContents(node);
  if (collapse !== undefined) made.collapse(collapse);
  return put(made.startContainer, made.startOffset, made.endContainer, made.endOffset);
};

const places = {
  word: (part) => selectWord(chosen(words("", PROSE), part)),
  behindWord: (part) => behindWord(chosen(words("", PROSE), part)),
  inWord: (part) => inWord(chosen(words("", PROSE), part)),
  behindItemWord: (part) => behindWord(chosen(words("li", PROSE), part)),
  behindCellWord: (part) => behindWord(chosen(words("td, th", PROSE), part)),
  behindLinkWord: (part) => behindWord(chosen(words("a", PROSE), part)),
  behindCodeWord: (part) => behindWord(chosen(words("pre code", ""), part)),
  behindInlineCode: (part) => behindWord(chosen(words(":not(pre) > code", "pre"), part)),
  markedWord: (part) => selectWord(chosen(words("strong, em, b, i", PROSE), part)),
  gapWord: (part) => behindWord(chosen(gapWords(), part)),
  paragraphEnd: (part) => edge(chosen(ends("p"), part), false),
  paragraphStart: (part) => edge(chosen(ends("p + p"), part), true),
  paragraph: (part) => edge(chosen(ends("p"), part)),
  itemEnd: (part) => edge(chosen(ends("li"), part), false),
  laterItem: (part) => edge(chosen(ends("li + li"), part), true),
  item: (part) => edge(chosen(ends("li"), part)),
  picture: (part) => aroundNode(chosen(Array.from(editable().querySelectorAll("img")), part)),
  end: () => range(editable(), false),
  start: () => range(editable(), true),
  all: () => range(editable()),
};
const gapWords = () =>
  words("", PROSE).filter(([node, start]) => {
    const before = node.data.slice(0, start);
    return before.split("{{").length > before.split("}}").length && !before.split("{{").at(-1).includes("::", 5);
  });
const selectWord = (word) => word !== undefined && put(word[0], word[1], word[0], word[2]);
const behindWord = (word) => word !== undefined && put(word[0], word[2], word[0], word[2]);
const inWord = (word) => word !== undefined && put(word[0], word[1] + 1, word[0], word[1] + 1);
const edge = (node, collapse) => node !== undefined && range(node, collapse);
const aroundNode = (node) => {
  if (node === undefined) return false;
  const place = Array.prototype.indexOf.call(node.parentNode.childNodes, node);
  return put(node.parentNode, place, node.parentNode, place + 1);
};

// Put the caret, or select: `part` from 0 to 1 chooses among the places of a sort. Tells whether there is one.
window.place = (sort, part) => places[sort](part);

// What the selection is as HTML, as a browser puts it on the clipboard.
window.copied = () => {
  const made = shadow().getSelection().getRangeAt(0).cloneContents();
  const holder = document.createElement("div");
  holder.append(made);
  return holder.innerHTML;
};
