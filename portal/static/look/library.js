// The library by keyboard. Without this file every link, box and star works by itself; htmx asks for the list.
const find = document.getElementById("find");
const query = document.getElementById("q");
const dialog = document.getElementById("keys");
const opener = document.querySelector(".keys-open");
const switched = document.getElementById("keys-on");
const KEPT = "library-keys-off"; // single characters can be in the way of speech input: they can be switched off

const remembered = (store) => { try { return store(window.localStorage); } catch { return null; } };
switched.checked = remembered((kept) => kept.getItem(KEPT)) === null;
const keysOn = () => switched.checked;
const showHints = () => document.querySelectorAll(".search kbd").forEach((hint) => { hint.hidden = !keysOn(); });
switched.addEventListener("change", () => {
  remembered((kept) => (keysOn() ? kept.removeItem(KEPT) : kept.setItem(KEPT, "1")));
  showHints();
});
opener.hidden = false;
opener.addEventListener("click", () => dialog.showModal());
showHints();

const tiles = () => [...document.querySelectorAll("#found .tile")];
const spotOf = (element) => element?.closest?.(".tile-spot");

// The nearest tile in a direction, by where tiles stand on the screen: rows may be of any width.
const beside = (tile, key) => {
  const all = tiles();
  const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (step) return all[all.indexOf(tile) + step];
  const here = tile.getBoundingClientRect();
  const down = key === "ArrowDown";
  const beyond = all
    .map((other) => ({ other, box: other.getBoundingClientRect() }))
    .filter(({ box }) => (down ? box.top >= here.bottom - 1 : box.bottom <= here.top + 1));
  const rows = beyond.map(({ box }) => box.top);
  const row = down ? Math.min(...rows) : Math.max(...rows);
  return beyond
    .filter(({ box }) => Math.abs(box.top - row) < 2)
    .sort((a, b) => Math.abs(a.box.left - here.left) - Math.abs(b.box.left - here.left))[0]?.other;
};

const go = (event, target) => {
  if (!target) return;
  event.preventDefault();
  target.focus();
  target.scrollIntoView({ block: "nearest" });
};

const press = (event, target) => {
  if (!target) return;
  event.preventDefault();
  target.click();
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
  const { key, target } = event;
  if (target === query && key === "ArrowDown") return go(event, tiles()[0]);
  if (target.matches?.("input:not([type=checkbox]), select, textarea")) return;
  const spot = spotOf(target);
  const tile = spot?.querySelector(".tile");
  if (tile === target && key.startsWith("Arrow")) {
    const next = beside(tile, key);
    return go(event, next ?? (key === "ArrowUp" ? query : null));
  }
  if (!keysOn()) return;
  if (key === "/") { go(event, query); query.select(); }
  if (key === "?") { event.preventDefault(); dialog.showModal(); }
  if (spot && key === "f") press(event, spot.querySelector(".star"));
  if (spot && key === "c") press(event, spot.querySelector(".pick input"));
});

// Words are asked for as they are typed. Leaving the field must not ask again: that answer, made before a star was
// pressed, would come after it.
query.addEventListener("change", (event) => event.stopPropagation());

// A chip is a link to the list without its filter. Here it unticks the filter's box, and the list follows.
find.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-off]");
  const box = chip && document.getElementById(chip.dataset.off);
  if (!box || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  box.checked = false;
  box.dispatchEvent(new Event("change", { bubbles: true }));
  document.getElementById("found").focus({ preventScroll: true });
});

// The bar keeps what was chosen and is not in the search. On a ladder such a one has a box as well, and the box counts.
find.addEventListener("change", ({ target }) => {
  if (target.name === "pick") document.querySelector(`#picked input[value="${target.value}"]`)?.remove();
}, { capture: true });

// While an answer is awaited the old list stays, and says so.
find.addEventListener("htmx:beforeRequest", () => document.getElementById("found").setAttribute("aria-busy", "true"));
find.addEventListener("htmx:afterRequest", () => document.getElementById("found").removeAttribute("aria-busy"));
