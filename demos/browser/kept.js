// What this browser remembers of its reader. In a frame of another site the storage may be denied: then nothing is kept.
window.house.kept = {
  read(name) {
    try { return localStorage.getItem(`house-${name}`); } catch { return null; }
  },
  write(name, value) {
    try { localStorage.setItem(`house-${name}`, value); } catch { /* denied or full */ }
  },
};
