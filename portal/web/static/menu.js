// Streamlit's menu on a phone puts headings between the items of a list, which a screen reader
// then announces wrongly. Its parts are named as what they are: a group of links. Its field for
// files calls itself presentation and takes the focus: it is a group as well.
(() => {
  "use strict";
  const name = (menu) => {
    if (!menu.hasAttribute("role")) menu.setAttribute("role", "group");
    for (const item of menu.querySelectorAll("li:not([role])")) item.setAttribute("role", "none");
  };
  new MutationObserver(() => {
    for (const menu of document.querySelectorAll("[data-testid=stSidebarNavItems]")) name(menu);
    for (const field of document.querySelectorAll("[data-testid=stFileUploaderDropzone][role=presentation]"))
      field.setAttribute("role", "group");
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
