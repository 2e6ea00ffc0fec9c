// When a page is turned inside a place (the next section, the next question), Streamlit changes
// the address's query and keeps the scroll position: the reader would land at the end of the new
// text. This takes them to its beginning. Back and forward keep the position, as anywhere.
(() => {
  "use strict";
  let shown = location.pathname + location.search;
  const toTop = () => {
    const main = document.querySelector('[data-testid="stMain"]');
    if (main) main.scrollTo(0, 0);
  };
  for (const name of ["pushState", "replaceState"]) {
    const original = history[name];
    history[name] = function (...given) {
      const result = original.apply(this, given);
      const now = location.pathname + location.search;
      if (now !== shown) {
        shown = now;
        toTop();
      }
      return result;
    };
  }
  addEventListener("popstate", () => {
    shown = location.pathname + location.search;
  });
})();
