// Draws formulas. One MathJax serves all frames, in a document of its own: it sees TeX and gives SVG as text, and what comes of
// it stands in frames.
let loading = null;

const mathjax = () => {
  loading ??= new Promise((done) => {
    const frame = document.createElement("iframe");
    Object.assign(frame, { src: "/mathematics", hidden: true, title: "MathJax", onload: () => done(frame.contentWindow) });
    document.body.append(frame);
  });
  return loading;
};

export const draw = async (formulas) => (await mathjax()).draw(formulas);
