// A long list of which only what is near the screen is in the page. Heights are measured when a row is first seen; until then
// they are guessed, and what is on the screen stays where it is when a guess above it turns out wrong.
const NEAR = 700; // pixels above and below the screen
const FIRST = 300; // milliseconds in which what is on the screen is drawn, and nothing else
const GUESS = 260;

export class List {
  constructor(feed, { make, fill }) {
    Object.assign(this, { feed, make, fill });
    this.keys = [];
    this.places = new Map(); // of each key
    this.heights = new Map(); // of each key that was seen
    this.tops = new Float64Array(1);
    this.rows = new Map(); // by key, those in the page
    this.spare = [];
    this.isAsked = false;
    this.near = 0;
    this.anchor = null;
    this.sizes = new ResizeObserver((entries) => this.measured(entries));
    addEventListener("scroll", () => this.ask(), { passive: true });
    addEventListener("resize", () => (this.keepAnchor(), this.ask()));
  }

  // Make some rows before it is known what they show: their frames load meanwhile.
  prepare(count) {
    for (let made = 0; made < count; made++) {
      const row = this.make();
      row.element.hidden = true;
      this.feed.prepend(row.element);
      row.frames[0].attach();
      this.spare.push(row); // the first in the page is taken first, and no frame is moved
    }
  }

  // Show these keys. What is on the screen stays where it is, as far as it is among them.
  set(keys) {
    const anchor = this.seen();
    if (!this.near && keys.length) setTimeout(() => ((this.near = NEAR), this.ask()), FIRST);
    this.keys = keys;
    this.places = new Map(keys.map((key, place) => [key, place]));
    this.lay();
    this.render();
    const kept = anchor?.find(({ key }) => this.places.has(key));
    if (kept) scrollTo({ top: this.start() + this.tops[this.places.get(kept.key)] - kept.above, behavior: "instant" });
    this.render();
  }

  start() {
    return this.feed.getBoundingClientRect().top + scrollY;
  }

  // What of the page the bar at the top covers.
  get covered() {
    return parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
  }

  lay() {
    const { keys, heights } = this;
    if (this.tops.length !== keys.length + 1) this.tops = new Float64Array(keys.length + 1);
    let top = 0;
    const guess = this.guess();
    for (let place = 0; place < keys.length; place++) {
      this.tops[place] = top;
      top += heights.get(keys[place]) ?? guess;
    }
    this.tops[keys.length] = top;
    this.feed.style.height = `${top}px`;
  }

  guess() {
    if (!this.heights.size) return GUESS;
    let sum = 0;
    for (const height of this.heights.values()) sum += height;
    return Math.round(sum / this.heights.size);
  }

  // The place of the row at a height of the feed.
  at(y) {
    let [low, high] = [0, this.keys.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.tops[middle] <= y) low = middle;
      else high = middle - 1;
    }
    return Math.max(low, 0);
  }

  // The rows on the screen, with the way from each up to the top of the screen; null where nothing is scrolled away.
  seen() {
    if (!this.keys.length || scrollY < 1) return null;
    const top = scrollY - this.start();
    const [first, last] = [this.at(top + this.covered), this.at(top + innerHeight)];
    const found = [];
    for (let place = first; place <= last; place++) found.push({ key: this.keys[place], above: this.tops[place] - top });
    return found;
  }

  keepAnchor() {
    this.anchor ??= this.seen()?.[0] ?? null;
  }

  ask() {
    if (this.isAsked) return;
    this.isAsked = true;
    requestAnimationFrame(() => {
      this.isAsked = false;
      this.render();
    });
  }

  render() {
    const { keys, rows, feed } = this;
    const top = scrollY - this.start();
    const first = keys.length ? this.at(top - this.near) : 0;
    const last = keys.length ? this.at(top + innerHeight + this.near) : -1;
    const wanted = new Set(keys.slice(first, last + 1));
    // A row with the focus stays in the page, or the keyboard would lose its place.
    const focused = document.activeElement?.closest("article")?.dataset.key;
    if (this.places.has(focused)) wanted.add(focused);
    for (const [key, row] of rows) {
      if (wanted.has(key)) continue;
      rows.delete(key);
      this.sizes.unobserve(row.element);
      row.element.hidden = true;
      this.spare.push(row);
    }
    const order = Array.from(wanted, (key) => this.places.get(key)).sort((a, b) => a - b);
    let before = feed.firstElementChild;
    for (const place of order) {
      const key = keys[place];
      let row = rows.get(key);
      if (!row) {
        row = this.spare.pop() ?? this.make();
        rows.set(key, row);
        row.element.hidden = false;
        row.element.dataset.key = key;
      }
      while (before && before.hidden) before = before.nextElementSibling;
      if (row.element === before) before = before.nextElementSibling;
      else this.put(row.element, before);
      row.element.style.top = `${this.tops[place]}px`;
      this.fill(row, key, place);
      this.sizes.observe(row.element);
    }
  }

  // In their order, for the keyboard and for those who listen. Where a browser can, a frame is moved without being loaded anew.
  put(element, before) {
    if (element.isConnected && this.feed.moveBefore) this.feed.moveBefore(element, before);
    else this.feed.insertBefore(element, before);
  }

  // Fill again what is in the page.
  refresh() {
    for (const [key, row] of this.rows) this.fill(row, key, this.places.get(key));
  }

  measured(entries) {
    let isOther = false;
    const anchor = this.anchor ?? this.seen()?.[0];
    for (const { target } of entries) {
      const { key } = target.dataset;
      const height = target.offsetHeight;
      if (target.hidden || !this.rows.has(key) || this.heights.get(key) === height) continue;
      this.heights.set(key, height);
      isOther = true;
    }
    if (!isOther) return;
    this.lay();
    for (const [key, row] of this.rows) row.element.style.top = `${this.tops[this.places.get(key)]}px`;
    if (anchor && this.places.has(anchor.key)) {
      const wanted = this.start() + this.tops[this.places.get(anchor.key)] - anchor.above;
      if (Math.abs(wanted - scrollY) >= 1) scrollTo({ top: wanted, behavior: "instant" });
    }
    clearTimeout(this.forgetting);
    this.forgetting = setTimeout(() => (this.anchor = null), 200);
    this.ask();
  }

  // Other widths: every height is a guess again, but what is on the screen stays.
  forget() {
    this.keepAnchor();
    for (const key of this.heights.keys()) if (!this.rows.has(key)) this.heights.delete(key);
    this.lay();
    this.ask();
  }

  // Bring a card onto the screen, all of it if it fits, and give it the focus.
  go(key, smooth) {
    const place = this.places.get(key);
    if (place === undefined) return;
    const [top, bottom] = [this.start() + this.tops[place], this.start() + this.tops[place + 1]];
    const [high, low] = [scrollY + this.covered + 8, scrollY + innerHeight - 8];
    const target = top < high || bottom - top > low - high ? top - this.covered - 12 : bottom > low ? bottom - innerHeight + 12 : null;
    this.anchor = null;
    if (target !== null) scrollTo({ top: target, behavior: smooth ? "smooth" : "instant" });
    this.render();
    if (!this.rows.has(key)) {
      // It is far away: the focus goes before the scrolling, so that the row is made.
      scrollTo({ top: target, behavior: "instant" });
      this.render();
    }
    this.rows.get(key)?.element.focus({ preventScroll: true });
  }
}
