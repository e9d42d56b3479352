// The preview: every card of the deck as a learner sees it, new whenever a file is saved.
import { Anki, mark } from "./anki.js";
import { Filters } from "./filters.js";
import { Frame } from "./frames.js";
import { List } from "./list.js";

const $ = (id) => document.getElementById(id);
const template = $("card").content.firstElementChild;
const feed = $("feed");

const deck = { number: -1, rows: new Map(), order: [], lines: new Map(), states: [], elsewhere: [] };
const contents = new Map(); // by key
const styles = new Map(); // by name
const flipped = new Set(); // the cards that show their answer
const typed = new Map(); // what was typed, by key
const answers = new Map(); // how it compares, by key and what was typed
const asked = new Set(); // the keys whose content is on its way
let current = null;
let boot = null;

// ---- What is chosen, kept for the next time

const kept = (name, fallback) => {
  try {
    return localStorage.getItem(`ankipress-${name}`) ?? fallback;
  } catch {
    return fallback;
  }
};
const keep = (name, value) => {
  try {
    localStorage.setItem(`ankipress-${name}`, value);
  } catch {
    // A browser that keeps nothing.
  }
};
const chosen = {};
const night = matchMedia("(prefers-color-scheme: dark)");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const isDark = () => chosen.themes === "dark" || (chosen.themes === "system" && night.matches);

const CHOICES = {
  sides: { first: "one", options: { one: "One side", both: "Both" } },
  widths: { first: "desktop", options: { phone: "Phone", tablet: "Tablet", desktop: "Desktop" } },
  themes: { first: "system", options: { light: "Light", dark: "Dark", system: "System" } },
};

const choose = (name, value) => {
  chosen[name] = value;
  keep(name, value);
  document.documentElement.dataset[name] = value;
  document.documentElement.dataset.dark = isDark();
  for (const input of $(name).querySelectorAll("input")) input.checked = input.value === value;
  if (name !== "themes") list.forget();
  list.refresh();
};
const chooseNext = (name) => {
  const values = Object.keys(CHOICES[name].options);
  choose(name, values[(values.indexOf(chosen[name]) + 1) % values.length]);
  tell(CHOICES[name].options[chosen[name]]);
};

const drawChoices = () => {
  for (const [name, { first, options }] of Object.entries(CHOICES)) {
    for (const [value, text] of Object.entries(options)) {
      const [label, input, word] = ["label", "input", "span"].map((tag) => document.createElement(tag));
      Object.assign(input, { type: "radio", name, value });
      input.addEventListener("change", () => choose(name, value));
      // Who chose with a mouse goes on with the arrows from card to card, and not from choice to choice.
      label.addEventListener("click", ({ detail }) => detail && requestAnimationFrame(() => input.blur()));
      word.textContent = text;
      label.append(input, word);
      $(name).append(label);
    }
    const value = kept(name, first);
    choose(name, value in options ? value : first);
  }
};

const tell = (text) => ($("said").textContent = text);

// ---- A card

const make = () => {
  const element = template.cloneNode(true);
  const [front, back] = element.querySelectorAll(".side");
  const row = { element, key: "", frames: [], heights: [] };
  const find = (selector) => element.querySelector(selector);
  Object.assign(row, { front, back, where: find(".where"), chips: find(".chips"), place: find(".place") });
  Object.assign(row, { label: find(".label"), turn: find(".turn"), problems: find(".problems"), kept: find(".kept") });
  row.turn.addEventListener("click", () => turn(row.key));
  row.place.addEventListener("click", () => open(row.key));
  element.addEventListener("focusin", () => (current = row.key));
  element.addEventListener("pointerdown", () => (current = row.key));
  addFrame(row, 0, front.querySelector("iframe"));
  return row;
};

const addFrame = (row, side, iframe) => {
  row.frames[side] = new Frame(iframe, (data) => hear(row, side, data));
};

