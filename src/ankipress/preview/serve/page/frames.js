// The frames of the cards, as seen from the page: what is sent to each, and what it says. A frame is not trusted.
import { draw } from "./mathematics.js";

const frames = new WeakMap(); // by window
let last = 0;

// Anki's names for what it runs on.
const platform = /Mac/.test(navigator.platform) ? "isMac" : /Win/.test(navigator.platform) ? "isWin" : "isLin";

export class Frame {
  constructor(element, heard) {
    Object.assign(this, { element, heard, isReady: false, showing: "", shown: 0, next: null });
  }

  // Listen to its window, which is another one whenever the frame was put elsewhere.
  attach() {
    if (this.element.contentWindow) frames.set(this.element.contentWindow, this);
  }

  // `key` stands for all of it: what is shown already is not shown again.
  show(key, card) {
    if (this.showing === key) return;
    this.showing = key;
    this.shown = ++last;
    const { ord, dark, mobile } = card;
    this.next = {
      ...card,
      shown: this.shown,
      classes: `card card${ord + 1} ${platform}${dark ? " nightMode night_mode" : ""}`,
      rootClasses: [mobile && "mobile", dark && "night-mode"].filter(Boolean).join(" "),
    };
    this.send();
  }

  send() {
    if (this.isReady && this.next) this.element.contentWindow.postMessage(this.next, "*");
  }

  tell(message) {
    if (this.isReady) this.element.contentWindow.postMessage({ ...message, shown: this.shown }, "*");
  }

  async hear(data) {
    if (data.ready) {
      this.isReady = true;
      this.send();
    } else if (data.shown !== this.shown) {
      return;
    } else if (Array.isArray(data.tex)) {
      const { shown } = this;
      const svgs = await draw(data.tex.slice(0, 500).map(({ tex, display }) => ({ tex: String(tex), display: display === true })));
      if (shown === this.shown) this.tell({ svgs });
    } else {
      this.heard(data);
    }
  }
}

addEventListener("message", ({ source, data }) => {
  if (data && typeof data === "object") frames.get(source)?.hear(data);
});
