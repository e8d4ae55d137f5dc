// Writing: words, photos, a quote, @bot. The line itself is shown when the stream brings it.
const PHOTO_BYTES = 20 * 1024 * 1024;
const MOST_PHOTOS = 9;
const NOT_SENT = "没有发出去：连不上服务器。请稍后再按一次“发送”。";

export function composer(page) {
  const form = document.getElementById("composer");
  const text = document.getElementById("text");
  const input = document.getElementById("photos");
  const chosen = document.getElementById("chosen");
  const quoting = document.getElementById("quoting");
  const quote = document.getElementById("quote");
  const trouble = document.getElementById("trouble");
  const send = document.getElementById("send");
  const draft = `draft:${page.room}`;
  let photos = [];
  let once = fresh();

  function fresh() {
    return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  }

  function say(words) {
    trouble.textContent = words;
    trouble.hidden = !words;
  }

  function grow() {
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight + 2, 130)}px`;
  }

  function changed() {
    once = fresh();
    try { sessionStorage.setItem(draft, text.value); } catch { /* private mode: no drafts */ }
    grow();
  }

  function fill(words) {
    text.value = words;
    changed();
    text.focus();
    text.setSelectionRange(words.length, words.length);
  }

  function reply(id, name, words) {
    quote.value = id;
    quoting.hidden = !id;
    quoting.querySelector("span").textContent = id ? `${name}：${words}` : "";
    once = fresh();
    text.focus();
  }

  function add(files) {
    say("");
    for (const file of files) {
      if (photos.length >= MOST_PHOTOS) { say(`一次最多发 ${MOST_PHOTOS} 张照片。`); break; }
      if (file.size > PHOTO_BYTES) { say(`“${file.name}”太大了：一张最多 20 MB。`); continue; }
      photos.push({ file, url: URL.createObjectURL(file) });
    }
    once = fresh();
    draw();
  }

  function draw() {
    chosen.hidden = photos.length === 0;
    chosen.replaceChildren(...photos.map((photo, n) => {
      const item = document.createElement("li");
      const image = document.createElement("img");
      const remove = document.createElement("button");
      image.src = photo.url;
      image.alt = photo.file.name;
      remove.type = "button";
      remove.textContent = "×";
      remove.setAttribute("aria-label", `不发第 ${n + 1} 张`);
      remove.addEventListener("click", () => drop(photo));
      item.append(image, remove);
      return item;
    }));
  }

  function drop(photo) {
    URL.revokeObjectURL(photo.url);
    photos = photos.filter((other) => other !== photo);
    draw();
  }

  function clear() {
    text.value = "";
    for (const photo of [...photos]) drop(photo);
    reply("", "", "");
    changed();
  }

  async function submit(event) {
    event.preventDefault();
    if (send.disabled) return;
    if (!text.value.trim() && photos.length === 0) { text.focus(); return; }
    const body = new FormData();
    for (const [name, value] of [["text", text.value], ["quote", quote.value], ["once", once]]) body.append(name, value);
    for (const { file } of photos) body.append("photos", file, file.name);
    send.disabled = true;
    say("");
    const told = await post(page, "say", body);
    send.disabled = false;
    if (told.error) say(told.error); else clear();
    if (told.notice) say(told.notice);
  }

  form.addEventListener("submit", submit);
  text.addEventListener("input", changed);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) submit(event);
    if (event.key === "Escape" && quote.value) reply("", "", "");
  });
  text.addEventListener("paste", (event) => {
    const images = [...event.clipboardData.files].filter((file) => file.type.startsWith("image/"));
    if (images.length) { event.preventDefault(); add(images); }
  });
  input.addEventListener("change", () => { add(input.files); input.value = ""; });
  quoting.querySelector("button").addEventListener("click", () => reply("", "", ""));
  document.getElementById("at")?.addEventListener("click", () => {
    const at = `@${page.bot} `;
    fill(text.value.startsWith(at) ? text.value : at + text.value);
  });
  try { text.value = sessionStorage.getItem(draft) || ""; } catch { /* private mode: no drafts */ }
  grow();
  if (matchMedia("(hover: hover)").matches) text.focus();
  return { fill, reply, say };
}

export async function post(page, what, body) {
  try {
    const headers = { Accept: "application/json", "X-CSRF-Token": page.token };
    const answer = await fetch(`${page.room}/${what}`, { method: "POST", body, headers });
    return await answer.json();
  } catch {
    return { error: NOT_SENT };
  }
}
