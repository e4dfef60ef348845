// A picture file as a digit of MNIST: dark paper, ink scaled into 20 by 20, its centre of mass in the middle of 28 by 28.
const house = window.house;
const WORK = 280, BOX = 20, FAINT = 0.12;

// Grey levels of the file on white paper, 0 is black.
const levels = async (file) => {
  const image = await house.opened(file);
  const scale = WORK / Math.max(image.width, image.height), [width, height] = [image.width, image.height].map((side) => Math.max(1, Math.round(side * scale)));
  const pen = house.made("canvas", [], { width, height }).getContext("2d");
  pen.fillStyle = "white";
  pen.fillRect(0, 0, width, height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(image, 0, 0, width, height);
  const { data } = pen.getImageData(0, 0, width, height);
  const grey = Float32Array.from({ length: width * height }, (_, i) => (0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2]) / 255);
  return { grey, width, height };
};

// Ink is what differs from the paper; the paper is the median of the rim.
const inked = ({ grey, width, height }) => {
  const rim = grey.filter((_, i) => i % width === 0 || i % width === width - 1 || i < width || i >= width * (height - 1)).sort();
  const paper = rim[rim.length >> 1], sign = paper > 0.5 ? -1 : 1;
  let top = 0;
  const ink = grey.map((value) => { const each = Math.max(0, sign * (value - paper)); top = Math.max(top, each); return each; });
  if (top < 0.15) house.refuse("upload_empty");
  return { ink: ink.map((value) => value / top < FAINT ? 0 : value / top), width, height };
};

const frame = ({ ink, width, height }) => {
  let [left, right, top, bottom] = [width, 0, height, 0];
  ink.forEach((value, i) => {
    if (!value) return;
    const [x, y] = [i % width, Math.floor(i / width)];
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x + 1), Math.min(top, y), Math.max(bottom, y + 1)];
  });
  return [left, top, right - left, bottom - top];
};

const drawn = (source, [left, top, w, h], dx, dy) => {
  const scale = BOX / Math.max(w, h), pen = house.made("canvas", [], { width: 28, height: 28 }).getContext("2d", { willReadFrequently: true });
  pen.imageSmoothingQuality = "high";
  pen.drawImage(source, left, top, w, h, 14 - w * scale / 2 + dx, 14 - h * scale / 2 + dy, w * scale, h * scale);
  const { data } = pen.getImageData(0, 0, 28, 28);
  return Float32Array.from({ length: 784 }, (_, i) => data[4 * i + 3] / 255);
};
const centre = (ink) => {
  const sum = (weigh) => ink.reduce((total, value, i) => total + value * weigh(i), 0), all = sum(() => 1);
  return [sum((i) => i % 28 + 0.5) / all, sum((i) => Math.floor(i / 28) + 0.5) / all];
};

house.portrait = async (file) => {
  const found = inked(await levels(file)), edges = frame(found);
  const canvas = house.made("canvas", [], { width: found.width, height: found.height }), pixels = new ImageData(found.width, found.height);
  found.ink.forEach((value, i) => { pixels.data[4 * i + 3] = 255 * value; });
  canvas.getContext("2d").putImageData(pixels, 0, 0);
  const [x, y] = centre(drawn(canvas, edges, 0, 0));
  const ink = drawn(canvas, edges, Math.round(14 - x), Math.round(14 - y)), top = Math.max(...ink);
  return ink.map((value) => value / top);
};
