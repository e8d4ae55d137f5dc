// The web chat in the browser: each part is a module that gets the page and says what it offers.
import { composer } from "./composer.js";
import { live } from "./live.js";
import { log } from "./log.js";
import { menu } from "./menu.js";
import { rooms } from "./rooms.js";

const page = document.body.dataset;
const list = rooms(page);
const talk = page.room ? log() : null;

if (talk) {
  const form = composer(page);
  menu(page, form);
  list.read(page.room, Number(page.sequence));
  story(form);
}

live(page, {
  line(told) {
    if (talk && told.room === page.room) {
      talk.put(told);
      list.read(told.room, told.sequence);
    }
    list.put(told);
  },
});

document.querySelector(".chip[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

function story(form) {
  const bar = document.getElementById("story");
  bar.hidden = remembered("story") === "closed";
  bar.querySelector(".close").addEventListener("click", () => {
    bar.hidden = true;
    remember("story", "closed");
  });
  for (const button of bar.querySelectorAll(".try")) {
    button.addEventListener("click", () => form.fill(button.dataset.say));
  }
}

function remembered(key) {
  try { return localStorage.getItem(key); } catch { return null; }
}

function remember(key, value) {
  try { localStorage.setItem(key, value); } catch { /* private mode: forgotten with the page */ }
}
