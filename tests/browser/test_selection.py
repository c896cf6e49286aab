"""Words selected in the browser, and the span that is stored: code points, whatever stands before them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from histor.jobs.ingest import Ingest
from histor.model.records import EventMention
from histor.store.project import Project, init_project
from tests.browser.conftest import here
from tests.stores import QuickCoder, capture
from tests.web.conftest import with_incidents
from tests.web.test_browser import serving, shown, until

TEXT = (
    "👩🏽‍🚒🇨🇩 Rebels attacked a post in Goma, and the crowd fled.\r\n"
    "قُتِل ثلاثة أشخاص في مدينة غوما, an official said.\r\n\r\n"
    "In Nu\u0301n\u0303ez q\u0303ala and Xi\u0323o\u0302\u0301 shells fell on houses 🚀🚀 and Police met Elders in Kabul.\r"
    "The last line has 𝔊𝔬𝔱𝔥𝔦𝔠 letters and a raid."
)
SELECTED = ("Rebels attacked", "ثلاثة أشخاص", "q\u0303ala", "shells fell", "🚀🚀", "fled.\nقُتِل", "𝔊𝔬𝔱𝔥𝔦𝔠", "raid")
"""What is selected: over marks and line ends, in and behind letters of more than one unit or sign."""

SELECT = """(words) => {
  const pane = document.querySelector("section[aria-label='Report'] .text");
  const walker = document.createTreeWalker(pane, NodeFilter.SHOW_TEXT);
  const nodes = []; let all = '';
  for (let n; (n = walker.nextNode()); ) { nodes.push([n, all.length]); all += n.data; }
  const at = (unit) => { const [n, start] = nodes.findLast(([, s]) => s <= unit); return [n, unit - start]; };
  const from = all.indexOf(words);
  const range = document.createRange(); range.setStart(...at(from)); range.setEnd(...at(from + words.length));
  getSelection().removeAllRanges(); getSelection().addRange(range);
  pane.dispatchEvent(new MouseEvent('mouseup', { bubbles: true }));
}"""


def signs(folder: Path) -> Project:
    project = init_project(folder)
    Ingest(project, QuickCoder()).run([capture(TEXT)])
    return with_incidents(project)


def additions(project: Project) -> list[tuple[EventMention, str]]:
    """The event mentions that people added, each with the stored words at its span."""
    with project.read() as transaction:
        found = transaction.decisions.rulings().additions()
        text = transaction.reports.get(found[0].report_id).text if found else ""  # type: ignore[union-attr]
    return [(a.mention, text[slice(*a.mention.trigger.span)]) for a in found]


def test_selected_words_are_stored_where_they_stand(browser: Any, tmp_path: Path) -> None:
    with signs(tmp_path / "signs") as project, serving(project) as address:
        page = browser.new_context().new_page()
        page.goto(address)
        shown(page)
        for number, words in enumerate(SELECTED, 1):
            page.evaluate(SELECT, words)
            page.get_by_role("button", name="Add as a missed event mention").wait_for()
            page.keyboard.press("m")
            page.wait_for_selector("form[aria-label='Event mention']")
            page.evaluate("document.querySelector(\"section[aria-label='Report'] .text\").dataset.before = ''")
            page.keyboard.press("Control+Enter")
            until(lambda n=number: len(additions(project)) == n)  # type: ignore[misc]
            page.wait_for_selector("section[aria-label='Report'] .text:not([data-before])")
            mention, stored = additions(project)[-1]
            assert stored == mention.trigger.text == words
            assert mention.sentence == sentence_of(project, mention)
        page.context.close()


def sentence_of(project: Project, mention: EventMention) -> int:
    with project.read() as transaction:
        coding = transaction.codings.current(transaction.reports.ids()[0])
        assert coding is not None
        segments = transaction.codings.segments(coding.seq)
    return next(k for k, s in enumerate(segments) if s.start <= mention.trigger.span[0] < s.end)


def test_a_double_click_selects_behind_signs_of_two_units(browser: Any, tmp_path: Path) -> None:
    """A real pointer on a real word; the added event mention is then marked where it stands."""
    with signs(tmp_path / "signs") as project, serving(project) as address:
        page = browser.new_context().new_page()
        page.goto(address)
        shown(page)
        box = page.evaluate(
            """() => {
              const walker = document.createTreeWalker(document.querySelector("section[aria-label='Report'] .text"), NodeFilter.SHOW_TEXT);
              let n; while ((n = walker.nextNode()) && !n.data.includes('raid'));
              const range = document.createRange(); const at = n.data.indexOf('raid');
              range.setStart(n, at); range.setEnd(n, at + 4); n.parentElement.scrollIntoView({ block: 'nearest' });
              const r = range.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2];
            }"""
        )
        page.mouse.dblclick(*box)
        page.get_by_role("button", name="Add as a missed event mention").wait_for()
        page.keyboard.press("m")
        page.wait_for_selector("form[aria-label='Event mention']")
        page.keyboard.press("Control+Enter")
        page.get_by_text("Added.").wait_for()
        ((mention, stored),) = additions(project)
        assert stored == mention.trigger.text == "raid"
        with project.read() as transaction:
            report = transaction.reports.ids()[0]
        page.goto(f"{address}/reports/{report}?mention={mention.id}")
        page.wait_for_selector("mark.strong")
        until(lambda: page.locator("mark.strong").inner_text() == "raid")
        assert mention.id in here(page)
        page.context.close()
