// Scrolls to the marked quote, also where the address has no fragment.
(() => {
  const mark = document.getElementById("quote-1");
  if (!mark) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const show = () => {
    mark.scrollIntoView({ block: "center", behavior: "auto" });
    mark.focus({ preventScroll: true });
    if (!calm) mark.classList.add("qa-arrived");
  };
  requestAnimationFrame(show);
  document.querySelector(".qa-banner a")?.addEventListener("click", (event) => {
    event.preventDefault();
    show();
  });
})();
