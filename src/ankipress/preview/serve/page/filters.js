// Which cards are shown: by words, deck, kind, tags and state. What is chosen is kept in the address of the page.
const STATES = [
  ["changed", "Changed since the last release", (row) => row.changed],
  ["problems", "With problems", (row) => row.problems.length > 0 || row.kept],
  ["anki", "Differs from Anki", (row) => row.anki && row.anki !== "same"],
];
const normal = (text) => text.normalize("NFC").toLowerCase();

export class Filters {
  constructor(changed) {
    this.changed = changed;
    const given = new URLSearchParams(location.search);
    this.words = given.get("q") ?? "";
    this.deck = given.get("deck") ?? "";
    this.kinds = new Set(given.getAll("kind"));
    this.tags = new Set(given.getAll("tag"));
    this.states = new Set(given.getAll("is"));
    this.hay = new WeakMap();
    this.groups = Object.fromEntries(["states", "decks", "kinds", "tags"].map((id) => [id, document.getElementById(id)]));
    document.getElementById("clear").addEventListener("click", () => this.clear());
    this.number = document.getElementById("chosen");
  }

  get count() {
    return this.kinds.size + this.tags.size + this.states.size + (this.deck ? 1 : 0);
  }

  clear() {
    for (const set of [this.kinds, this.tags, this.states]) set.clear();
    this.deck = "";
    this.tell();
  }

  tell() {
    const chosen = new URLSearchParams();
    if (this.words) chosen.set("q", this.words);
    if (this.deck) chosen.set("deck", this.deck);
    for (const [name, set] of [["kind", this.kinds], ["tag", this.tags], ["is", this.states]]) for (const value of set) chosen.append(name, value);
    history.replaceState(null, "", chosen.size ? `?${chosen}` : location.pathname);
    this.changed();
  }

  search(words) {
    this.words = words;
    this.tell();
  }

  // All that is searched in a row, made once.
  text(row) {
    let text = this.hay.get(row);
    if (text === undefined) this.hay.set(row, (text = normal([row.question, row.text, row.tags.join(" "), row.deck, row.section].join("\n"))));
    return text;
  }

  // Whole notes are shown: what is found in one card of a note shows the others too.
  keys(order, rows) {
    const words = normal(this.words).split(/\s+/).filter(Boolean);
    // An address may ask for a state of which nothing is known yet.
    const isKnown = (name) => name !== "anki" || order.some((key) => rows.get(key).anki);
    const states = STATES.filter(([name]) => this.states.has(name) && isKnown(name));
    const tags = Array.from(this.tags);
    const fits = (row) =>
      (!this.deck || row.deck === this.deck || row.deck.startsWith(`${this.deck}::`)) &&
      (!this.kinds.size || this.kinds.has(row.kind)) &&
      tags.every((tag) => row.tags.some((each) => each === tag || each.startsWith(`${tag}::`))) &&
      states.every(([, , test]) => test(row)) &&
      words.every((word) => this.text(row).includes(word));
    const notes = new Set();
    for (const key of order) if (fits(rows.get(key))) notes.add(rows.get(key).note);
    return order.filter((key) => notes.has(rows.get(key).note));
  }

  // The buttons, each with the number of its cards.
  draw(rows) {
    const [decks, kinds, tags] = [new Map(), new Map(), new Map()];
    const add = (counts, value) => counts.set(value, (counts.get(value) ?? 0) + 1);
    let isCompared = false;
    const inState = new Map(STATES.map(([name]) => [name, 0]));
    for (const row of rows) {
      const parts = row.deck.split("::");
      parts.forEach((_, at) => add(decks, parts.slice(0, at + 1).join("::")));
      add(kinds, row.kind);
      for (const tag of row.tags) add(tags, tag);
      for (const [name, , test] of STATES) if (test(row)) add(inState, name);
      isCompared ||= Boolean(row.anki);
    }
    const sorted = (counts) => Array.from(counts).sort(([a], [b]) => a.localeCompare(b));
    const toggled = (set) => (value) => (set.delete(value) || set.add(value), this.tell());
    const choose = (deck) => ((this.deck = this.deck === deck ? "" : deck), this.tell());
    if (!isCompared) inState.delete("anki");
    this.fill("states", Array.from(inState), this.states, toggled(this.states), (value) => STATES.find(([name]) => name === value)[1]);
    this.fill("decks", sorted(decks), new Set([this.deck]), choose, (value) => value.split("::").at(-1), (value) => value.split("::").length - 1);
    this.fill("kinds", sorted(kinds), this.kinds, toggled(this.kinds), (value) => value);
    this.fill("tags", sorted(tags), this.tags, toggled(this.tags), (value) => value);
    document.getElementById("clear").hidden = !this.count;
    this.number.textContent = this.count || "";
  }

  fill(id, counts, chosen, act, label, depth = () => 0) {
    const group = this.groups[id];
    const known = new Map(Array.from(group.children, (button) => [button.dataset.value, button]));
    for (const value of chosen) if (value && !counts.some(([each]) => each === value)) counts.push([value, 0]);
    const buttons = counts.map(([value, number]) => {
      const button = known.get(value) ?? this.button(value, act, label(value), depth(value));
      button.setAttribute("aria-pressed", chosen.has(value));
      button.lastElementChild.textContent = number;
      return button;
    });
    if (buttons.length !== group.children.length || buttons.some((button, at) => button !== group.children[at])) group.replaceChildren(...buttons);
    const section = group.closest("section");
    if (section) section.hidden = buttons.length === 0;
  }

  button(value, act, label, depth) {
    const button = document.createElement("button");
    const [text, number] = [document.createElement("span"), document.createElement("span")];
    Object.assign(button, { type: "button", className: "filter", title: value });
    button.dataset.value = value;
    button.style.paddingInlineStart = `${0.6 + depth * 0.9}rem`;
    text.textContent = label;
    text.className = "text";
    number.className = "number";
    button.append(text, number);
    button.addEventListener("click", () => act(value));
    return button;
  }
}
