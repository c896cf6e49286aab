"""Adjudication, merge and split, and keys, as a person meets them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from histor.store.project import Project
from tests.browser.conftest import here
from tests.web.test_browser import left, listening, settled, shown, until


def second_coding(project: Project) -> str:
    """A closed coding of one report by bo, who denies everything."""
    with project.write() as transaction:
        report_id = transaction.reports.ids()[0]
        coded = transaction.codings.coded(report_id)
        assert coded is not None
        own = [m for m in coded.event_mentions if m.retells is None]
        theirs = [msgspec.structs.replace(m, id=f"{k:064x}", factuality="denied") for k, m in enumerate(own)]
        transaction.access.assign([report_id], "bo", "2024-01-01T00:00:00+00:00")
        transaction.access.save_second_coding(report_id, "bo", theirs, 60, "2024-01-02T00:00:00+00:00")
    return report_id


def serious(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in {"serious", "critical"}]


def test_a_pair_is_settled_by_keyboard(page: Any, address: str, project: Project) -> None:
    report_id = second_coding(project)
    page.goto(f"{address}/agreement?second=bo")
    page.get_by_role("link", name="Adjudicate these reports").click()
    page.wait_for_selector("text=1 report coded by both")
    settled(page)
    assert serious(page) == []
    page.locator("tbody a").first.click()
    page.wait_for_selector("tr.differs")
    settled(page)
    assert page.locator("tr.differs th").inner_text().split()[-2:] == ["Factuality", "differs"]
    assert serious(page) == []
    page.keyboard.press("2")
    page.wait_for_selector("text=Settled: edit.")
    with project.read() as transaction:
        row = transaction.decisions.all()[-1]
        times = transaction.access.times()
    assert (row.action, row.payload, row.coder) == ("edit", {"property": "factuality", "value": "denied"}, "ann")
    assert row.id in times
    page.keyboard.press("u")
    page.wait_for_selector("text=Taken back.")
    page.goto(f"{address}/adjudication/{report_id}?second=bo")
    page.wait_for_selector("tr.differs")
    settled(page)
    page.locator("tr.differs input").last.check()
    page.locator("h1").click()
    page.keyboard.press("a")
    page.wait_for_selector("text=Settled: edit.")


def test_merge_and_undo_with_the_reasons_in_view(page: Any, address: str) -> None:
    page.goto(f"{address}/incidents?type=ASSAULT")
    boxes = page.locator("tbody input[type=checkbox]")
    boxes.first.wait_for()
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("link", name="Compare the two").click()
    page.wait_for_selector("h3:text('Against')")
    settled(page)
    assert page.locator("section[aria-label=Comparison] th", has_text="Both as one").count() == 1
    assert page.locator("[aria-label=Reasons] li").count() >= 2
    assert serious(page) == []
    page.get_by_role("button", name="Merge: they are one").click()
    page.wait_for_selector("text=Merged. Undo takes it back.")
    page.wait_for_selector("section[aria-label=Tellings] li >> nth=1")
    settled(page)
    page.locator("section[aria-label=Tellings] input").first.check()
    page.get_by_role("group", name="Split").get_by_text("What is taken out").wait_for()
    assert "apart=" in here(page)
    page.reload()
    page.get_by_role("group", name="Split").get_by_text("What is taken out").wait_for()
    page.keyboard.press("u")
    page.wait_for_selector("text=Taken back.")
    settled(page)  # what is no telling of it any more is not asked for
    assert page.locator(".told.wrong").count() == 0


def test_a_key_is_rebound_in_the_sheet_and_digits_choose(page: Any, project: Project) -> None:
    shown(page)
    total = left(page)
    page.keyboard.press("?")
    field = page.get_by_role("dialog").get_by_label("Accept", exact=True)
    field.focus()
    page.keyboard.press("x")
    page.wait_for_selector("text=x is taken by")
    page.keyboard.press("p")
    page.get_by_role("button", name="Close").click()
    page.get_by_role("dialog").wait_for(state="detached")
    page.keyboard.press("a")
    settled(page)
    assert left(page) == total
    page.keyboard.press("p")
    until(lambda: left(page) == total - 1)
    page.keyboard.press("3")  # a digit chooses nothing where nothing is asked
    settled(page)
    shown(page)
    page.keyboard.press("x")
    page.wait_for_selector("text=Why reject it?")
    page.keyboard.press("3")
    until(lambda: left(page) == total - 2)
    with project.read() as transaction:
        assert [d.reason for d in transaction.decisions.all()] == [None, "metaphor or history"]


def test_the_palette_goes_anywhere_and_does_anything(page: Any, address: str) -> None:
    first = shown(page)
    page.keyboard.press("Control+k")
    page.get_by_role("dialog").wait_for()
    page.keyboard.type("not sure")
    page.wait_for_selector("[role=option]:has-text('Not sure')")
    page.keyboard.press("Enter")
    until(lambda: shown(page) != first)
    page.keyboard.press("Control+k")
    page.get_by_role("dialog").wait_for()
    page.keyboard.type("Rebels")
    option = page.locator("[role=option]:has(.tag:text-is('Incident'))").first
    option.wait_for()
    option.click()
    page.wait_for_selector("section[aria-label=Claims] tbody tr")
    settled(page)
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_selector("section[aria-label='Text'] mark.strong")
    settled(page)
    page.keyboard.press("j")
    page.wait_for_selector("li.at")
    page.keyboard.press("/")
    page.get_by_role("dialog").wait_for()
    page.keyboard.type("settings")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:text('Settings')")


def test_evidence_leads_to_the_field_and_back(page: Any) -> None:
    shown(page)
    for label in ("Type", "Actors"):
        page.keyboard.press("]")
        page.wait_for_selector(f"dt.linked:text-is('{label}')")
    page.locator("dd", has_text="claimed").first.hover()
    page.locator("section[aria-label=Report] mark").first.hover()
    until(lambda: page.locator("dt.linked").count() == 1)
    page.keyboard.press("[")
    page.keyboard.press("]")
    page.wait_for_selector("dt.linked")


def test_the_queues_address_leads_back_to_the_same(page: Any, address: str) -> None:
    page.goto(f"{address}/?type=PROTEST")
    shown(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    until(lambda: "at=" in here(page) and shown(page) in here(page))
    mention = shown(page)
    page.reload()
    assert shown(page) == mention
    page.get_by_role("button", name="This report alone").click()
    until(lambda: "report=" in here(page))
    until(lambda: left(page) <= 2)


@pytest.mark.parametrize("width", [1280, 400])
def test_new_views_fit_and_are_accessible(browser: Any, address: str, project: Project, width: int) -> None:
    report_id = second_coding(project)
    with project.read() as transaction:
        one, other, *_ = (i.id for i in transaction.incidents.all())
    context = browser.new_context(viewport={"width": width, "height": 850})
    page = listening(context.new_page())
    for path in (
        f"/adjudication/{report_id}?second=bo", "/adjudication?second=bo", f"/incidents/{one}?with={other}", "/settings",
        "/incidents?view=map", "/incidents?view=map&map=zoom", "/incidents?view=timeline&twin=table", "/agreement?second=bo", "/people",
        "/nowhere", "/reports/nowhere", "/incidents/nowhere", "/reports?search=crowd", f"/reports/{report_id}",
        f"/incidents/{one}?rule=conservative", "/?type=PROTEST", "/incidents?columns=where,status", f"/incidents/{one}?why=killed",
    ):  # fmt: skip
        page.goto(address + path)
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert serious(page) == [], path
    context.close()


def test_a_place_is_corrected_by_name_and_brings_its_point(page: Any, project: Project) -> None:
    mention = shown(page)
    page.keyboard.press("e")
    page.get_by_role("combobox", name="Place", exact=True).fill("Kandahar")
    option = page.locator("li[role=option]:visible").first
    option.wait_for()
    page.get_by_text("no point: choose a place").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    until(lambda: page.get_by_text("no point: choose a place").count() == 0)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Saved: place.")
    with project.read() as transaction:
        row = transaction.decisions.all()[-1]
    place = row.payload["value"]
    assert (row.subject, row.payload["property"], place["name"], place["country"]) == (
        mention,
        "place",
        "Kandahar",
        "AFG",
    )
    assert abs(place["latitude"] - 31.6) < 0.5
    assert place["geonames_id"]


def test_the_forms_are_accessible_and_hold_the_keys(page: Any) -> None:
    """A click in the text moves the focus; the form that a key opens takes it all the same."""
    shown(page)
    total = left(page)
    page.locator("section[aria-label='Report'] .text").click()
    page.keyboard.press("e")
    page.wait_for_selector("form[aria-label='Event mention']")
    until(lambda: bool(page.evaluate("document.activeElement.closest('form') !== null")))
    assert serious(page) == []
    page.keyboard.press("x")
    page.keyboard.press("Escape")
    page.wait_for_selector("form[aria-label='Event mention']", state="detached")
    assert left(page) == total
    for key, what in (("?", "dialog"), ("Control+k", "dialog")):
        page.keyboard.press(key)
        page.get_by_role(what).first.wait_for()
        assert serious(page) == []
        page.keyboard.press("Escape")
        page.get_by_role(what).first.wait_for(state="detached")


def test_what_is_not_there_is_said_and_stays_said(browser: Any, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    for path, words in (
        ("/reports/nowhere", "there is no such report"), ("/incidents/nowhere", "there is no such incident"),
        ("/agreement/nowhere", "not yours to code"), ("/incidents?since=soon", "soon"),
    ):  # fmt: skip
        page.goto(address + path)
        page.locator(f".told.wrong:has-text('{words}')").wait_for()
        until(lambda: "Loading" not in page.locator("main").inner_text())
    context.close()
