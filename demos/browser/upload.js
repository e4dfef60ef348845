// A small file: a text that is chosen, dropped, pasted or typed, or bytes that are chosen or dropped; what it has to be, the server says.
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

// Bytes travel as base64; a part at a time, for a call takes only so many arguments.
const PART = 2 ** 15;
const letters = (bytes) => {
  let text = "";
  for (let at = 0; at < bytes.length; at += PART) text += String.fromCharCode(...bytes.subarray(at, at + PART));
  return btoa(text);
};
const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(2);

house.kinds.upload = (element, props, _trigger, watch) => {
  const box = element.querySelector(".upload"), scope = props.scope, isText = props.suffix === "csv";
  const title = house.made("span", [], { className: "title" }), help = house.made("p", [], { className: "help" });
  const area = house.made("textarea", [], { rows: 6, spellcheck: false, wrap: "off", placeholder: props.example, autocomplete: "off" });
  const shown = house.made("p", [], { className: "shown" }); // in the place of bytes
  const complaint = house.made("p", [], { className: "fault", role: "alert", hidden: true });
  const chosen = house.made("input", [], { type: "file", accept: isText ? ".csv,.tsv,.txt,text/csv,text/plain" : `.${props.suffix}`, hidden: true });
  const buttons = { choose: () => chosen.click(), clear: () => send("") };
  const row = house.made("div", Object.entries(buttons).map(([key, press]) => {
    const node = house.made("button", [], { type: "button", onclick: press });
    node.dataset.key = key;
    return node;
  }), { className: "row" });
  let known = "", called = ""; // called: the file's own name
  box.append(title, help, isText ? area : shown, row, chosen, complaint);

  const complain = (key, filling) => {
    complaint.hidden = !key;
    complaint.textContent = key ? house.say(scope, key, filling) : "";
  };
  const show = () => {
    if (isText && area.value !== known) area.value = known;
    shown.textContent = known ? `${called || `${props.parameter}.${props.suffix}`} · ${house.number(Math.floor(known.length * 3 / 4))} B` : "–";
  };
  const send = (text, name = "") => {
    complain("");
    [known, called] = [text.slice(0, props.most + 1), name]; // one too many is refused in words
    show();
    props.value = known; // gradio calls that a change
  };
  const open = async (file) => {
    if (!file) return;
    if (isText && file.size > HEAVIEST) return complain("upload_size");
    const most = props.most * 3 / 4; // bytes in so many letters of base64
    if (!isText && file.size > most) return complain("upload_heavy", { name: file.name, size: megabytes(file.size), most: megabytes(most) });
    const bytes = new Uint8Array(await file.arrayBuffer());
    send(isText ? decoded(bytes) : letters(bytes), file.name);
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
    [known, called] = [props.value, ""];
    show();
  };
  show();
  house.register(element, props.parameter, { get: () => known, set: send });
  house.onLook(name);
  watch("value", draw);
  name();
  draw();
};
