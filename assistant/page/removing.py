"""Articles removed from the page and brought back. The one rule: a removal can be undone, and a failure is told."""

from assistant.ask import Assistant
from assistant.page.adding import describe_trouble
from assistant.page.templates import render
from assistant.wording import count
from index.errors import AssistantError

MOST_TITLES = 2


def put_away(assistant: Assistant, articles: list[str]) -> str:
    """Remove articles; what can be undone as HTML."""
    try:
        titles = [
            found.title or "Untitled"
            for one in articles[:MOST_TITLES]
            if (found := assistant.library.find_article(one))
        ]
        token = assistant.remove(articles)
    except AssistantError as error:
        return describe_trouble(str(error))
    what = f"“{titles[0]}”" if len(articles) == 1 and titles else count(len(articles), "article")
    return render("removed.html", told=f"Removed {what}.", token=token) if token else ""


def bring_back(assistant: Assistant, token: str) -> str:
    """Undo a removal; what came of it as HTML."""
    try:
        back = assistant.undo(int(token))
    except AssistantError as error:
        return describe_trouble(str(error))
    return render("removed.html", told=f"{count(len(back), 'article')} brought back.", token=0)
