// A colour picture of 64 by 64 points: from a file, dropped, pasted, by the camera, or drawn; see core/picture.py.
const house = window.house;
const SIDE = 64, SHOWN = 196, PEN = 3, QUALITIES = [0.92, 0.85, 0.75, 0.6, 0.4, 0.2];

const blank = () => house.made("canvas", [], { width: SIDE, height: SIDE });
const letters = async (canvas, most) => {
  for (const quality of QUALITIES) {
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
    const text = btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
    if (text.length <= most) return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  }
};
const address = (text) => `data:image/jpeg;base64,${text.replaceAll("-", "+").replaceAll("_", "/")}`;

// The largest square from the middle, on white paper.
const cover = (canvas, source, width, height) => {
  const pen = canvas.getContext("2d"), side = Math.min(width, height);
  pen.fillStyle = "white";
  pen.fillRect(0, 0, SIDE, SIDE);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(source, (width - side) / 2, (height - side) / 2, side, side, 0, 0, SIDE, SIDE);
};

// A video in the place of the paper until it is taken or left.
const camera = (video) => {
  let stream = null;
  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.hidden = true;
  };
  const start = async () => {
    stream = await navigator.mediaDevices?.getUserMedia({ video: { facingMode: "user", width: { ideal: 640 } } }).catch(() => null);
    if (!stream) house.refuse("camera_none");
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
  };
  return { start, stop, isOn: () => stream !== null };
};

house.kinds.photo = (element, props, _trigger, watch) => {
  const box = element.querySelector(".photo"), scope = props.scope, small = blank();
  const title = house.made("span", [], { className: "title" }), canvas = house.made("canvas", [], { role: "img" });
  const video = house.made("video", [], { muted: true, playsInline: true, hidden: true }), lens = camera(video);
  const complaint = house.made("p", [], { className: "fault", role: "alert", hidden: true });
  const chosen = house.made("input", [], { type: "file", accept: "image/*", hidden: true });
  const ink = house.made("input", [], { type: "color", value: "#d55e00" });
  const help = house.made("p", [], { className: "help" });
  let serial = 0, at = null, known = "";

  const paint = () => new house.CanvasPen(canvas, SHOWN, SHOWN).image(small, [0, 0, SIDE, SIDE], [0, 0, SHOWN, SHOWN]);
  const commit = async () => {
    const mine = ++serial, text = await letters(small, props.most);
    if (mine === serial) props.value = known = text; // gradio calls that a change
  };
  const attempt = async (action) => {
    complaint.hidden = true;
    try {
      await action();
    } catch (error) {
      if (!error.key) throw error;
      complaint.textContent = house.say(scope, error.key);
      complaint.hidden = false;
    }
    name();
  };
  const take = (source, width, height) => { cover(small, source, width, height); paint(); return commit(); };
  const open = (file) => attempt(async () => {
    if (!file) return;
    const image = await house.opened(file);
    lens.stop();
    return take(image, image.width, image.height);
  });
  const look = () => attempt(async () => {
    if (!lens.isOn()) return lens.start();
    await take(video, video.videoWidth, video.videoHeight);
    lens.stop();
  });
  const set = (text) => {
    const image = new Image(), mine = ++serial;
    image.onload = () => { if (mine === serial) { cover(small, image, image.width, image.height); paint(); } };
    image.src = address(known = text);
  };
  const clean = () => { lens.stop(); cover(small, blank(), SIDE, SIDE); paint(); return commit(); };
  const back = () => { lens.stop(); complaint.hidden = true; set(props.start); props.value = props.start; name(); };

  const presses = { upload: () => chosen.click(), camera: look, clear: clean, back };
  const row = house.made("div", Object.entries(presses).map(([key, press]) => {
    const node = house.made("button", [], { type: "button", onclick: press });
    node.dataset.key = key;
    return node;
  }), { className: "row" });
  row.append(ink);
  box.append(title, canvas, video, help, row, chosen, complaint);
  chosen.onchange = () => { const [file] = chosen.files; chosen.value = ""; open(file); };
  box.ondragover = (event) => event.preventDefault();
  box.ondrop = (event) => { event.preventDefault(); open(event.dataTransfer.files[0]); };
  box.onpaste = (event) => open(event.clipboardData.files[0]);

  const under = (event) => {
    const paper = canvas.getBoundingClientRect();
    return [(event.clientX - paper.left) / paper.width * SIDE, (event.clientY - paper.top) / paper.height * SIDE];
  };
  const stroke = (to) => {
    const pen = small.getContext("2d");
    [pen.strokeStyle, pen.lineWidth, pen.lineCap] = [ink.value, PEN, "round"];
    pen.beginPath();
    pen.moveTo(...at);
    pen.lineTo(...to);
    pen.stroke();
    at = to;
    paint();
  };
  canvas.onpointerdown = (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    at = under(event);
    stroke(at);
  };
  canvas.onpointermove = (event) => { if (at) stroke(under(event)); };
  canvas.onpointerup = canvas.onpointercancel = () => { if (at) { at = null; commit(); } };

  const name = () => {
    title.textContent = house.say(scope, props.caption || props.parameter);
    canvas.setAttribute("aria-label", title.textContent);
    canvas.hidden = lens.isOn();
    help.textContent = house.say(scope, "photo_help");
    house.named(ink, house.say(scope, "photo_ink"));
    for (const node of row.querySelectorAll("button")) {
      node.textContent = house.say(scope, `photo_${node.dataset.key === "camera" && lens.isOn() ? "take" : node.dataset.key}`);
    }
    paint();
  };
  const draw = () => { if (props.value && props.value !== known) set(props.value); };
  house.register(element, props.parameter, { get: () => known, set: (text) => { props.value = text; } });
  house.onLook(name);
  watch("value", draw);
  name();
  draw();
};
