"""What a driver does on the pages at every stop."""

from playwright.sync_api import Page


def fill_in(driving: Page, code: str, *, temperature: str) -> None:
    """Arrives, says how cold it is, and types the code; the masses are as expected."""
    driving.get_by_role("button", name="I am there").click()
    for field in driving.get_by_label("Temperature").all():
        field.fill(temperature)
    driving.get_by_label("Their code").fill(code)
