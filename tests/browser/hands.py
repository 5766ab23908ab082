"""Two ways of using a page: by keyboard alone, and by pointing."""

from typing import Protocol

from playwright.sync_api import Locator, Page

MOST_TABS = 150
IS_FOCUSED = "element => element === document.activeElement"
FOCUSED_GROUP = "document.activeElement.type === 'radio' ? document.activeElement.name : ''"


class Hands(Protocol):
    """What people do with the elements of a page."""

    def write(self, field: Locator, text: str) -> None: ...

    def pick(self, choice: Locator, word: str) -> None:
        """Picks an entry of a closed list by its first letters."""
        ...

    def choose(self, box: Locator) -> None:
        """Chooses a radio button or ticks a box, unless it is chosen."""
        ...

    def press(self, thing: Locator) -> None:
        """Follows a link, presses a button, opens what is folded."""
        ...


class Pointer:
    """A finger on a screen; works without scripts."""

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)

    def pick(self, choice: Locator, word: str) -> None:
        choice.select_option(label=word)

    def choose(self, box: Locator) -> None:
        box.check(force=True)

    def press(self, thing: Locator) -> None:
        thing.click()


class Keyboard:
    """Tab, arrows, space, enter and letters; what they do not reach cannot be used."""

    def __init__(self, page: Page) -> None:
        self._page, self._keys = page, page.keyboard

    def write(self, field: Locator, text: str) -> None:
        self._reach(field)
        self._keys.type(text)

    def pick(self, choice: Locator, word: str) -> None:
        self._reach(choice)
        self._keys.type(word)

    def choose(self, box: Locator) -> None:
        if box.is_checked():
            return
        if box.get_attribute("type") == "radio":
            self._reach_group(box.get_attribute("name") or "")
            self._step_to(box)
        else:
            self._reach(box)
        if not box.is_checked():
            self._keys.press("Space")

    def press(self, thing: Locator) -> None:
        self._reach(thing)
        self._keys.press("Enter")

    def _reach(self, element: Locator) -> None:
        element.wait_for(state="attached")
        for _ in range(MOST_TABS):
            if element.evaluate(IS_FOCUSED):
                return
            self._keys.press("Tab")
        raise AssertionError(f"the keyboard does not reach {element}")

    def _reach_group(self, name: str) -> None:
        for _ in range(MOST_TABS):
            if self._page.evaluate(FOCUSED_GROUP) == name:
                return
            self._keys.press("Tab")
        raise AssertionError(f"the keyboard does not reach {name}")

    def _step_to(self, box: Locator) -> None:
        for _ in range(MOST_TABS):
            if box.evaluate(IS_FOCUSED):
                return
            self._keys.press("ArrowDown")
        raise AssertionError(f"the arrows do not reach {box}")
