// The editors. Without this file they work the same: they do not ask, and say what does not fit once somebody saves.
const form = document.getElementById("editor");

// Asks before a page with unsaved changes is left.
let dirty = "dirty" in form.dataset;
form.addEventListener("input", () => { dirty = true; });
form.addEventListener("submit", () => { dirty = false; });
window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });

// Goes to the first field that is wrong: pages are long, and what is wrong may stand far below.
const FIELDS = "input:not([type=hidden]), select, textarea";
const wrong = document.getElementById("first-wrong");
if (wrong) {
  const place = document.getElementById(wrong.hash.slice(1));
  const field = place?.matches(FIELDS) ? place : place?.querySelector("[aria-invalid=true]") ?? place?.querySelector(FIELDS);
  field?.focus();
}

// A gate offers what fits its gauge, and begins as that gauge usually is. What was typed for one comes back with it.
const gauges = new Map([...document.querySelectorAll("#gauges")].flatMap(({ content }) => [...content.children]).map((one) => [one.value, one.dataset]));
const PARTS = ["operator", "threshold", "kind", "in_a_row", "exercise", "text"];
const part = (gate, name) => gate.querySelector(`[name$="-${name}"]`);
const valueOf = (field) => (field.type === "checkbox" ? "checked" : "value");
const typed = new WeakMap(); // gate -> the gauge it asks for, and the values of each gauge it has asked for

const offer = (select, codes) => {
  for (const option of select.options) option.hidden = option.disabled = !option.selected && !codes.split(" ").includes(option.value);
};
const fit = (gate) => {
  const usual = gauges.get(part(gate, "what").value);
  offer(part(gate, "operator"), usual.operators);
  offer(part(gate, "kind"), usual.kinds);
  const row = part(gate, "in_a_row");
  row.closest("label").hidden = !("daily" in usual) && !row.checked;
};
const turn = (gate) => {
  const { gauge, values } = typed.get(gate);
  const next = part(gate, "what").value;
  const { operator, threshold, kind } = gauges.get(next);
  values.set(gauge, PARTS.map((name) => { const field = part(gate, name); return field[valueOf(field)]; }));
  const wanted = values.get(next) ?? [operator, threshold, kind, false, "", ""];
  PARTS.forEach((name, n) => { const field = part(gate, name); field[valueOf(field)] = wanted[n]; });
  typed.set(gate, { gauge: next, values });
};
for (const gate of form.querySelectorAll(".gate-edit")) {
  typed.set(gate, { gauge: part(gate, "what").value, values: new Map() });
  fit(gate);
}
form.addEventListener("change", ({ target }) => {
  const gate = target.closest(".gate-edit");
  if (!gate) return;
  if (target === part(gate, "what")) turn(gate);
  fit(gate);
});
