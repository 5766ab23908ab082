"""Watches a page for whatever it complains about: errors, refused content, broken addresses."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, Response

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
#: The rules of WCAG 2.2 up to level AA.
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ASK_AXE = """async (tags) => {
    const found = await axe.run(document, {runOnly: {type: "tag", values: tags}});
    return found.violations.map(each => ({
        rule: each.id, nodes: each.nodes.slice(0, 3).map(node => node.html.slice(0, 200)),
    }));
}"""
#: A refusal of the content security policy is an event of the document before it is a message.
TELL_REFUSALS = """document.addEventListener("securitypolicyviolation", event =>
    console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));"""
BROKEN = 400
WIDER_PX = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(slots=True)
class Complaints:
    """What pages said, each with the page's path."""

    said: list[str] = field(default_factory=list)
    is_deaf: bool = False

    def add(self, page: Page, text: str) -> None:
        if not self.is_deaf:
            self.said.append(f"{page.url}: {text}")


def watch(page: Page, complaints: Complaints) -> None:
    """From now on notes errors of scripts and messages, refused content and broken addresses."""

    def on_message(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.add(page, f"{message.text} {message.location['url']}")

    def on_response(response: Response) -> None:
        if response.status >= BROKEN:
            complaints.add(page, f"{response.status} {response.request.method} {response.url}")

    page.add_init_script(TELL_REFUSALS)
    page.on("console", on_message)
    page.on("pageerror", lambda error: complaints.add(page, str(error)))
    page.on("response", on_response)


def barriers(page: Page, complaints: Complaints) -> list[dict[str, Any]]:
    """What axe finds against WCAG 2.2 AA: rule and elements.

    It tries styles on elements, which the page's policy refuses: those refusals are not the page's.
    """
    complaints.is_deaf = True
    page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(ASK_AXE, WCAG)
    complaints.is_deaf = False
    return found


def wider_than_the_screen_px(page: Page) -> int:
    """By how much one would have to scroll sideways."""
    wider: int = page.evaluate(WIDER_PX)
    return wider
