// One key answers a group and goes on to the next; Enter saves and goes to the next
// listing. Without this script the radio buttons work as usual.
"use strict";

{
  const sheet = document.getElementById("call-sheet");
  const groups = [...sheet.querySelectorAll("fieldset.group")];
  const next = document.getElementById("save-next");
  const stand = document.getElementById("prices-stand");
  const radio = "input[type=radio][data-key]";
  let touched = document.querySelector(".errornote") !== null;

  function isTyping(element) {
    if (element.matches("textarea, select")) return true;
    return element.matches("input:not([type=radio], [type=checkbox], [type=submit])");
  }

  function enter(group) {
    if (!group) {
      next.focus();
      return;
    }
    const outcomes = group.querySelector(".outcomes");
    outcomes.querySelector("input:checked, input").focus({ preventScroll: true });
  }

  function goOn(group) {
    enter(after(group));
    (after(group) || next).scrollIntoView({ block: "nearest" });
  }

  function after(group) {
    return groups[groups.indexOf(group) + 1];
  }

  function groupOf(element) {
    return element.closest("fieldset.group") || groups.find(isUnanswered) || groups[0];
  }

  function isUnanswered(group) {
    return group.querySelector(`${radio}:checked`) === null;
  }

  function answer(group, chosen) {
    chosen.checked = true;
    touched = true;
    if (chosen.value !== "changed") {
      goOn(group);
      return;
    }
    const details = group.querySelector("details.edit");
    details.open = true;
    details.querySelector("input:not([type=hidden]), select").focus();
  }

  function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const at = event.target;
    const group = groupOf(at);
    if (event.key === "Escape" && at.closest("fieldset.group")) {
      goOn(group);
      event.preventDefault();
    } else if (event.key === "Enter" && at.matches("input:not([type=submit])")) {
      event.preventDefault(); // never saves from within a field
      if (at.matches(".outcomes input")) next.click();
    } else if (event.key.toLowerCase() === "p" && stand && !isTyping(at) && !event.repeat) {
      event.preventDefault();
      stand.click();
    } else if (!isTyping(at) && !event.repeat) {
      const chosen = group.querySelector(`.outcomes [data-key="${event.key.toLowerCase()}"]`);
      if (!chosen) return;
      event.preventDefault();
      answer(group, chosen);
    }
  }

  document.addEventListener("keydown", onKey);
  sheet.addEventListener("input", () => { touched = true; });
  sheet.addEventListener("submit", () => { touched = false; });
  window.addEventListener("beforeunload", (event) => {
    if (touched) event.preventDefault();
  });
  enter(groups.find((group) => group.matches(".errors")) || groups[0]);
}
