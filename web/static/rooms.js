// The list of rooms: last words, order, red dots. What was read is remembered per person in this browser.
export function rooms(page) {
  const list = document.getElementById("rooms");
  const key = `read:${page.person}`;
  const seen = load();

  function load() {
    try { return JSON.parse(localStorage.getItem(key)) || {}; } catch { return {}; }
  }

  const entry = (path) => list.querySelector(`.room[href="${CSS.escape(path)}"]`);

  function read(path, sequence) {
    seen[path] = Math.max(seen[path] || 0, sequence);
    try { localStorage.setItem(key, JSON.stringify(seen)); } catch { /* private mode: dots come back */ }
    mark();
  }

  function put(told) {
    const room = entry(told.room);
    if (!room) return location.reload(); // a room that was opened just now
    if (told.changed) { // taken back: nothing new to read
      if (Number(room.dataset.order) === told.order) room.querySelector(".preview").textContent = told.preview;
      return undefined;
    }
    room.dataset.order = told.order;
    room.querySelector(".preview").textContent = told.preview;
    room.querySelector("time").textContent = told.time;
    if (!told.mine) room.dataset.last = told.sequence;
    if (told.addressed) room.dataset.addressed = told.sequence;
    list.prepend(room.parentElement);
    return mark();
  }

  function mark() {
    let elsewhere = false;
    for (const room of list.querySelectorAll(".room")) {
      const path = room.getAttribute("href");
      const until = seen[path] || 0;
      const fresh = Number(room.dataset.last) > until && path !== page.room;
      room.querySelector(".dot").hidden = !fresh;
      room.querySelector(".unread").hidden = !fresh;
      room.querySelector(".at-me").hidden = !(Number(room.dataset.addressed) > until && path !== page.room);
      elsewhere ||= fresh;
    }
    const back = document.querySelector(".back .dot");
    if (back) back.hidden = !elsewhere;
  }

  mark();
  return { put, read };
}
