// A table that is sorted by a press on a head; a second press turns it round.
const house = window.house;

house.kinds.rows = (element, props, _trigger, watch) => {
  const table = element.querySelector(".rows"), caption = element.querySelector("figcaption"), scope = props.scope;
  let by = -1, falls = false; // the column it is sorted by; -1: as it came

  const number = (cell) => typeof cell === "number";
  const before = (one, other) => number(one) && number(other) ? one - other : String(one).localeCompare(String(other));
  const sorted = (rows) => {
    const order = rows.map((_, i) => i), way = falls ? -1 : 1;
    return by < 0 ? order : order.sort((i, j) => way * before(house.said(scope, rows[i][by]), house.said(scope, rows[j][by])));
  };
  const head = (key, i) => {
    const button = house.made("button", house.said(scope, key), { type: "button", onclick: () => {
      [by, falls] = [i, by === i && !falls];
      draw();
      table.tHead.rows[0].cells[i].firstChild.focus();
    } });
    const cell = house.made("th", button, { scope: "col" });
    if (by === i) cell.setAttribute("aria-sort", falls ? "descending" : "ascending");
    return cell;
  };
  const cell = (value) => house.made("td", number(value) ? house.number(value) : house.said(scope, value), { className: number(value) ? "number" : "" });
  const draw = () => {
    const { head: keys, rows, marked = [], tag } = props.value ?? {};
    if (!rows) return;
    const line = (i) => house.made("tr", rows[i].map(cell), { className: marked.includes(i) ? "marked" : "" });
    table.replaceChildren(
      house.made("thead", house.made("tr", keys.map(head))), house.made("tbody", sorted(rows).map(line)),
    );
    table.setAttribute("aria-label", caption.textContent = house.say(scope, props.caption));
    table.dataset.tag = JSON.stringify(tag);
  };
  house.onLook(draw);
  watch("value", draw);
  draw();
};
