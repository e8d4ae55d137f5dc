// The stream of events: reconnects by itself, says so when it is down, stops while the page is hidden (a browser allows
// only six connections to one host) and asks for what was missed when it is shown again.
const BEAT = 35_000;

export function live(page, { line }) {
  const banner = document.getElementById("offline");
  let since = page.sequence;
  let source = null;
  let watch = 0;
  let again = 0;

  function open() {
    close();
    source = new EventSource(`${page.events}?since=${since}`);
    source.addEventListener("hello", up);
    source.addEventListener("beat", up);
    source.addEventListener("reload", () => location.reload());
    source.addEventListener("line", (event) => {
      up(event);
      line(JSON.parse(event.data));
    });
    source.addEventListener("error", () => down(2000));
    listen();
  }

  function close() {
    clearTimeout(watch);
    clearTimeout(again);
    source?.close();
    source = null;
  }

  function up(event) {
    since = event.lastEventId || since;
    banner.hidden = true;
    listen();
  }

  function down(wait) {
    close();
    banner.hidden = document.hidden;
    again = setTimeout(open, wait);
  }

  function listen() {
    clearTimeout(watch);
    watch = setTimeout(() => down(0), BEAT);
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => event.persisted && open());
  addEventListener("offline", () => down(2000));
  addEventListener("online", () => open());
  open();
}
