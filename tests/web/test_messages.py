"""Texts are found wherever they stand, and an incomplete catalogue is noticed."""

import polib
import pytest

from backend.web.messages import Text, catalogues, faults, python_texts, template_texts, update


def test_texts_are_found_in_python() -> None:
    source = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy
a = _("One")
b = ngettext("%(n)d day", "%(n)d days", n)
c = pgettext_lazy("storage", "Hot")
d = translation.gettext("Dotted")
e = _(variable)
"""
    assert set(python_texts(source)) == {
        Text("One"),
        Text("%(n)d day", "%(n)d days"),
        Text("Hot", context="storage"),
        Text("Dotted"),
    }


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ('{% translate "It\'s (really) here" %}', Text("It's (really) here")),
        ('{% translate "Hot" context "storage" %}', Text("Hot", context="storage")),
        ("{% blocktranslate %}Page {{ n }}{% endblocktranslate %}", Text("Page %(n)s")),
        (
            "{% blocktranslate count n=x %}{{ n }} key{% plural %}{{ n }} keys"
            "{% endblocktranslate %}",
            Text("%(n)s key", "%(n)s keys"),
        ),
        ('{% field f label=_("Name") %}', Text("Name")),
        ('{{ _("Shown") }}', Text("Shown")),
    ],
)
def test_texts_are_found_in_templates(template: str, text: Text) -> None:
    assert list(template_texts(template, "x.html")) == [text]


def catalogue(*entries: polib.POEntry) -> polib.POFile:
    made = polib.POFile()
    made.extend(entries)
    return made


def test_a_complete_catalogue_has_no_faults() -> None:
    known = catalogue(polib.POEntry(msgid="%(n)s left", msgstr="還有 %(n)s"))
    assert faults(known, [Text("%(n)s left")]) == []


def test_each_fault_of_a_catalogue_is_named() -> None:
    known = catalogue(
        polib.POEntry(msgid="old", msgstr="舊"),
        polib.POEntry(msgid="empty", msgstr=""),
        polib.POEntry(msgid="%(n)s left", msgstr="還有 %(m)s"),
    )
    wanted = [Text("new"), Text("empty"), Text("%(n)s left")]
    assert faults(known, wanted) == [
        "not in the catalogue: 'new'",
        "no longer used: 'old'",
        "other places than the text: '%(n)s left'",
        "not translated: 'empty'",
    ]


def test_an_update_keeps_translations_and_drops_what_is_unused() -> None:
    known = catalogue(
        polib.POEntry(msgid="kept", msgstr="留著"), polib.POEntry(msgid="old", msgstr="舊")
    )
    update(known, {Text("kept"): ["a.py"], Text("new"): ["b.py"]})
    assert [(entry.msgid, entry.msgstr) for entry in known] == [("kept", "留著"), ("new", "")]


def test_the_compiled_catalogue_is_the_written_one() -> None:
    for path in catalogues():
        written = polib.pofile(str(path))
        assert path.with_suffix(".mo").read_bytes() == written.to_binary()
