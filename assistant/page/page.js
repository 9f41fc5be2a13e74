// A citation shows its passage. The link is followed here, because the page's base address would make it a new page.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#cite-"]');
  if (!link) return;
  event.preventDefault();
  const passage = document.getElementById(link.getAttribute("href").slice(1));
  if (!passage) return;
  document.querySelectorAll(".card.shown").forEach((card) => card.classList.remove("shown"));
  passage.closest(".card").classList.add("shown");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  passage.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  passage.focus({ preventScroll: true });
});
