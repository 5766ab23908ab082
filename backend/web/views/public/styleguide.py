"""A gallery of all components, for looking at them; served in debugging and demonstrations only."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.common import clock
from backend.web.components import (
    Chip,
    Code,
    Confirm,
    Empty,
    Figure,
    MapPin,
    Ticket,
    TimeBar,
    donation_line,
)


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="這是什麼", help_text="一句話就好，例如「雞腿便當」。")
    mass = forms.DecimalField(
        label="多重（公斤）",
        widget=forms.NumberInput(attrs={"class": "input-number", "inputmode": "decimal"}),
    )
    keep = forms.ChoiceField(
        label="怎麼保存",
        choices=[("ambient", "常溫"), ("chilled", "冷藏"), ("frozen", "冷凍")],
        widget=forms.RadioSelect,
    )
    category = forms.ChoiceField(label="種類", choices=[("meal", "熟食"), ("bread", "麵包")])
    note = forms.CharField(label="備註", widget=forms.Textarea, required=False)
    agree = forms.BooleanField(label="現場有人可以交接")
    lat = forms.FloatField(label="緯度")
    lon = forms.FloatField(label="經度")


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    return render(request, "web/public/styleguide.html", _samples(clock.now()))


def _samples(now: datetime) -> dict[str, Any]:
    place = {"lat": 25.0115, "lon": 121.4618}
    hours = timedelta(hours=1)
    return {
        "tickets": _tickets(now),
        "bars": [TimeBar(now - 2 * hours, now + n * hours, now, "收件至") for n in (9, 2, 0.4, -1)],
        "lines": _lines(now),
        "code": Code("483920", f"{settings.PUBLIC_URL}/h/sample"),
        "chips": [
            Chip("已認領", "good", "check"),
            Chip("需要你", "now", "bell"),
            Chip("快到期", "warning", "clock"),
            Chip("回收", "bad", "triangle-alert"),
        ],
        "pins": _pins(),
        "form": SampleForm(initial=place),
        "wrong_form": SampleForm({"title": "", "mass": "很多", **place}),
        "empty": Empty(
            "還沒有人分享食物", "附近一有食物，這裡就會出現。", "sprout", "看看地圖", "#"
        ),
        "confirm": Confirm(
            "gone", "撤下這份食物", "要撤下嗎？", "已經認領的不受影響。", "撤下", "#"
        ),
        "figures": [
            Figure("312 公斤", "今天送到餐桌", "約 740 份餐"),
            Figure("18", "位司機志工在路上"),
            Figure("94%", "準時送達"),
        ],
        "page": Paginator(range(30), 10).page(2),
    }


def _tickets(now: datetime) -> list[Ticket]:
    def bar(hours: float) -> TimeBar:
        return TimeBar(now - timedelta(hours=2), now + timedelta(hours=hours), now, "收件至")

    return [
        Ticket(
            12_500, "雞腿便當", "hot", "#", "46 份", "約 30 份餐", bar(0.6),
            "河邊 · 轉角自助餐", 850, (Chip("需要你", "now", "bell"),),
            ("含：大豆、麩質", "請自備保溫箱"),
        ),
        Ticket(
            38_000, "鮮乳與優格", "chilled", "#", "12 箱", "", bar(5), "山腳 · 早市", 2_340,
            (), ("有效日期 11 月 24 日",),
        ),
        Ticket(
            240_000, "冷凍水餃", "frozen", "#", "", "約 570 份餐", bar(40), "河邊", 14_200
        ),
        Ticket(800, "吐司", "ambient", "#", "2 條", "", bar(1.5), "港口 · 轉角麵包店", 430),
    ]  # fmt: skip


def _lines(now: datetime) -> list[Any]:
    def at(hours: float) -> datetime:
        return now - timedelta(hours=hours)

    offered, promised = (at(5), 12_500), (at(4.2), 12_000)
    return [
        donation_line(now=now, offered=offered, promised=promised),
        donation_line(
            now=now, offered=offered, promised=promised,
            picked_up=(at(1), 11_800), handed_over=(at(0.2), 11_800),
        ),
        donation_line(now=now, offered=offered, ended="已過期"),
    ]  # fmt: skip


def _pins() -> list[MapPin]:
    return [
        MapPin(121.4618, 25.0115, "雞腿便當", 12_500, "hot", "#", "河邊", "urgent"),
        MapPin(121.5654, 25.0330, "鮮乳與優格", 38_000, "chilled", "#", "山腳"),
        MapPin(121.5600, 25.0360, "麵包", 6_200, "ambient", "#", "山腳", "soon"),
        MapPin(121.7660, 24.6770, "冷凍水餃", 240_000, "frozen", "#", "河邊"),
    ]
