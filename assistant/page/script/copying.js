// A quote with its source goes into the clipboard. The one rule: what is copied is what the server wrote, to the letter.
(() => {
  const TOLD = 2000; // milliseconds

  // Over plain HTTP from another machine there is no clipboard for scripts but this old way.
  const copyByHand = (text) => {
    const field = document.createElement("textarea");
    field.value = text;
    field.setAttribute("readonly", "");
    field.style.position = "fixed";
    field.style.opacity = "0";
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyByHand(text);
    }
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.(".copy");
    if (!button) return;
    const copied = await copy(button.nextElementSibling.textContent);
    button.focus({ preventScroll: true });
    button.textContent = copied ? "Copied" : "Not copied: the browser refused";
    setTimeout(() => (button.textContent = "Copy"), TOLD);
  });
})();
