// Asks before a page with unsaved changes is left. Without this file the editor works the same and does not ask.
const form = document.getElementById("editor");
let dirty = "dirty" in form.dataset;
form.addEventListener("input", () => { dirty = true; });
form.addEventListener("submit", () => { dirty = false; });
window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
