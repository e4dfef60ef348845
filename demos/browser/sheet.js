// Rows of cells out of what was typed into a table or pasted from a spreadsheet; core.table reads links and programs the same way.
const house = window.house;
const SIGNS = { "，": ",", "；": ";", "：": ":", "−": "-" };

const plain = (text) => text.replace(/[，；：−]/g, (sign) => SIGNS[sign]);
const bare = (cell) => cell.replace(/^[\s"]+|[\s"]+$/g, "");
const same = (one, other) => one.toLowerCase() === other.toLowerCase();

const cut = (text) => {
  const lines = plain(text).split(/[;\r\n]/).filter((line) => /[^,\s]/.test(line));
  const between = lines.some((line) => line.includes("\t")) ? "\t" : ",";
  return lines.map((line) => line.split(between).map(bare));
};

// A time of day with its colon and both digits of the hour; what is none stays as it is.
const clock = (text) => {
  const [, hour, minute] = /^(\d{1,2})[:.h]?(\d{2})$/.exec(plain(text).trim()) ?? [];
  return hour === undefined ? text : `${hour.padStart(2, "0")}:${minute}`;
};
const number = (text) => text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;

// name: what the reader calls a column, or an option of it.
const reader = (column, name) => ({
  clock,
  word: (text) => text.trim().toLowerCase(),
  number: (text) => number(plain(text)),
  choice: (text) => column.options.find((option) => same(text, option) || same(text, name(column, option))) ?? text,
})[column.kind];

const isHead = (row, columns, name) =>
  row?.length === columns.length && columns.every((column, i) => same(row[i], column.name) || same(row[i], name(column)));

house.sheet = (text, columns, name) => {
  const rows = cut(text);
  const readers = columns.map((column) => reader(column, name));
  return rows.slice(isHead(rows[0], columns, name) ? 1 : 0).map((row) => row.map((cell, i) => readers[i]?.(cell) ?? cell));
};
house.sheet.read = (text, column, name) => reader(column, name)(text);
