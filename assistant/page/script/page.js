// Citations, the evidence panel, the theme and the drawers. What is asked and what is answered is the server's business.
// The one rule: what is opened and left is told to whoever listens (`opened`, `left`, `sources-changed`, `asked`).
(() => {
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const tell = (what, detail) => document.dispatchEvent(new CustomEvent(what, { detail }));
  const narrow = matchMedia("(max-width: 899px)");
  const drawer = matchMedia("(max-width: 1279px)"); // the list of conversations lies over the page
  const dark = matchMedia("(prefers-color-scheme: dark)");

  // ---- light or dark: the system's choice, until the reader makes another

  const theme = () => localStorage.getItem("theme") || (dark.matches ? "dark" : "light");
  const applyTheme = () => {
    document.documentElement.dataset.theme = theme();
    if (document.body && document.body.classList.contains("dark") !== (theme() === "dark"))
      document.body.classList.toggle("dark", theme() === "dark");
  };
  applyTheme();
  dark.addEventListener("change", applyTheme);

  // ---- the list of conversations, where it is a drawer

  const closeDrawer = (byKeyboard) => {
    document.body.classList.remove("history-turned");
    if (byKeyboard) find("#history-toggle")?.focus();
  };

  // ---- the evidence panel: one turn's sources at a time, as cards or as one article

  let opener = null;

  const showSources = (turn) => {
    const section = document.getElementById(`evidence-${turn}`);
    if (!section) return null;
    all(".sources").forEach((other) => (other.hidden = other !== section));
    return section;
  };

  const showCards = (section) => {
    all(".reading", section).forEach((article) => (article.hidden = true));
    find(".cards", section).hidden = false;
  };

  const openSheet = () => document.body.classList.add("evidence-open");
  const closeSheet = () => {
    if (!document.body.classList.contains("evidence-open")) return;
    document.body.classList.remove("evidence-open");
    opener?.focus();
    opener = null;
  };

  const leaveSheet = () => {
    closeSheet();
    tell("left");
  };

  const showCardsOf = (turn) => {
    const section = showSources(turn);
    if (section) showCards(section);
    find("#evidence").scrollTop = 0;
    if (narrow.matches) openSheet();
    tell(...(section && narrow.matches ? ["opened", section.id] : ["left"]));
  };

  const readArticle = (section, card) => {
    find(".cards", section).hidden = true;
    all(".reading", section).forEach((article) => (article.hidden = article.dataset.card !== card));
    return find(`.reading[data-card="${card}"]`, section);
  };

  const scrollTo = (panel, element) => {
    const [box, place] = [panel.getBoundingClientRect(), element.getBoundingClientRect()];
    panel.scrollTop += place.top - box.top - Math.max(80, (box.height - place.height) / 3);
  };

  const showQuote = (turn, number) => {
    const section = showSources(turn);
    const mark = document.getElementById(`cite-${turn}-${number}`);
    if (!section || !mark) return;
    const article = readArticle(section, mark.closest(".reading").dataset.card);
    all("mark.shown", section).forEach((other) => other.classList.remove("shown"));
    all(`mark[data-number="${number}"]`, article).forEach((part) => part.classList.add("shown"));
    const quotes = all('.reading mark[id^="cite-"]', section).length;
    all(".place", section).forEach((place) => (place.textContent = `Quote ${number} of ${quotes}`));
    section.dataset.number = number;
    if (narrow.matches) openSheet();
    scrollTo(find("#evidence"), mark);
    mark.focus({ preventScroll: true });
    tell("opened", mark.id);
  };

  const step = (section, by) => {
    const quotes = all('.reading mark[id^="cite-"]', section).length;
    const next = ((Number(section.dataset.number || 1) - 1 + by + quotes) % quotes) + 1;
    const button = document.activeElement?.closest(".step");
    showQuote(section.dataset.turn, next);
    if (button) find(`.reading:not([hidden]) .step[data-step="${by}"]`, section)?.focus({ preventScroll: true });
  };

  // ---- the card that a citation shows while the pointer or the keyboard is on it

  let peeked = null;

  const peek = (link) => {
    const { turn, number } = link.dataset;
    const marks = all(`#evidence-${turn} .reading mark[data-number="${number}"]`);
    if (!marks.length) return;
    unpeek();
    const card = document.createElement("div");
    card.id = "peek";
    card.setAttribute("role", "tooltip");
    const quote = document.createElement("p");
    quote.className = "peek-quote";
    quote.dir = "auto";
    marks.forEach((mark) => {
      const copy = mark.cloneNode(true);
      find(".number", copy)?.remove();
      quote.append(...copy.childNodes, " ");
    });
    const source = document.createElement("p");
    source.className = "details";
    const article = marks[0].closest(".reading");
    source.textContent = [find(".title", article), ...find(".details", article).childNodes]
      .map((part) => part.textContent.trim().replace(/\s+/g, " "))
      .filter(Boolean)
      .join(" · ");
    card.append(quote, source);
    (find(".gradio-container") || document.body).append(card);
    link.setAttribute("aria-describedby", "peek");
    peeked = link;
    const place = link.getBoundingClientRect();
    const width = Math.min(380, innerWidth - 24);
    card.style.width = `${width}px`;
    card.style.left = `${Math.max(12, Math.min(place.left - 40, innerWidth - width - 12))}px`;
    const above = place.top - card.offsetHeight - 8;
    card.style.top = `${above > 8 ? above : place.bottom + 8}px`;
  };

  const unpeek = () => {
    find("#peek")?.remove();
    peeked = null;
    all('[aria-describedby="peek"]').forEach((link) => link.removeAttribute("aria-describedby"));
  };

  // ---- what is clicked and typed

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest?.(selector);
    const link = on("a.cite");
    if (link) {
      event.preventDefault(); // the page's base address would make it a new page
      unpeek();
      opener = link;
      showQuote(link.dataset.turn, link.dataset.number);
      return;
    }
    const sources = on(".show-sources");
    if (sources) {
      event.preventDefault();
      opener = sources;
      showCardsOf(sources.dataset.turn);
      return;
    }
    const read = on(".read");
    if (read) {
      const section = read.closest(".sources");
      const article = readArticle(section, read.dataset.card);
      const mark = find("mark", article);
      if (mark?.dataset.number) showQuote(section.dataset.turn, mark.dataset.number);
      else if (mark) scrollTo(find("#evidence"), mark);
      return;
    }
    if (on(".back")) {
      const section = on(".sources");
      const { card } = on(".reading").dataset;
      showCardsOf(section.dataset.turn);
      find(`.card[data-card="${card}"] .read`, section)?.focus({ preventScroll: true });
    } else if (on(".step")) step(on(".sources"), Number(on(".step").dataset.step));
    else if (on(".close-sheet")) leaveSheet();
    else if (on(".edit-question")) {
      const field = find("#question textarea");
      field.value = on(".edit-question").dataset.question;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    } else if (on(".to-tab")) {
      const name = on(".to-tab").textContent;
      all('#tabs [role="tab"]').find((tab) => tab.textContent.trim() === name && tab.checkVisibility())?.click();
    } else if (on("#theme-toggle")) {
      localStorage.setItem("theme", theme() === "dark" ? "light" : "dark");
      applyTheme();
    } else if (on("#history-toggle")) document.body.classList.toggle("history-turned");
    else if (drawer.matches && (on("#history .entry, #history .fresh") || !on("#history"))) closeDrawer();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === " " && event.target.matches?.("a.cite, a.show-sources")) {
      event.preventDefault();
      event.target.click();
    }
    if (event.key !== "Escape") return;
    if (find("#peek")) unpeek();
    if (find(".turn.working")) find("#stop")?.click();
    else if (drawer.matches && document.body.classList.contains("history-turned")) closeDrawer(true);
    else if (document.body.classList.contains("evidence-open")) leaveSheet();
  });

  for (const [begin, end] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    document.addEventListener(begin, (event) => event.target.matches?.("a.cite") && peek(event.target));
    document.addEventListener(end, (event) => event.target.matches?.("a.cite") && unpeek());
  }

  // ---- a new question comes into view, and its sources from their beginning

  let newest = "";
  let newestSources = "";
  const follow = () => {
    applyTheme();
    if (peeked && !peeked.isConnected) unpeek();
    const last = all("#evidence .sources").at(-1);
    const sources = last ? `${last.id} ${last.getAttribute("aria-label")}` : "";
    if (sources !== newestSources) {
      newestSources = sources;
      find("#evidence").scrollTop = 0;
      tell("sources-changed");
    }
    const [scroll, turn] = [find("#scroll"), find("#current .turn")];
    const state = turn ? `${turn.id} ${turn.className}` : "";
    if (!scroll || state === newest) return;
    newest = state;
    tell("asked");
    // At once: a smooth movement would be ended by the next state of the turn.
    if (turn) scroll.scrollTop += turn.getBoundingClientRect().top - scroll.getBoundingClientRect().top - 4;
  };
  document.addEventListener("DOMContentLoaded", () => {
    applyTheme();
    new MutationObserver(follow).observe(document.body, { childList: true, subtree: true, attributeFilter: ["class"] });
  });

  // ---- what the server's events and the other scripts call

  window.articleAssistant = {
    showQuote,
    showCardsOf,
    // The cards of the sources that are shown, where an article was read.
    showSources() {
      closeSheet();
      all("#evidence .sources:not([hidden])").forEach(showCards);
    },
    save(text) {
      if (!text) return;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
      link.download = `${(text.match(/^# (.*)/)?.[1] || "conversation").replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60)}.md`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    },
  };
})();
