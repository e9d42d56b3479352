// How the cards compare with a running Anki, and sending them there. Nothing is asked of Anki before the button is pressed.
const $ = (id) => document.getElementById(id);
const TOKEN = document.querySelector("meta[name=ankipress-token]").content;
const AGAIN = 10_000; // milliseconds after which a page that is looked at again asks again
const WORDS = {
  same: { chip: "In Anki", title: "In Anki as shown here" },
  differs: { chip: "Differs in Anki", title: "Edited here since Anki got it" },
  edited: { chip: "Edited in Anki", title: "Edited in Anki: ankipress pull brings the edit back" },
  absent: { chip: "Not in Anki", title: "This note is not in Anki" },
};
const COUNTED = { differs: ["differs", "differ"], edited: ["was edited there", "were edited there"], absent: ["is not there", "are not there"] };
const counted = (number, [one, many]) => `${number} ${number === 1 ? one : many}`;

const post = async (address, sent) => {
  const headers = { "Content-Type": "application/json", "X-Ankipress-Token": TOKEN };
  try {
    const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(sent) });
    if (answer.ok) return await answer.json();
  } catch {
    // Said below.
  }
  return { refusal: "ankipress serve does not answer", help: "see what it says in its terminal", lines: [] };
};

// The mark of a card: a sign, and words that are hidden where all is well.
export const mark = (state) => {
  const chip = document.createElement("span");
  const words = document.createElement("span");
  const sign = $("signs").content.querySelector(`[data-sign="${state}"]`).cloneNode(true);
  Object.assign(chip, { className: `chip anki ${state}`, title: WORDS[state].title });
  words.textContent = state === "same" ? WORDS.same.title : WORDS[state].chip;
  if (state === "same") words.className = "hidden";
  chip.append(sign, words);
  return chip;
};

export class Anki {
  constructor(tell) {
    this.tell = tell;
    this.asked = null;
    this.isBusy = false;
    this.last = 0;
    this.notes = new Map(); // the number of notes in each state
    $("compare").addEventListener("click", () => this.compare());
    $("send").addEventListener("click", () => this.plan());
    $("sending").addEventListener("close", () => (this.number = null));
    $("do-send").addEventListener("click", () => this.send());
    const seen = () => document.visibilityState === "visible" && this.seenAgain();
    addEventListener("focus", seen);
    document.addEventListener("visibilitychange", seen);
  }

  // Who was in Anki meanwhile sees what is there now. Who never asked is not asked for.
  seenAgain() {
    if (this.asked && !$("sending").open && performance.now() - this.last > AGAIN) this.compare(true);
  }

  receive(asked, rows) {
    this.asked = asked;
    const notes = new Map();
    for (const { note, anki } of rows) notes.set(note, anki);
    this.total = notes.size;
    this.notes.clear();
    for (const state of notes.values()) if (state) this.notes.set(state, (this.notes.get(state) ?? 0) + 1);
    this.draw();
  }

  draw() {
    const { asked, isBusy } = this;
    const hasStates = asked?.time > 0;
    $("anki").classList.toggle("asked", asked !== null);
    $("compare").textContent = isBusy ? "Comparing …" : asked ? "Compare again" : "Compare with Anki";
    $("compare").disabled = isBusy;
    $("send").hidden = !hasStates || asked.refusal !== "" || !["differs", "edited", "absent"].some((state) => this.notes.get(state));
    $("compared").textContent = hasStates ? this.summary() : "";
    $("refused").hidden = !asked?.refusal;
    $("refusal").textContent = asked?.refusal ?? "";
    $("refusal-help").textContent = asked?.help ?? "";
  }

  summary() {
    const found = Object.entries(COUNTED).filter(([state]) => this.notes.get(state));
    const parts = found.map(([state, words]) => counted(this.notes.get(state), words));
    const time = new Date(this.asked.time * 1000);
    const day = time.toDateString() === new Date().toDateString() ? {} : { day: "numeric", month: "short" };
    const when = time.toLocaleString([], { ...day, hour: "2-digit", minute: "2-digit" });
    const what = parts.length ? `of ${counted(this.total, ["note", "notes"])}, ${parts.join(", ")}` : "every note is there as shown";
    return `${this.asked.label || "Anki"} at ${when}: ${what}.`;
  }

  async compare(isQuiet = false) {
    if (this.isBusy) return;
    this.isBusy = true;
    this.draw();
    const { refusal, help } = await post("/anki/compare", {});
    this.last = performance.now();
    this.isBusy = false;
    if (refusal) this.asked = { label: "", time: 0, ...this.asked, refusal, help };
    this.draw();
    if (!isQuiet) this.tell($("refused").hidden ? $("compared").textContent : `${$("refusal").textContent}. ${$("refusal-help").textContent}`);
  }

  // ---- Sending

  say(title, lines, refused, { isAsking = false } = {}) {
    $("sending-title").textContent = title;
    $("sending-lines").replaceChildren(...lines.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
    $("sending-lines").hidden = !lines.length;
    $("sending-refused").hidden = !refused;
    $("sending-refusal").textContent = refused?.refusal ?? "";
    $("sending-help").textContent = refused?.help ?? "";
    $("sending-note").hidden = !isAsking;
    $("do-send").hidden = !isAsking;
    $("do-not-send").textContent = isAsking ? "Cancel" : "Close";
    $("do-not-send").disabled = false;
  }

  async plan() {
    this.say("Send to Anki", ["Looking at what would happen …"]);
    $("sending").showModal();
    const { number, lines, ...refused } = await post("/anki/plan", {});
    if (!$("sending").open) return;
    if (number === undefined) return this.say("Nothing is sent to Anki", lines, refused);
    this.number = number;
    if (lines.length) this.say("Send to Anki?", lines, null, { isAsking: true });
    else this.say("Nothing to send", ["Anki has every note as it is shown here."]);
  }

  async send() {
    const { number } = this;
    this.say("Sending to Anki", ["This may take a moment …"]);
    $("do-not-send").disabled = true;
    const { lines, ...refused } = await post("/anki/send", { number });
    this.last = performance.now();
    if (refused.refusal) this.say("Not sent to Anki", lines, refused);
    else this.say("Sent to Anki", lines);
  }
}
