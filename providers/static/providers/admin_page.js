/* Comfort on pages with a long form: blank rows, and a warning before typing is lost.
   Everything works without it. */
(function () {
  "use strict";

  const form = document.querySelector("#content-main form[method=post]");
  if (!form) return;

  // Rows of a grid: the template's copy, numbered behind the last one.
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-add]");
    if (button) add(button.dataset.add);
  });

  function add(prefix) {
    const total = document.getElementById(`id_${prefix}-TOTAL_FORMS`);
    const number = total.value;
    const source = [...document.querySelectorAll("template[data-row-of]")].find(
      (template) => template.dataset.rowOf === prefix,
    );
    const copy = document.createElement("template");
    copy.innerHTML = source.innerHTML.replaceAll(
      `${prefix}-__prefix__`,
      `${prefix}-${number}`,
    );
    const row = copy.content.firstElementChild;
    const rows = [...document.querySelectorAll("[data-rows]")].find(
      (element) => element.dataset.rows === prefix,
    );
    rows.append(row);
    total.value = Number(number) + 1;
    reveal(row);
    row.querySelector("select, input:not([type=hidden])").focus();
  }

  function reveal(within) {
    within.querySelectorAll("button[data-add]").forEach((button) => {
      button.hidden = false;
    });
  }
  reveal(document);

  // A number typed beside a question that counts is its answer.
  form.addEventListener("input", (event) => {
    const row = event.target.closest(".fact-row .number") && event.target.closest(".fact-row");
    const chosen = row && row.querySelector("input[type=radio]:checked");
    if (chosen && chosen.value === "" && event.target.value) {
      row.querySelector("input[value=yes]").checked = true;
    }
  });

  // Unsaved typing. A page that came back with errors holds some already.
  const state = () => new URLSearchParams(new FormData(form)).toString();
  let saved = document.querySelector(".errornote") ? null : state();
  let leaving = false;
  form.addEventListener("submit", () => {
    leaving = true;
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) leaving = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && state() !== saved) event.preventDefault();
  });
  // Django's own scripts fill some fields in as the page loads.
  window.addEventListener("load", () => {
    if (saved !== null) saved = state();
  });
})();
