// The lines of the open room. A line that is known is replaced, a new one goes where its order says.
export function log() {
  const list = document.getElementById("log");
  const newer = document.getElementById("newer");
  const viewer = document.getElementById("viewer");
  let atEnd = true;

  const toEnd = () => { list.scrollTop = list.scrollHeight; };
  const near = () => list.scrollHeight - list.scrollTop - list.clientHeight < 60;

  function put(told) {
    const holder = document.createElement("template");
    holder.innerHTML = told.html.trim(); // escaped by the server's templates
    const fresh = holder.content.firstElementChild;
    atEnd = near(); // a scroll that was not told yet
    const known = document.getElementById(fresh.id);
    if (known) {
      known.replaceWith(fresh);
    } else {
      const after = [...list.children].reverse().find((line) => Number(line.dataset.order) < told.order);
      if (after) after.after(fresh); else list.prepend(fresh);
    }
    if (atEnd || (told.mine && !known)) toEnd();
    else if (!known) newer.hidden = false;
  }

  list.addEventListener("scroll", () => {
    atEnd = near();
    if (atEnd) newer.hidden = true;
  }, { passive: true });
  list.addEventListener("load", () => atEnd && toEnd(), true); // photos grow the list after it was scrolled
  newer.addEventListener("click", toEnd);
  if (window.ResizeObserver) new ResizeObserver(() => atEnd && toEnd()).observe(list); // keyboards and chosen photos

  list.addEventListener("click", (event) => {
    const photo = event.target.closest(".photo");
    const quote = event.target.closest(".quote");
    if (photo && viewer.showModal) {
      event.preventDefault();
      const shown = viewer.querySelector("img");
      shown.src = photo.href;
      shown.alt = photo.querySelector("img").alt;
      viewer.showModal();
    } else if (quote) {
      event.preventDefault();
      const line = document.getElementById(decodeURIComponent(quote.hash.slice(1)));
      line?.scrollIntoView({ block: "center" });
      line?.classList.remove("found");
      requestAnimationFrame(() => line?.classList.add("found"));
    }
  });
  viewer.addEventListener("click", (event) => event.target !== viewer.querySelector("button") && viewer.close());

  toEnd();
  return { put };
}
