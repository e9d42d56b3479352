// What stands behind the pages of anki_pages.py: `show` puts a side of a card into the page, as the app does it, and is done
// when all of it is there: pictures, mathematics, masks.
"use strict";
// The apps put this into the page; here nobody listens.
window.bridgeCommand = window.pycmd = () => {};

const loaded = (file) =>
  new Promise((done, failed) => {
    const script = document.createElement("script");
    Object.assign(script, { src: file, onload: done, onerror: () => failed(new Error(`${file} is missing`)) });
    document.head.append(script);
  });
const until = async (condition, what) => {
  for (const start = performance.now(); !condition(); ) {
    if (performance.now() - start > 20000) throw new Error(`${what} never came`);
    await new Promise((done) => setTimeout(done, 4));
  }
};
const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

const apps = {
  // The reviewer's own script does it all: it fades the card out, puts it in, lets MathJax draw, and fades it in.
  async desktop({ front, back, side, classes }) {
    const qa = document.getElementById("qa");
    qa.style.opacity = "";
    if (side === "front") window._showQuestion(front, back, classes);
    else window._showAnswer(back, classes);
    await until(() => qa.style.opacity === "1", "the card");
  },
  // A page is made for each side. Replacing what differs between these pages is the same, and faster.
  async android({ front, back, side, classes }) {
    const content = document.getElementById("content");
    document.body.className = classes;
    content.innerHTML = side === "front" ? front : back;
    for (const old of content.querySelectorAll("script")) {
      const script = document.createElement("script");
      script.textContent = old.textContent;
      old.replaceWith(script);
    }
    if (!/\\\(|\\\[/.test(content.textContent)) return;
    if (!window.MathJax) {
      await loaded("/_anki/js/mathjax.js");
      await loaded("/_anki/js/vendor/mathjax/tex-chtml-full.js");
    }
    await window.MathJax.startup.promise;
    window.MathJax.typesetClear();
    await window.MathJax.typesetPromise([content]);
  },
};

window.show = async (app, card) => {
  await apps[app](card);
  for (const details of document.querySelectorAll("details")) details.open ||= card.unfold;
  await Promise.all(
    Array.from(document.images, (image) => image.decode().catch(() => console.error(`broken picture: ${image.src}`))),
  );
  await document.fonts.ready;
  const occluded = document.getElementById("image-occlusion-container");
  if (!occluded) return;
  await until(() => occluded.style.aspectRatio, "the image occlusion");
  await painted();
};
