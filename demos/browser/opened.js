// A picture file that a visitor brings: what cannot be shown is refused before it is unpacked.
const house = window.house;
const HEAVIEST = 20 * 2 ** 20, MOST_POINTS = 64e6; // more than phones take

const refuse = (key) => { throw Object.assign(new Error(key), { key }); };
const says = (bytes, at, text) => [...text].every((letter, i) => bytes.getUint8(at + i) === letter.charCodeAt(0));

// A marker of JPEG that begins a frame carries the sides; others are passed by their length.
const jpeg = (bytes) => {
  for (let at = 2; at + 9 < bytes.byteLength; at += 2 + bytes.getUint16(at + 2)) {
    const marker = bytes.getUint8(at + 1);
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return [bytes.getUint16(at + 7), bytes.getUint16(at + 5)];
  }
  return null;
};
const webp = (bytes) => {
  if (says(bytes, 12, "VP8X")) return [24, 27].map((at) => 1 + (bytes.getUint32(at, true) & 0xffffff));
  if (says(bytes, 12, "VP8L")) { const word = bytes.getUint32(21, true); return [1 + (word & 0x3fff), 1 + ((word >> 14) & 0x3fff)]; }
  return [26, 28].map((at) => bytes.getUint16(at, true) & 0x3fff);
};

// Width and height as the file's head tells them; null where they are not known.
const sides = (bytes) => {
  if (bytes.byteLength < 32) return null;
  if (says(bytes, 1, "PNG")) return [bytes.getUint32(16), bytes.getUint32(20)];
  if (says(bytes, 0, "GIF8")) return [bytes.getUint16(6, true), bytes.getUint16(8, true)];
  if (says(bytes, 0, "BM")) return [bytes.getInt32(18, true), bytes.getInt32(22, true)].map(Math.abs);
  if (says(bytes, 8, "WEBP")) return webp(bytes);
  return bytes.getUint16(0) === 0xffd8 ? jpeg(bytes) : null;
};

// The file's first picture as a bitmap; an Error with the key of a sentence where there is none.
house.opened = async (file) => {
  if (!file.type.startsWith("image/")) refuse("upload_type");
  if (file.size > HEAVIEST) refuse("upload_size");
  const [width, height] = sides(new DataView(await file.slice(0, 2 ** 18).arrayBuffer())) ?? [1, 1];
  if (width * height > MOST_POINTS) refuse("upload_points");
  return createImageBitmap(file).catch(() => refuse("upload_type"));
};
house.refuse = refuse;
