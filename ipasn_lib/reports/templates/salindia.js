"use strict";
(() => {
  const deck = document.getElementById("dek");
  const frames = [...deck.querySelectorAll(".bingkai")];
  const news = document.getElementById("kabar");
  let now = 0;
  // Wide letters of a reader's own typeface may need more room than was estimated.
  const fit = (frame) => {
    const box = frame.querySelector(".isi");
    const limit = () => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1;
    let size = 1;
    while (limit() && size > 0.5) {
      size -= 0.05;
      frame.style.setProperty("--muat", size.toFixed(2));
    }
  };
  const scale = () => {
    const notes = document.body.classList.contains("bercatatan") ? 0.66 : 1;
    const wide = innerWidth, high = innerHeight * notes;
    const by = Math.min(wide / 1280, high / 720);
    deck.style.setProperty("--skala", by);
    deck.style.setProperty("--geser", (wide - 1280 * by) / 2 + "px");
    deck.style.setProperty("--turun", (high - 720 * by) / 2 + "px");
  };
  const show = (to, told) => {
    now = Math.max(0, Math.min(frames.length - 1, to));
    frames.forEach((frame, k) => frame.classList.toggle("kini", k === now));
    fit(frames[now]);
    if (!told) return;
    history.replaceState(null, "", "#s" + (now + 1));
    frames[now].querySelector("h1,h2").focus({preventScroll: true});
    news.textContent = `${deck.dataset.salindia} ${now + 1} ${deck.dataset.dari} ${frames.length}`;
  };
  const asked = () => (parseInt(location.hash.slice(2), 10) || 1) - 1;
  const keys = {
    ArrowRight: () => show(now + 1, true), ArrowDown: () => show(now + 1, true), PageDown: () => show(now + 1, true),
    ArrowLeft: () => show(now - 1, true), ArrowUp: () => show(now - 1, true), PageUp: () => show(now - 1, true),
    Home: () => show(0, true), End: () => show(frames.length - 1, true),
    n: () => { document.body.classList.toggle("bercatatan"); scale(); },
    f: () => { document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen(); },
    p: () => print(),
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") {
      if (event.target.closest("button")) return;
      event.preventDefault();
      show(now + (event.shiftKey ? -1 : 1), true);
    } else if (Object.hasOwn(keys, event.key)) {
      event.preventDefault();
      keys[event.key]();
    }
  });
  document.getElementById("maju").addEventListener("click", () => show(now + 1, true));
  document.getElementById("mundur").addEventListener("click", () => show(now - 1, true));
  addEventListener("hashchange", () => show(asked(), false));
  addEventListener("resize", scale);
  // Measured while all stand below one another, so that a printed deck fits, too.
  const start = () => { frames.forEach(fit); document.body.classList.add("tayang"); scale(); show(asked(), false); };
  document.fonts ? document.fonts.ready.then(start) : start();
})();
