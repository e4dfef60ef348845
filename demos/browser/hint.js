// Words that say more on hover, on focus and at a touch; Escape puts it away. What is said stays within the window.
const house = window.house;
const RIM = 8; // px between a hint and the edge of the window

let serial = 0;
const place = (hint) => {
  hint.style.translate = "";
  const { left, right } = hint.getBoundingClientRect(), wide = document.documentElement.clientWidth;
  const shift = right > wide - RIM ? wide - RIM - right : 0;
  hint.style.translate = `${Math.max(shift, RIM - left)}px`;
};

// more(): sentences that are only known when the hint is shown.
house.hinted = (words, said, more = () => []) => {
  const id = `hint-${++serial}`, hint = house.made("span", said, { className: "hint", role: "tooltip", id });
  const button = house.made("button", words, { type: "button", className: "hinted", "aria-describedby": id });
  const term = house.made("span", [button, hint], { className: "term" });
  const show = () => {
    term.classList.remove("put-away");
    if (!hint.dataset.whole) hint.append(...more());
    hint.dataset.whole = "yes";
    place(hint);
  };
  term.addEventListener("pointerenter", show);
  button.addEventListener("focus", show);
  return term;
};
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const term of document.querySelectorAll(".term:is(:hover, :focus-within)")) term.classList.add("put-away");
});
