// Closes an open menu by Escape, which leaves the cursor on its button, or by a click beside it. Without this file its
// button alone does.
const open = () => [...document.querySelectorAll(".menu[open]")];

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  for (const menu of open()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of open()) menu.open = menu.contains(event.target);
});
