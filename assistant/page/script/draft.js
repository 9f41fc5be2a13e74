// A question that is being written survives a reload, as where the server went away and came back.
// The one rule: it is forgotten as soon as it was asked.
(() => {
  const KEY = "draft";
  const find = (selector) => document.querySelector(selector);

  const giveBack = (field) => {
    const draft = sessionStorage.getItem(KEY);
    if (!draft || field.value) return;
    field.value = draft;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  document.addEventListener("input", (event) => {
    if (event.target.matches?.("#question textarea")) sessionStorage.setItem(KEY, event.target.value);
  });

  document.addEventListener("asked", () => {
    const draft = sessionStorage.getItem(KEY) || "";
    if (find("#current .question")?.textContent === draft.trim()) sessionStorage.removeItem(KEY);
  });

  document.addEventListener("DOMContentLoaded", () => {
    const waiting = new MutationObserver(() => {
      const field = find("#question textarea");
      if (!field) return;
      waiting.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => giveBack(field))); // when Gradio listens to it
    });
    waiting.observe(document.body, { childList: true, subtree: true });
  });
})();
