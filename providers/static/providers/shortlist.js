// Clinics chosen to compare: kept in this browser, shown in a bar, sent to nobody. Every
// page is whole without it.
(() => {
  const bar = document.getElementById("shortlist");
  const said = document.getElementById("shortlist-said");
  const link = bar.querySelector("a.button");
  const words = bar.dataset;
  const KEY = "kapfinder.shortlist";
  const MOST = 4;
  // What of the question tells the way to a clinic.
  const WAY = "near lat lng unit currency driver fare rate nights night".split(" ");
  const buttons = new Map();
  const isComparing = location.pathname === link.pathname;
  let chosen = [];

  const read = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY)) || [];
      chosen = kept.filter(({ slug, name }) => slug && name).slice(0, MOST);
    } catch {
      chosen = [];
    }
  };

  const keep = (now) => {
    chosen = now;
    localStorage.setItem(KEY, JSON.stringify(chosen));
    draw();
  };

  const say = (sentence, name = "") => {
    const known = { name, count: chosen.length, most: MOST };
    said.textContent = sentence.replace(/\{(\w+)\}/g, (_all, word) => known[word]);
  };

  const isChosen = (slug) => chosen.some((one) => one.slug === slug);

  const forget = (slug, name) => {
    keep(chosen.filter((one) => one.slug !== slug));
    say(words.dropped, name);
  };

  const toggle = (slug, name) => {
    read(); // another tab may have changed it
    if (isChosen(slug)) {
      forget(slug, name);
    } else if (chosen.length === MOST) {
      draw();
      say(words.full);
    } else {
      keep([...chosen, { slug, name }]);
      say(words.taken, name);
    }
  };

  const button = (text, name, onPress) => {
    const made = document.createElement("button");
    const unseen = document.createElement("span");
    unseen.className = "unseen";
    unseen.textContent = ` ${name}`;
    made.type = "button";
    made.append(text, unseen);
    made.addEventListener("click", onPress);
    return made;
  };

  const chosenRow = ({ slug, name }) => {
    const row = document.createElement("li");
    const drop = button(words.remove, name, () => {
      forget(slug, name);
      (chosen.length ? bar.querySelector("summary") : document.getElementById("main")).focus();
    });
    drop.className = "plain";
    row.append(name, " ", drop);
    return row;
  };

  const draw = () => {
    bar.hidden = !chosen.length || !(buttons.size || isComparing);
    bar.querySelector(".count").textContent = `${chosen.length}/${MOST}`;
    bar.querySelector("ul").replaceChildren(...chosen.map(chosenRow));
    buttons.forEach((each, slug) => each.setAttribute("aria-pressed", isChosen(slug)));
    const asked = new URLSearchParams(location.search);
    const told = new URLSearchParams(chosen.map(({ slug }) => ["p", slug]));
    WAY.filter((name) => asked.get(name)).forEach((name) => told.append(name, asked.get(name)));
    link.search = told;
  };

  const slugOf = (path) => (/\/providers\/([-\w]+)\/$/.exec(path) || [])[1];

  const offer = (path, name, place) => {
    const slug = slugOf(path);
    if (!slug) return;
    const made = button(words.add, name, () => toggle(slug, name));
    made.className = "choose";
    buttons.set(slug, made);
    place.append(made);
  };

  read();
  try {
    localStorage.setItem(KEY, JSON.stringify(chosen));
  } catch {
    return; // nothing can be kept here: the plain links do the same
  }
  document.querySelectorAll("article.card").forEach((card) => {
    const to = card.querySelector("h3 a, h4 a");
    if (to) offer(to.pathname, to.textContent.trim(), card);
  });
  document.querySelectorAll(".to-compare").forEach((place) => {
    place.replaceChildren(); // the plain link, which the bar's does better
    offer(location.pathname, document.querySelector("h1").textContent.trim(), place);
  });
  document.querySelectorAll("a[data-slug]").forEach((remove) => {
    remove.addEventListener("click", () => {
      keep(chosen.filter(({ slug }) => slug !== remove.dataset.slug));
    });
  });
  bar.querySelector(":scope > p > button").addEventListener("click", () => {
    keep([]);
    say(words.forgotten);
    document.getElementById("main").focus();
  });
  addEventListener("storage", () => {
    read();
    draw();
  });
  draw();
})();
