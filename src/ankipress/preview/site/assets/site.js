// What a script adds to pages that can be read without it: the theme, mathematics, search, answers shown at once.
"use strict";
(() => {
  const root = document.documentElement;
  const THEMES = ["system", "light", "dark"];
  const stored = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const store = (theme) => { try { localStorage.setItem("theme", theme); } catch { /* not allowed: the choice holds for this page */ } };
  let theme = THEMES.includes(stored()) ? stored() : "system";
  root.dataset.script = "";
  if (theme !== "system") root.dataset.theme = theme;  // before the first paint

  // Anki draws mathematics with MathJax; as SVG it needs no fonts, and with a local cache no part outside its shadow root.
  window.MathJax = {
    tex: { inlineMath: [["\\(", "\\)"]], displayMath: [["\\[", "\\]"]], packages: { "[+]": ["noerrors", "mathtools", "mhchem"] } },
    svg: { fontCache: "local" },
    options: { enableMenu: false, renderActions: { addMenu: [] } },
    startup: { typeset: false, ready() { MathJax.startup.defaultReady(); MathJax.startup.promise.then(startMath); } },
  };

  const hosts = () => Array.from(document.querySelectorAll(".isolated")).filter((host) => host.shadowRoot);

  function attach() {  // for browsers that do not know shadow roots in HTML
    for (const template of document.querySelectorAll("template[shadowrootmode]")) {
      const shadow = template.parentNode.attachShadow({ mode: "open" });
      shadow.append(template.content);
      template.remove();
    }
  }

  function show(next) {
    theme = next;
    if (theme === "system") delete root.dataset.theme; else root.dataset.theme = theme;
    for (const host of hosts()) {
      for (const link of host.shadowRoot.querySelectorAll("link[data-theme]")) {
        const own = link.dataset.theme;
        const system = own === "light" ? "print, (prefers-color-scheme: light)" : "screen and (prefers-color-scheme: dark)";
        const chosen = own === theme ? (own === "light" ? "all" : "screen") : (own === "light" ? "print" : "not all");
        link.media = theme === "system" ? system : chosen;
      }
    }
  }

  function addThemes() {
    const button = document.createElement("button");
    const label = () => { button.textContent = `Theme: ${theme}`; };
    button.type = "button";
    button.addEventListener("click", () => {
      show(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]);
      store(theme);
      label();
    });
    label();
    document.getElementById("tools").append(button);
    if (theme !== "system") show(theme);
  }

  function addAnswers() {
    const box = document.getElementById("all-answers");
    const answers = document.querySelectorAll("details.answer");
    box?.addEventListener("change", () => { for (const each of answers) each.open = box.checked; });
    // Where a browser cannot show folded answers on paper by style alone.
    let folded = [];
    addEventListener("beforeprint", () => {
      folded = Array.from(answers).filter((each) => !each.open);
      for (const each of folded) each.open = true;
    });
    addEventListener("afterprint", () => { for (const each of folded) each.open = false; });
  }

  function addSearch() {
    const controls = document.querySelector(".controls");
    const notes = Array.from(document.querySelectorAll(".note"));
    if (!controls || notes.length < 2) return;
    const texts = new Map();
    const textOf = (note) => {
      if (!texts.has(note)) {
        const inside = Array.from(note.querySelectorAll(".isolated"), (host) => host.shadowRoot?.querySelector(".card")?.textContent ?? "");
        texts.set(note, `${inside.join(" ")} ${note.querySelector(".meta").textContent}`.toLowerCase());
      }
      return texts.get(note);
    };
    const label = document.createElement("label");
    const field = Object.assign(document.createElement("input"), { type: "search", placeholder: "Search these cards" });
    const status = Object.assign(document.createElement("span"), { className: "none" });
    field.setAttribute("aria-label", "Search these cards");
    status.setAttribute("role", "status");
    label.append(field);
    controls.prepend(label);
    controls.append(status);
    field.addEventListener("input", () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      const found = notes.filter((note) => (note.hidden = !words.every((word) => textOf(note).includes(word)), !note.hidden));
      for (const section of document.querySelectorAll("main section")) section.hidden = !section.querySelector(".note:not([hidden])");
      status.textContent = words.length ? `${found.length} of ${notes.length}` : "";
    });
    controls.addEventListener("submit", (event) => event.preventDefault());
  }

  function addToCards() {
    for (const host of hosts()) {
      const shadow = host.shadowRoot;
      // Links inside a card, such as those of footnotes, end at its shadow root.
      shadow.addEventListener("click", (event) => {
        const link = event.target.closest?.('a[href^="#"]');
        const target = link && shadow.getElementById(decodeURIComponent(link.getAttribute("href").slice(1)));
        if (!target) return;
        event.preventDefault();
        target.scrollIntoView({ block: "nearest" });
        target.setAttribute("tabindex", "-1");
        target.focus({ preventScroll: true });
      });
      for (const place of shadow.querySelectorAll(".speech")) addSpeech(place);
    }
    makeReachable();
    document.addEventListener("toggle", makeReachable, true);
    addEventListener("resize", makeReachable);
  }

  function makeReachable() {  // what scrolls sideways can be reached by the keyboard
    for (const host of hosts()) {
      for (const box of host.shadowRoot.querySelectorAll("pre, table, .card, section, mjx-container")) {
        if (box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== "visible") box.tabIndex = 0;
      }
    }
  }

  function addSpeech(place) {
    if (!("speechSynthesis" in window)) return;
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "▶ Read aloud" });
    button.lang = "en";
    button.addEventListener("click", () => {
      const speech = new SpeechSynthesisUtterance(place.dataset.speech);
      speech.lang = place.dataset.language;
      speechSynthesis.cancel();
      speechSynthesis.speak(speech);
    });
    place.append(button);
  }

  function startMath() {
    const waiting = hosts().filter((host) => /\\[([]/.test(host.shadowRoot.querySelector(".card")?.textContent ?? ""));
    const draw = (some) => {
      const cards = some.map((host) => host.shadowRoot.querySelector(".card"));
      MathJax.typeset(cards);
      for (const host of some) host.shadowRoot.append(MathJax.svgStylesheet().cloneNode(true));
    };
    const next = () => {
      const some = waiting.splice(0, 8);
      if (some.length) draw(some);
      if (waiting.length) setTimeout(next); else { root.dataset.math = "done"; makeReachable(); }
    };
    addEventListener("beforeprint", () => { if (waiting.length) draw(waiting.splice(0)); });
    next();
  }

  function start() {
    attach();
    addThemes();
    addAnswers();
    addSearch();
    addToCards();
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