const fill = (row, key, place) => {
  const data = deck.rows.get(key);
  const { element } = row;
  if (row.key !== key) {
    row.key = key;
    row.heights = [];
  }
  const [before, after] = [deck.rows.get(list.keys[place - 1]), deck.rows.get(list.keys[place + 1])];
  const isFirst = before?.note !== data.note;
  element.classList.toggle("first", isFirst);
  element.classList.toggle("last", after?.note !== data.note);
  element.setAttribute("aria-posinset", place + 1);
  element.setAttribute("aria-setsize", list.keys.length);
  element.setAttribute("aria-label", `${place + 1} of ${list.keys.length}: ${data.question}`);
  const line = deck.lines.get(key);
  const state = [data.digest, data.deck, data.section, data.tags.join(), data.kind, data.changed, data.kept, data.path, line, isFirst, data.anki].join("\n");
  if (row.state !== `${key}\n${state}`) {
    row.state = `${key}\n${state}`;
    describe(row, data, line);
  }
  const problems = JSON.stringify(data.problems) + line;
  if (row.told !== problems) {
    row.told = problems;
    row.problems.replaceChildren(...data.problems.map((each) => problem(each, each.path, line + each.line)));
    row.problems.hidden = !data.problems.length;
  }
  drawSides(row, data);
};

const describe = (row, data, line) => {
  const path = [...data.deck.split("::"), ...(data.section ? [data.section] : [])];
  row.where.textContent = path.join(" › ");
  const chips = [["kind", data.kind], ...(data.changed ? [["new", "changed"]] : []), ...data.tags.map((tag) => ["tag", tag])];
  row.chips.replaceChildren(
    ...chips.map(([name, text]) => Object.assign(document.createElement("span"), { className: `chip ${name}`, textContent: text })),
    ...(data.anki ? [mark(data.anki)] : []),
  );
  row.place.textContent = `${data.path}:${line}`;
  row.place.title = "Open in the editor";
  row.label.textContent = data.name;
  row.kept.hidden = !data.kept;
  row.element.classList.toggle("is-kept", data.kept);
};

const drawSides = (row, data) => {
  const both = chosen.sides === "both";
  const answer = flipped.has(row.key);
  row.back.hidden = !both;
  row.turn.hidden = both;
  row.turn.textContent = answer ? "Show question" : "Show answer";
  if (both && !row.frames[1]) {
    const iframe = row.front.querySelector("iframe").cloneNode();
    iframe.style.height = "";
    row.back.append(iframe);
    addFrame(row, 1, iframe);
  }
  for (const frame of row.frames) frame.attach();
  const sides = both ? ["front", "back"] : [answer ? "back" : "front"];
  sides.forEach((side, at) => {
    const name = side === "front" ? "Question" : "Answer";
    const section = at ? row.back : row.front;
    if (section.dataset.name !== name) {
      section.dataset.name = name;
      section.querySelector("h3").textContent = name;
    }
    section.querySelector("iframe").title = `${name}: ${data.question.slice(0, 80)}`;
    drawSide(row, at, side, data);
  });
};

const drawSide = async (row, at, side, data) => {
  const { key } = row;
  const content = contents.get(key);
  if (!content || content.digest !== data.digest) {
    fetchContent(key);
    if (!content) return row.frames[at].show(`${key} waits`, { html: "", css: "", ord: 0, dark: isDark(), mobile: false, side });
  }
  if (!styles.has(content.style)) {
    await fetchStyle(content.style);
    if (row.key === key && deck.rows.has(key)) drawSides(row, deck.rows.get(key));
    return;
  }
  const words = typed.get(key) ?? "";
  const answer = side === "back" && content.typed ? await compared(key, content.digest, words) : "";
  if (row.key !== key || sideOf(row, at) !== side) return;
  const [dark, mobile] = [isDark(), chosen.widths === "phone"];
  const frame = row.frames[at];
  // In both sides at once the front must not be drawn anew with each letter that is typed into it.
  frame.show([key, content.digest, side, dark, mobile, chosen.widths, side === "back" ? words : ""].join("\n"), {
    ...{ html: content[side], css: styles.get(content.style), ord: content.ord, dark, mobile, side, answer, typed: words },
  });
};

const sideOf = (row, at) => (chosen.sides === "both" ? ["front", "back"][at] : flipped.has(row.key) ? "back" : "front");

const hear = (row, at, data) => {
  const { key } = row;
  if (typeof data.height === "number") setHeight(row, at, Math.min(Math.max(data.height, 20), 20000));
  else if (data.drawn) row.element.dispatchEvent(new CustomEvent("drawn", { bubbles: true, detail: { key, at } }));
  else if (data.flip) chosen.sides === "one" && turn(key);
  else if (typeof data.typed === "string") {
    typed.set(key, data.typed.slice(0, 10000));
    if (chosen.sides === "both") drawSide(row, 1, "back", deck.rows.get(key));
  } else if (typeof data.key === "string") press(data.key, data.shift === true, key);
  else if (typeof data.said === "string") tell(data.said.slice(0, 200));
};

