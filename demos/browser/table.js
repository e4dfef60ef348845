// A small table: numbers, choices, times of day and short words, typed, or pasted out of a spreadsheet over the whole of it.
const house = window.house;
const LONGEST = 20_000; // letters, as core.table has it
const BLANK = { number: (column) => column.low, choice: (column) => column.options[0], clock: () => "12:00", word: (column) => "a".repeat(column.count) };

const numeric = (column) => house.made("input", [], {
  type: "number", min: column.low, max: column.high, step: column.step, inputmode: column.whole ? "numeric" : "decimal",
});
const chosen = (column) => house.made("select", column.options.map((option) => house.made("option", [], { value: option })));
const timed = () => house.made("input", [], { type: "text", inputmode: "numeric", maxLength: 5, placeholder: "HH:MM", autocomplete: "off" });
const spelt = (column) => house.made("input", [], { type: "text", maxLength: column.count, size: column.count, autocapitalize: "none", autocomplete: "off", spellcheck: false });
const MADE = { number: numeric, choice: chosen, clock: timed, word: spelt };
const asItIs = (input, value) => { if (input.value !== value) input.value = value; };

// What cannot be shown in its place, such as words where a number belongs, is still to be seen.
const shown = {
  number: (input, value) => {
    const text = typeof value === "number" ? String(Number(value.toPrecision(6))) : "";
    if (input.value !== text) input.value = text; // half a number is text of nothing, and stays
    input.placeholder = text ? "" : value ?? "";
  },
  choice: (select, value) => {
    select.querySelector("[data-strange]")?.remove();
    if (![...select.options].some((option) => option.value === value)) select.append(house.made("option", String(value), { value, "data-strange": "" }));
    select.value = value;
  },
  clock: asItIs,
  word: asItIs,
};

house.kinds.table = (element, props, _trigger, watch) => {
  const field = element.querySelector(".sheet"), { scope, parameter, columns, least, most } = props;
  const title = house.made("legend"), head = house.made("tr"), body = house.made("tbody");
  const more = house.made("button", house.icon("plus"), { type: "button", className: "more", onclick: () => add() });
  const box = house.made("div", house.made("table", [house.made("thead", head), body]), { className: "frame" });
  let rows = [], known = ""; // known: the value as it was last sent or read
  field.append(title, box, more);

  const name = (column, option) => house.say(scope, [parameter, column.name, option].filter(Boolean).join("."));
  const unit = (column) => column.unit && (house.known(scope, `units.${column.unit}`) ?? column.unit);
  const post = house.throttled((value) => { props.value = value; }); // gradio calls that a change
  const send = (value) => { known = JSON.stringify(value); post(value); };
  const set = (wanted) => {
    rows = wanted.map((row) => [...row]);
    fill();
    send(rows);
    return rows;
  };
  const edit = (i, k, value) => set(rows.map((row, at) => at === i ? row.map((old, j) => j === k ? value : old) : row));
  const focus = (i) => (body.rows[i]?.querySelector("input, select") ?? more).focus();
  const add = () => {
    set([...rows, rows.at(-1) ?? columns.map((column) => BLANK[column.kind](column))]);
    focus(rows.length - 1);
  };
  const drop = (i) => {
    set(rows.filter((_, at) => at !== i));
    focus(Math.min(i, rows.length - 1));
  };

  const cell = (column, k) => {
    const input = MADE[column.kind](column);
    input.onchange = () => edit(input.closest("tr").sectionRowIndex, k, house.sheet.read(input.value, column, name));
    return house.made("td", input, { "data-column": column.name });
  };
  const line = () => {
    const away = house.made("button", house.icon("close"), { type: "button", onclick: () => drop(away.closest("tr").sectionRowIndex) });
    return house.made("tr", [...columns.map(cell), house.made("td", away)]);
  };
  const label = (tr, i) => columns.forEach((column, k) => {
    const place = tr.cells[k], input = place.firstChild;
    place.dataset.row = i + 1;
    input.setAttribute("aria-label", house.say(scope, "cell", { number: i + 1, column: name(column) }));
    for (const option of input.options ?? []) option.textContent = name(column, option.value);
    shown[column.kind](input, rows[i][k]);
  });
  const fill = () => {
    while (body.rows.length > rows.length) body.lastChild.remove();
    while (body.rows.length < rows.length) body.append(line());
    [...body.rows].forEach((tr, i) => {
      const away = tr.lastChild.firstChild;
      label(tr, i);
      house.named(away, house.say(scope, "remove_row", { number: i + 1 }));
      away.hidden = rows.length <= least;
    });
    head.replaceChildren(...columns.map((column) => house.made("th", [name(column), house.made("small", unit(column))], { scope: "col" })), house.made("td"));
    more.hidden = rows.length >= most;
    title.textContent = house.say(scope, parameter);
    house.named(more, house.say(scope, "add_row"));
  };

  // What cannot stand here is sent as it is, so that the answer says what is wrong with it.
  field.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain"), isLong = text.length > LONGEST;
    const found = isLong ? [] : house.sheet(text, columns, name), isWhole = found.every((row) => row.length === columns.length);
    if (!isLong && found.length < 2 && !(found.length && isWhole && columns.length > 1)) return; // a cell's own text
    event.preventDefault();
    if (isLong) send(text.slice(0, LONGEST + 1));
    else if (isWhole && found.length >= least && found.length <= most) set(found);
    else send(found);
  });
  const read = () => {
    const now = JSON.stringify(props.value);
    if (now === known || !Array.isArray(props.value)) return;
    known = now;
    rows = props.value.map((row) => [...row]);
    fill();
  };
  house.register(element, parameter, { get: () => rows, set });
  house.onLook(fill);
  watch("value", read);
  read();
};
