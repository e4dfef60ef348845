// The text of a small file: chosen, dropped, pasted or typed; what it has to be, the server says.
const house = window.house;
const HEAVIEST = 20 * 2 ** 20;

// UTF-8, or what spreadsheets of a Chinese system write.
const decoded = (bytes) => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
};

house.kinds.upload = (element, props, _trigger, watch) => {
  const box = element.querySelector(".upload"), scope = props.scope;
  const title = house.made("span", [], { className: "title" }), help = house.made("p", [], { className: "help" });
  const area = house.made("textarea", [], { rows: 6, spellcheck: false, wrap: "off", placeholder: props.example, autocomplete: "off" });
  const complaint = house.made("p", [], { className: "fault", role: "alert", hidden: true });
  const chosen = house.made("input", [], { type: "file", accept: ".csv,.tsv,.txt,text/csv,text/plain", hidden: true });
  const buttons = { choose: () => chosen.click(), clear: () => send("") };
  const row = house.made("div", Object.entries(buttons).map(([key, press]) => {
    const node = house.made("button", [], { type: "button", onclick: press });
    node.dataset.key = key;
    return node;
  }), { className: "row" });
  let known = "";
  box.append(title, help, area, row, chosen, complaint);

  const complain = (key) => {
    complaint.hidden = !key;
    complaint.textContent = key ? house.say(scope, key) : "";
  };
  const send = (text) => {
    complain("");
    known = text.slice(0, props.most + 1); // one too many is refused in words
    if (area.value !== known) area.value = known;
    props.value = known; // gradio calls that a change
  };
  const open = async (file) => {
    if (!file) return;
    if (file.size > HEAVIEST) complain("upload_size"); else send(decoded(await file.arrayBuffer()));
  };
  area.onchange = () => send(area.value);
  chosen.onchange = () => { const [file] = chosen.files; chosen.value = ""; open(file); };
  box.ondragover = (event) => event.preventDefault();
  box.ondrop = (event) => { if (event.dataTransfer.files.length) { event.preventDefault(); open(event.dataTransfer.files[0]); } };

  const name = () => {
    title.textContent = house.say(scope, props.caption || props.parameter);
    area.setAttribute("aria-label", title.textContent);
    help.textContent = house.say(scope, `${props.parameter}.help`);
    for (const node of row.children) node.textContent = house.say(scope, `file_${node.dataset.key}`);
  };
  const draw = () => {
    if (typeof props.value !== "string" || props.value === known) return;
    known = area.value = props.value;
  };
  house.register(element, props.parameter, { get: () => known, set: send });
  house.onLook(name);
  watch("value", draw);
  name();
  draw();
};
