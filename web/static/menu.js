// Quote, copy, take back: by the button of a line, a right click, a long press or the keyboard.
import { post } from "./composer.js";

const LONG_PRESS = 480;

export function menu(page, form) {
  const box = document.getElementById("menu");
  const list = document.getElementById("log");
  const items = [...box.querySelectorAll("button")];
  const [quote, copy, recall] = items;
  let line = null;
  let opener = null;
  let press = 0;
  let top = 0;

  const words = () => line.querySelector(".words")?.textContent || "";

  function open(entry, x, y) {
    line = entry.closest(".line");
    opener = entry.querySelector(".more");
    recall.hidden = !line.classList.contains("mine");
    copy.hidden = !words();
    top = list.scrollTop;
    box.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = box;
    box.style.left = `${Math.max(8, Math.min(x - width / 2, innerWidth - width - 8))}px`;
    box.style.top = `${y - height - 10 > 8 ? y - height - 10 : y + 18}px`;
    opener.setAttribute("aria-expanded", "true");
    quote.focus({ preventScroll: true });
  }

  function close(back = false) {
    if (box.hidden) return;
    box.hidden = true;
    opener.removeAttribute("aria-expanded");
    if (back) opener.focus({ preventScroll: true });
  }

  async function takeBack(id) {
    const body = new FormData();
    body.append("line", id);
    const told = await post(page, "recall", body);
    form.say(told.error || told.notice || "");
  }

  async function copied(text) { // browsers keep the clipboard for https and this machine
    await navigator.clipboard.writeText(text);
  }

  const does = {
    quote: () => form.reply(line.dataset.id, line.dataset.name, words() || "[图片]"),
    copy: () => copied(words()).catch(() => form.say("这个浏览器不让复制。")),
    recall: () => takeBack(line.dataset.id),
  };

  box.addEventListener("click", (event) => {
    const item = event.target.closest("button");
    if (!item) return;
    close();
    does[item.dataset.do]();
  });
  box.addEventListener("keydown", (event) => {
    const shown = items.filter((item) => !item.hidden);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      shown[(shown.indexOf(document.activeElement) + step + shown.length) % shown.length].focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      close(true);
    }
  });

  list.addEventListener("click", (event) => {
    const more = event.target.closest(".more");
    if (!more) return;
    const place = more.getBoundingClientRect();
    open(more.closest(".entry"), place.left + place.width / 2, place.top);
  });
  list.addEventListener("contextmenu", (event) => {
    const entry = event.target.closest(".bubble, .files")?.closest(".entry");
    if (!entry) return;
    event.preventDefault();
    if (box.hidden) open(entry, event.clientX, event.clientY);
  });
  list.addEventListener("touchstart", (event) => { // Safari on the iPhone knows no contextmenu
    const entry = event.target.closest(".bubble, .files")?.closest(".entry");
    const { clientX, clientY } = event.touches[0];
    clearTimeout(press);
    if (entry) press = setTimeout(() => box.hidden && open(entry, clientX, clientY), LONG_PRESS);
  }, { passive: true });
  for (const end of ["touchend", "touchmove", "touchcancel"]) {
    list.addEventListener(end, () => clearTimeout(press), { passive: true });
  }
  addEventListener("pointerdown", (event) => box.contains(event.target) || event.target.closest(".more") || close());
  list.addEventListener("scroll", () => Math.abs(list.scrollTop - top) > 40 && close(), { passive: true });
}
