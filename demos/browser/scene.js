// The scene that a link carries, in and out.
const house = window.house;

// A link's settings arrive after the first picture: what was moved in the meantime is not thrown back.
house.settle = (link, ...now) => {
  if (!link) return [undefined, ...now.map(() => undefined)];
  const moved = (value, i) => JSON.stringify(value) !== JSON.stringify(link.before[i]);
  const wanted = (value, i) => moved(value, i) ? undefined : link.values[i] ?? undefined;
  return [{ __type__: "update", selected: link.tab }, ...now.map(wanted)];
};

// The public address of this page. In a frame of Hugging Face the frame's own address is not what readers know.
house.home = () => {
  const told = document.querySelector("meta[name=lab-home]")?.content;
  if (told) return told;
  const space = window.gradio_config?.space_id;
  return space && window.top !== window.self ? `https://huggingface.co/spaces/${space}` : location.origin + location.pathname;
};
