"use strict";
// The deck is reveal.js; here stand only the keys that differ, the fitting, and what it must not do.
(() => {
  const frames = [...document.querySelectorAll(".bingkai")];
  // Wide letters of a reader's own typeface may need more room than was estimated.
  const fit = (frame) => {
    const box = frame.querySelector(".isi");
    const limit = () => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1;
    for (let size = 1; limit() && size > 0.5;) {
      size -= 0.05;
      frame.style.setProperty("--muat", size.toFixed(2));
    }
  };
  const notes = () => {
    Reveal.configure({ showNotes: !Reveal.getConfig().showNotes });
    Reveal.layout();
  };
  const start = () => {
    // Each is measured before the first is shown, so that a printed deck fits, too.
    frames.forEach((frame) => {
      frame.classList.add("present");
      fit(frame);
      frame.classList.remove("present");
    });
    Reveal.initialize({
      width: 1280, height: 720, margin: 0, maxScale: 9, center: false, hash: true, hashOneBasedIndex: true,
      transition: "none", backgroundTransition: "none", controls: false, overview: true,
      postMessage: false, postMessageEvents: false, pdfSeparateFragments: false,
      keyboard: { 78: notes, 80: () => print() },
    });
  };
  document.getElementById("maju").addEventListener("click", () => Reveal.next());
  document.getElementById("mundur").addEventListener("click", () => Reveal.prev());
  document.fonts.ready.then(start);
})();
