"""Each component renders what it was given: words, not only colours, and no inline styles."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from backend.web import components, vendor
from backend.web.components import Chip, Code, Confirm, Empty, Figure, MapPin, Ticket, TimeBar

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
TAIPEI = ZoneInfo("Asia/Taipei")
TEMPLATES = Path(vendor.__file__).parent


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


def render(source: str, **values: Any) -> str:
    template = Template("{% load foodrelay %}" + source)
    return template.render(Context({"now": NOW, **values}))


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def lunch(**changes: Any) -> Ticket:
    bar = TimeBar(NOW - timedelta(hours=1), NOW + timedelta(minutes=40), NOW, "Collect by", TAIPEI)
    facts: dict[str, Any] = {
        "mass_g": 12_500,
        "title": "Lunch <boxes>",
        "storage": "hot",
        "url": "/l/1",
        "quantity": "46 boxes",
        "time": bar,
        "place": "Banqiao",
        "distance_m": 850,
        "print_lines": ("Contains soy",),
    }
    return Ticket(**(facts | changes))


@pytest.mark.parametrize("size", ["small", "medium", "large"])
def test_a_ticket_says_the_same_in_every_size(size: str) -> None:
    html = render("{% ticket t size=size %}", t=lunch(), size=size)
    said = text(html)
    for part in ("12.5", "kg", "Lunch &lt;boxes&gt;", "46 boxes", "Hot", "40 min left", "Banqiao"):
        assert part in said
    assert f"ticket-{size}" in html
    assert 'href="/l/1"' in html


def test_the_small_print_is_left_out_of_a_row() -> None:
    assert "Contains soy" in render("{% ticket t %}", t=lunch())
    assert "Contains soy" not in render('{% ticket t size="small" %}', t=lunch())


def test_a_ticket_of_unknown_size_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="huge"):
        render('{% ticket t size="huge" %}', t=lunch())


def test_a_ticket_can_do_without_place_and_time() -> None:
    html = render("{% ticket t %}", t=Ticket(800, "Toast", "ambient"))
    assert "800" in html
    assert "ticket-print" not in html


def test_urgency_is_said_in_words() -> None:
    html = render("{% time_bar bar %}", bar=lunch().time)
    assert 'data-urgency="urgent"' in html
    assert text(html) == "Collect by 18:40 40 min left"


def test_stations_carry_time_and_mass() -> None:
    line = components.donation_line(
        now=NOW, zone=TAIPEI, offered=(NOW - timedelta(hours=2), 12_500)
    )
    html = render("{% stations line %}", line=line)
    assert "16:00" in html
    assert "12.5\N{NO-BREAK SPACE}kg" in html
    assert html.count('aria-current="step"') == 1
    assert "still to come" in html


def test_a_code_is_shown_in_figures_and_as_qr() -> None:
    html = render("{% handover_code code %}", code=Code("483920", "https://example.org/h/1"))
    assert "<span>483</span><span>920</span>" in html
    assert "<svg" in html


def test_a_map_always_has_a_list() -> None:
    pin = MapPin(121.5, 25.0, "Bread", 6_200, "ambient", "/l/2", "Xinyi")
    html = render('{% map_view "near" pins %}', pins=[pin])
    assert 'id="near-list"' in html
    assert 'href="/l/2"' in html
    assert '"point": [121.5, 25.0]' in html
    twin = render('{% map_view "near" pins twin="board" %}', pins=[pin])
    assert 'data-twin="board"' in twin
    assert "near-list" not in twin


def test_a_pins_words_cannot_break_out_of_the_data() -> None:
    pin = MapPin(121.5, 25.0, "</script><b>", 1_000, "frozen")
    assert "</script><b>" not in render('{% map_view "near" pins %}', pins=[pin])


class AskForm(forms.Form):
    title = forms.CharField(label="What is it?", help_text="One line.")
    keep = forms.ChoiceField(
        label="How kept?", choices=[("a", "Warm"), ("b", "Cold")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="Note", required=False)
    sure = forms.BooleanField(label="I am sure")
    lat = forms.FloatField()
    lon = forms.FloatField()


def test_a_field_shows_label_help_and_error_together() -> None:
    form = AskForm({"title": ""})
    html = render("{% field form.title %}", form=form)
    assert '<label for="id_title">What is it?</label>' in html
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html
    described = re.search(r'aria-describedby="([^"]*)"', html)
    assert described is not None
    assert set(described[1].split()) == {"id_title_helptext", "id_title_error"}
    assert 'aria-invalid="true"' in html


def test_what_need_not_be_filled_in_says_so() -> None:
    assert "(optional)" in render("{% field form.note %}", form=AskForm())
    assert "(optional)" not in render("{% field form.title %}", form=AskForm())


def test_choices_are_a_group_with_a_legend() -> None:
    html = render("{% field form.keep %}", form=AskForm())
    assert "<legend>How kept?</legend>" in html
    assert html.count('type="radio"') == 2


def test_a_tick_and_its_words_are_one_target() -> None:
    html = render("{% field form.sure %}", form=AskForm())
    assert re.search(r'<label class="check" for="id_sure"><input[^>]*><span>I am sure', html)


def test_form_errors_say_that_nothing_typed_was_lost() -> None:
    assert "What you typed is still here." in render("{% form_errors form %}", form=AskForm({}))
    assert render("{% form_errors form %}", form=AskForm()).strip() == ""


def test_the_summary_of_errors_leads_to_each_field() -> None:
    html = render("{% form_errors form %}", form=AskForm({"lon": "x"}))
    assert 'href="#id_lon"' in html
    assert "Lon: Enter a number." in html
    assert "data-focus" in html


def test_the_summary_leads_to_the_first_choice_of_a_group() -> None:
    assert 'href="#id_keep_0"' in render("{% form_errors form %}", form=AskForm({}))


def test_words_are_joined_as_the_language_joins() -> None:
    assert render("{{ words|joined }}", words=["a", "b"]) == "a, b"
    with translation.override("zh-hant"):
        assert render("{{ words|joined }}", words=["a", "b"]) == "a、b"


def test_a_pin_can_be_typed_as_well_as_moved() -> None:
    html = render("{% pin_picker form.lon form.lat %}", form=AskForm())
    assert 'data-lon="id_lon"' in html
    assert 'name="lat"' in html


def test_a_destructive_step_asks_first_and_needs_no_script() -> None:
    question = Confirm(
        "bin", "Withdraw", "Sure?", "It ends.", "Withdraw it", "/w", values={"v": "3"}
    )
    html = render("{% confirm c %}", c=question, csrf_token="secret")
    assert 'popovertarget="bin"' in html
    assert '<dialog class="sheet" id="bin" popover' in html
    assert 'name="csrfmiddlewaretoken" value="secret"' in html
    assert '<input type="hidden" name="v" value="3">' in html


def test_page_links_keep_the_rest_of_the_address() -> None:
    request = RequestFactory().get("/board?kind=bread&page=2")
    page = Paginator(range(30), 10).page(2)
    html = render("{% pages page %}", page=page, request=request)
    assert 'href="?kind=bread&amp;page=1"' in html
    assert 'href="?kind=bread&amp;page=3"' in html


def test_a_second_list_has_pages_of_its_own() -> None:
    request = RequestFactory().get("/desk/transfers?page=2")
    page = Paginator(range(30), 10).page(1)
    html = render('{% pages page "lots" %}', page=page, request=request)
    assert 'href="?page=2&amp;lots=2"' in html


def test_a_single_page_needs_no_links() -> None:
    assert render("{% pages page %}", page=Paginator(range(3), 10).page(1)).strip() == ""


def test_an_empty_list_says_what_to_do() -> None:
    html = render("{% empty_state e %}", e=Empty("No food", "It comes.", action="Map", url="/m"))
    assert 'href="/m"' in html


def test_figures_picture_their_number() -> None:
    html = render("{% figure f %}", f=Figure("312 kg", "delivered", "about 740 meals"))
    assert text(html) == "312 kg delivered about 740 meals"


def test_chips_have_words() -> None:
    assert text(render("{% chip c %}", c=Chip("Yours", "good", "check"))) == "Yours"


def test_times_are_marked_up_for_machines() -> None:
    html = render("{% instant at zone %}", at=NOW, zone="Asia/Taipei")
    assert html == '<time datetime="2026-11-20T10:00:00Z">18:00</time>'
    left = render("{% remaining at %}", at=NOW + timedelta(hours=1))
    assert 'data-until="2026-11-20T11:00:00Z"' in left
    assert text(render("{% relative at %}", at=NOW - timedelta(minutes=5))) == "5 min ago"


def test_filters_say_figures() -> None:
    said = render("{{ 12500|mass }} {{ 850|distance }} {{ 5400|duration }}")
    assert said.replace("\N{NO-BREAK SPACE}", " ") == "12.5 kg 850 m 1 h 30 min"


def test_an_icon_alone_can_have_a_name() -> None:
    assert 'aria-hidden="true"' in render('{% icon "clock" %}')
    assert 'role="img" aria-label="late"' in render('{% icon "clock" "late" %}')


def used_icons() -> set[str]:
    found = {storage.icon for storage in components.STORAGE_CLASSES.values()}
    for path in TEMPLATES.rglob("*.html"):
        found |= set(re.findall(r'{% icon "([a-z0-9-]+)"', path.read_text()))
    return found


def test_every_icon_used_is_in_the_sprite() -> None:
    assert used_icons() <= set(vendor.ICONS)


def test_no_template_carries_inline_styles_or_handlers() -> None:
    for path in TEMPLATES.rglob("*.html"):
        assert not re.search(r'\s(style|on[a-z]+)="', path.read_text()), path
