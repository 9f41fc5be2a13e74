// The address tells the conversation, and the sentence or sources that were opened; back and forward go through both.
// The one rule: what the address tells is shown again by a reload.
(() => {
  const find = (selector) => document.querySelector(selector);
  const page = window.articleAssistant;
  const inAddress = () => new URLSearchParams(location.search).get("conversation") || "";

  let shown = inAddress(); // the conversation
  let wanted = location.hash; // what is to be opened as soon as it is there
  let chosen = false; // whether the reader chose another conversation, which back leaves again

  const open = (hash) => {
    const [, what, turn, number] = hash.match(/^#(cite|evidence)-(\d+)(?:-(\d+))?$/) || [];
    if (what === "cite") page.showQuote(turn, number);
    else if (what) page.showCardsOf(turn);
  };

  const write = (change, anew, state = null) => {
    const address = new URL(location.href);
    change(address);
    if (address.href === location.href) return;
    if (anew) history.pushState(state, "", address);
    else history.replaceState(state ?? history.state, "", address);
  };

  document.addEventListener("opened", (event) => {
    // What is opened first can be left by going back; what is opened after it takes its place.
    const first = !location.hash;
    write((address) => (address.hash = event.detail), first, first ? { opened: true } : null);
  });

  document.addEventListener("left", () => {
    if (!location.hash) return;
    if (history.state?.opened) history.back();
    else write((address) => (address.hash = ""));
  });

  document.addEventListener("sources-changed", () => {
    const hash = wanted;
    wanted = "";
    if (hash && document.getElementById(hash.slice(1))) open(hash);
    else write((address) => (address.hash = ""), false, {});
  });

  document.addEventListener("click", (event) => {
    if (event.isTrusted && event.target.closest?.("#history .entry, #history .fresh")) chosen = true;
  });

  addEventListener("popstate", () => {
    if (inAddress() === shown) {
      if (location.hash) open(location.hash);
      else page.showSources();
      return;
    }
    wanted = location.hash;
    const entry = inAddress() ? find(`#history .entry[data-id="${CSS.escape(inAddress())}"]`) : find("#history .fresh");
    if (entry) entry.click();
    else location.reload();
  });

  page.showAddress = (conversation) => {
    if (conversation !== inAddress()) {
      wanted = "";
      write((address) => {
        address.hash = "";
        if (conversation) address.searchParams.set("conversation", conversation);
        else address.searchParams.delete("conversation");
      }, chosen, {});
    }
    shown = conversation;
    chosen = false;
  };
})();
