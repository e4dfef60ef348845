// Two more layers of a stage: tokens whose area is their attention weight, and one large mark that moves.
const house = window.house, { types, draw } = house.layers;
const REACH = 32767, FULL = 65535, LARGEST = 0.17, HALO = 2.5; // largest: radius of a token with all the weight, in widths of the box

const at = (x, y, box) => [box.x + (x / REACH + 1) / 2 * box.w, box.y + (1 - y / REACH) / 2 * box.h];

// values: roots of the weights of n tokens; places: where they are.
types.tokens = Uint16Array;
draw.tokens = (pen, layer, values, box) => {
  const colour = house.colours()[layer.role], places = layer.spots ??= new Int16Array(house.decode(layer.places).buffer);
  for (let i = 0; i < values.length; i++) {
    const [x, y] = at(places[2 * i], places[2 * i + 1], box), r = Math.max(0.7, values[i] / FULL * LARGEST * box.w);
    pen.rect(x - r, y - r, 2 * r, 2 * r, { fill: `${colour}55`, stroke: `${colour}aa`, radius: r, width: 0.8 });
  }
};

types.beacon = Int16Array;
draw.beacon = (pen, layer, values, box) => {
  const look = house.colours(), spot = at(values[0], values[1], box), radius = layer.radius;
  pen.marks(layer.role, spot, { fill: look.tile, radius: radius + HALO });
  pen.marks(layer.role, spot, { fill: look[layer.role], radius });
};