const setHeight = (row, at, height) => {
  const iframe = (at ? row.back : row.front).querySelector("iframe");
  row.heights[at] = height;
  iframe.style.height = `${height}px`;
};

const turn = (key, isFocused = false) => {
  current = key;
  flipped.delete(key) || flipped.add(key);
  const row = list.rows.get(key);
  if (row) fill(row, key, list.places.get(key));
  tell(flipped.has(key) ? "Answer" : "Question");
  if (isFocused) row?.element.focus({ preventScroll: true });
};

// ---- What the server knows

let wanted = null;
const fetchContent = (key) => {
  if (asked.has(key)) return;
  asked.add(key);
  // All that one drawing wants is asked for at once.
  wanted ??= (setTimeout(fetchWanted), []);
  wanted.push(key);
};
const fetchWanted = async () => {
  const keys = wanted;
  wanted = null;
  try {
    const query = new URLSearchParams(keys.map((key) => ["key", key]));
    take(await (await fetch(`/cards?${query}`)).json());
  } finally {
    for (const key of keys) asked.delete(key);
  }
  list.refresh();
};

const take = (found) => {
  for (const [key, content] of Object.entries(found)) {
    contents.delete(key);
    contents.set(key, content);
  }
  for (const key of contents.keys()) {
    if (contents.size <= 600) break;
    if (!list.rows.has(key)) contents.delete(key);
  }
};

const fetchStyle = (name) => {
  const loading = styles.get(`loading ${name}`) ?? fetch(`/style/${name}`).then(async (answer) => styles.set(name, answer.ok ? await answer.text() : ""));
  styles.set(`loading ${name}`, loading);
  return loading;
};

const compared = async (key, digest, words) => {
  const name = `${key}\n${digest}\n${words}`;
  if (!answers.has(name)) {
    const answer = await fetch("/compare", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ key, typed: words }) });
    answers.set(name, answer.ok ? (await answer.json()).html : "");
  }
  return answers.get(name);
};

const openPlace = async (path, line, column) => {
  const answer = await fetch("/open", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ path, line, column }) });
  const { link, error } = answer.ok || answer.status === 500 ? await answer.json() : { error: "this file cannot be opened" };
  if (link) location.href = link;
  tell(error ? `The editor cannot be started: ${error}` : `Opened ${path}, line ${line}`);
};
const open = (key) => openPlace(deck.rows.get(key).path, deck.lines.get(key), 1);

const problem = ({ severity, code, message, help, column, place: elsewhere }, path, line) => {
  const [item, label, name, text, way, place] = ["li", "strong", "code", "span", "span", "button"].map((tag) => document.createElement(tag));
  item.className = `problem ${severity}`;
  label.textContent = severity;
  name.textContent = code;
  text.textContent = message;
  text.className = "message";
  way.textContent = help;
  way.className = "help";
  Object.assign(place, { type: "button", className: "place", title: "Open in the editor", textContent: line ? `${path}:${line}:${column}` : elsewhere || path });
  place.addEventListener("click", () => openPlace(path, line || 1, column));
  item.append(label, " ", name, " ", text, ...(help ? [" ", way] : []), " ", place);
  return item;
};

const receive = (message) => {
  deck.number = message.number;
  deck.partial = message.partial;
  const order = message.order ?? (message.from === undefined ? message.rows.map(({ key }) => key) : deck.order);
  if (message.from === undefined) deck.rows.clear();
  for (const row of message.rows) deck.rows.set(row.key, row);
  if (order !== deck.order) {
    const there = new Set(order);
    for (const key of deck.rows.keys()) if (!there.has(key)) deck.rows.delete(key);
  }
  deck.order = order;
  if (message.lines) deck.lines = new Map(order.map((key, at) => [key, message.lines[at]]));
  if (message.states) deck.states = message.states;
  // A row that came anew has no state yet.
  order.forEach((key, at) => (deck.rows.get(key).anki = deck.states[at] ?? ""));
  take(message.contents);
  for (const [name, css] of Object.entries(message.styles ?? {})) styles.set(name, css);
  $("name").textContent = message.name || "ankipress";
  $("version").textContent = message.version;
  document.title = message.name ? `${message.name} – ankipress` : "ankipress";
  $("elsewhere").hidden = !message.elsewhere.length;
  $("elsewhere").firstElementChild.replaceChildren(...message.elsewhere.map((each) => problem(each, each.path, each.line)));
  anki.receive(message.anki, deck.rows.values());
  feed.setAttribute("aria-busy", "false");
  redraw();
};

