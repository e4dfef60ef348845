// The pictures of a grid through time: grey ones byte by byte, colour ones as one file with all frames below each other.
const house = window.house;

// Both return { sheet(canvas, at) }, which puts the pictures of one time below each other; grey ones { values(at) } too.
const grey = (value) => {
  const film = house.film(value, Uint8Array), values = (at) => house.frame(film, at, value.frames);
  return { values, sheet: (canvas, at) => house.tiles.sheet(canvas, values(at), value.shape, house.colours().ink) };
};
const coloured = (image, [, count, height, width]) => {
  const tall = count * height;
  const sheet = (canvas, at) => {
    if (canvas.width !== width || canvas.height !== tall) [canvas.width, canvas.height] = [width, tall];
    const pen = canvas.getContext("2d"), first = Math.floor(at);
    const lay = (frame, alpha) => {
      pen.globalAlpha = alpha;
      pen.drawImage(image, 0, frame * tall, width, tall, 0, 0, width, tall);
    };
    lay(first, 1);
    if (at > first) lay(first + 1, at - first);
  };
  return { sheet };
};

// done(film) is called at once for grey pictures, when the file has been read for colour ones, and never for an older value.
house.pictures = () => {
  let newest = null;
  return (value, done) => {
    if (value.data) return done(grey(value));
    const image = newest = new Image();
    image.onload = () => { if (image === newest) done(coloured(image, value.shape)); };
    image.src = value.sheet;
  };
};
