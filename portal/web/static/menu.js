// Streamlit's menu on a phone puts headings between the items of a list, which a screen reader
// then announces wrongly. Its parts are named as what they are: a group of links.
(() => {
  "use strict";
  const name = (menu) => {
    if (!menu.hasAttribute("role")) menu.setAttribute("role", "group");
    for (const item of menu.querySelectorAll("li:not([role])")) item.setAttribute("role", "none");
  };
  new MutationObserver(() => {
    for (const menu of document.querySelectorAll("[data-testid=stSidebarNavItems]")) name(menu);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