const redraw = () => {
  filters.draw(deck.rows.values());
  const keys = filters.keys(deck.order, deck.rows);
  const [all, some] = [deck.order.length, keys.length];
  $("count").textContent = deck.partial ? `${all} cards …` : all === some ? `${all} card${all === 1 ? "" : "s"}` : `${some} of ${all}`;
  $("none").hidden = some > 0 || deck.number < 1;
  $("none").textContent = all ? "No card matches." : "There are no cards yet.";
  const isSame = keys.length === list.keys.length && keys.every((key, at) => key === list.keys[at]);
  if (isSame) list.refresh();
  else list.set(keys);
};

// Answers may come in another order than they were asked for: an older one is of no use.
const receiveAll = async () => {
  const all = await (await fetch("/deck")).json();
  if (all.number > deck.number) receive(all);
};

const listen = () => {
  const events = new EventSource("/events");
  events.addEventListener("hello", async ({ data }) => {
    const hello = JSON.parse(data);
    // Another server has other addresses for media.
    if (boot !== null && boot !== hello.boot) return location.reload();
    boot = hello.boot;
    $("lost").hidden = true;
    await begun;
    if (deck.number !== hello.number) await receiveAll();
  });
  events.addEventListener("message", async ({ data }) => {
    const message = JSON.parse(data);
    if (message.number <= deck.number) return;
    if (message.from === deck.number) receive(message);
    else await receiveAll();
  });
  events.addEventListener("error", () => ($("lost").hidden = boot === null));
};

// ---- The keyboard

const step = (by) => {
  const { keys, places } = list;
  if (!keys.length) return;
  const seen = list.seen()?.[0]?.key ?? keys[0];
  const place = places.has(current) ? places.get(current) + by : places.get(seen);
  current = keys[Math.min(Math.max(place, 0), keys.length - 1)];
  list.go(current, !still.matches && Math.abs(by) === 1);
};

const turnAll = () => {
  if (list.keys.some((key) => !flipped.has(key))) for (const key of list.keys) flipped.add(key);
  else for (const key of list.keys) flipped.delete(key);
  list.refresh();
  tell(flipped.size ? "All answers" : "All questions");
};

const KEYS = {
  " ": (key) => (key ? turn(key) : step(0)),
  Enter: (key) => key && turn(key),
  ArrowRight: () => step(1),
  ArrowLeft: () => step(-1),
  j: () => step(1),
  k: () => step(-1),
  b: () => chooseNext("sides"),
  w: () => chooseNext("widths"),
  d: () => chooseNext("themes"),
  a: () => turnAll(),
  e: (key) => key && open(key),
  "/": () => $("search").focus(),
  "?": () => $("keys").showModal(),
  Escape: (key) => key && list.rows.get(key)?.element.focus({ preventScroll: true }),
};

const press = (name, isShifted, key) => {
  if (name === " " && isShifted) return scrollBy({ top: -innerHeight * 0.8 });
  if (chosen.sides === "both" && (name === " " || name === "Enter")) return step(1);
  if (key) current = key;
  KEYS[name]?.(list.places.has(current) ? current : null);
};

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  const { target } = event;
  if (target === $("search")) {
    if (event.key === "Escape") target.value ? ((target.value = ""), filters.search("")) : target.blur();
    else if (event.key === "Enter" && list.keys.length) list.go((current = list.keys[0]));
    else return;
    event.preventDefault();
    return;
  }
  const acts = target.closest("button, a, input, summary");
  if (!(event.key in KEYS) || (acts && (event.key === " " || event.key === "Enter" || target.matches("input")))) return;
  event.preventDefault();
  press(event.key, event.shiftKey, null);
});

// ---- Begin

const list = new List(feed, { make, fill });
const filters = new Filters(redraw);
const anki = new Anki(tell);
drawChoices();
// All is asked for before anything else, and the frames load while it is on its way.
const begun = receiveAll().catch(() => {});
list.prepare(3);
$("search").value = filters.words;
$("search").addEventListener("input", ({ target }) => filters.search(target.value));
$("ask").addEventListener("click", () => $("keys").showModal());
night.addEventListener("change", () => choose("themes", chosen.themes));
const bar = document.querySelector(".bar");
new ResizeObserver(() => document.documentElement.style.setProperty("--bar", `${bar.offsetHeight}px`)).observe(bar);
const wide = matchMedia("(min-width: 60rem)");
const unfold = () => ($("filters").open = wide.matches || $("filters").open);
wide.addEventListener("change", unfold);
unfold();
listen();
