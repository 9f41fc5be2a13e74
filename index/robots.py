"""What a site wants of programs that visit it: its robots.txt (RFC 9309), read once a day.

The one rule: a site that says no is not asked, and the user is told which site said so.
"""

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from index.errors import HttpError, SourceError
from index.fetch import USER_AGENT, Limits, fetch

if TYPE_CHECKING:
    from protego import Protego

NAME = USER_AGENT.partition("/")[0]
KEPT_SECONDS = 24 * 60 * 60.0  # RFC 9309, 2.4
READ_BYTES = 512_000  # RFC 9309, 2.5: at least 500 kibibytes are read
MOST_DELAY = 30.0
"""The longest `Crawl-delay` that is kept: a site that wants more is visited no faster than that."""
HTTP_SERVER_ERROR = 500
IGNORE_ROBOTS = "ARTICLE_ASSISTANT_IGNORE_ROBOTS=1"


@dataclass(frozen=True, slots=True)
class _Rules:
    """What one site said: its rules, or why they could not be had; until when that is believed."""

    rules: "Protego | None"
    trouble: str
    until: float


class Robots:
    """The rules of the sites that were visited."""

    def __init__(self, limits: Limits) -> None:
        """Ask for each site's rules when it is first visited, within `limits`."""
        self._limits = replace(limits, heed_robots=False)
        self._sites: dict[str, _Rules] = {}

    def check(self, url: str) -> float:
        """Return the seconds that the site wants between two visits, 0 where it does not say.

        Raises:
            SourceError: where the site does not want `url` to be visited, or its rules cannot be had: a site in trouble
                means "not now".
        """
        parts = urlsplit(url)
        site = urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))
        found = self._sites.get(site)
        if found is None or found.until < time.monotonic():
            found = self._sites[site] = self._read(site)
        if found.trouble:
            raise SourceError(f"{site}: {found.trouble}")
        if found.rules is None:
            return 0.0
        if not found.rules.can_fetch(url, NAME):
            raise SourceError(
                f"{site} does not allow {NAME} to visit it: save the page from the browser, "
                f"or set {IGNORE_ROBOTS} if the site has given you leave"
            )
        return min(found.rules.crawl_delay(NAME) or 0.0, MOST_DELAY)

    def _read(self, site: str) -> _Rules:
        """Read a site's rules. No such file means no rules; a server in trouble means "not now"."""
        from protego import Protego

        until = time.monotonic() + KEPT_SECONDS
        try:
            page = fetch(site, self._limits)
        except HttpError as error:
            if error.status < HTTP_SERVER_ERROR:
                return _Rules(None, "", until)
            return _Rules(None, str(error), 0.0)
        except SourceError as error:
            return _Rules(None, str(error), 0.0)
        return _Rules(Protego.parse(page.body[:READ_BYTES].decode("utf-8", "replace")), "", until)
