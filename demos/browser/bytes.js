// Arrays travel as base64 of little endian bytes.
const decode = Uint8Array.fromBase64?.bind(Uint8Array) ?? ((text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));

// One frame of [frames, ...] at a time between two of them, linear; `count` is how many frames the whole film has.
const frame = (film, at, count) => {
  const frames = film.shape[0], size = film.values.length / frames;
  const time = frames === count || count < 2 ? Math.min(at, frames - 1) : at * (frames - 1) / (count - 1);
  const first = Math.floor(time), share = time - first, now = film.values.subarray(first * size, (first + 1) * size);
  if (share < 1e-6) return now;
  const next = film.values.subarray((first + 1) * size, (first + 2) * size), mixed = film.room ??= new Float32Array(size);
  for (let i = 0; i < size; i++) mixed[i] = now[i] + share * (next[i] - now[i]);
  return mixed;
};
const film = (payload, Type) => ({ ...payload, values: new Type(decode(payload.data).buffer) });
Object.assign(window.house, { decode, frame, film });
