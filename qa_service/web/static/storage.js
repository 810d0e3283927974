// Where the browser forbids storage (a frame on another site), storage in memory, so that the page still works.
(() => {
  for (const name of ["localStorage", "sessionStorage"]) {
    try {
      window[name].getItem("");
    } catch {
      const kept = new Map();
      const memory = {
        getItem: (key) => (kept.has(String(key)) ? kept.get(String(key)) : null),
        setItem: (key, value) => void kept.set(String(key), String(value)),
        removeItem: (key) => void kept.delete(String(key)),
        clear: () => kept.clear(),
        key: (index) => [...kept.keys()][index] ?? null,
        get length() { return kept.size; },
      };
      Object.defineProperty(window, name, { value: memory, configurable: true });
    }
  }
})();
